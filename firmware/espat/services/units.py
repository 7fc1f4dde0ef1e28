# Code that comes and goes: a chip without PSRAM has no room for all of it (docs/memory.md).
#
# The linker makes one file, a unit, of what an import in a function brings
# (tools/espat_host/linker.py). One family of commands is there at a time; what an object stands on
# that outlives the command stays. To drop a unit is to forget one module: that needs no memory, and
# so it works when there is none. Where nothing is linked, in the source and in an image, and where
# there is PSRAM, all that has come stays.

import gc
import sys

from espat.pure.errors import Failure

NAMES = ()  # (dotted name, name) of the units, put down by the linker

_FAMILY = 12000  # what a family may take while it is loaded (host_tests/test_units.py)
_PACKAGE = __name__.split(".")[0]


class Units:
    """`memory`: the Memory that tells whether there is room."""

    def __init__(self, memory):
        self._memory = memory
        self._names = () if memory.is_plenty() else NAMES
        self._family = None
        self._handlers = ()
        self._services = {}  # the names of the units that are in use beside the family

    def family(self, bring):
        """What `bring()` gives, the function that imports a family; the one before it goes.
        Raises Failure."""
        if bring is not self._family:
            self.drop()
            held = bring in self._services
            self._handlers = bring() if held else self._within(_FAMILY, bring)
            self._family = bring
        return self._handlers

    def staying(self, service, *args):
        """What a service of on_demand gives for `args`; its code stays. Raises Failure."""
        bring, size = service
        if service in self._services:
            return bring(*args)
        before = self._loaded()
        made = self._within(size, bring, *args)
        self._services[service] = [name for name in self._loaded() if name not in before]
        return made

    def hold(self):
        """The family goes on working beside other commands. Returns what ended() wants then."""
        self._services[self._family] = self._loaded()
        return self._family

    def ended(self, service):
        """Nothing of a service, or of a family that was held, is in use any more."""
        self._services.pop(service, None)

    def passing(self, bring, *args):
        """bring(*args), of which nothing is needed afterwards but what it gives."""
        before = self._loaded()
        try:
            return self._within(_FAMILY, bring, *args)
        finally:
            self._forget(before)

    def drop(self):
        """Forget the family. Needs no memory."""
        self._family, self._handlers = None, ()
        self._forget(None)

    def _within(self, size, bring, *args):
        # The collector is conservative: what the last family has left on the stack may keep it. So
        # once more without it, and at last without what is only kept.
        for ease in _nothing, self._memory.release:
            try:
                return self._memory.code(size, bring, *args)
            except (Failure, MemoryError):
                ease()
                self.drop()
        try:
            return self._memory.code(size, bring, *args)
        except (Failure, MemoryError):
            self.drop()
            raise

    def _loaded(self):
        return [name for name, _ in self._names if name in sys.modules]

    def _stays(self, name):
        for service in self._services:  # noqa: SIM110 - any() would want memory
            if name in self._services[service]:
                return True
        return False

    def _forget(self, kept):
        """Every unit but those of the names in `kept`, or of the services."""
        for name, leaf in self._names:
            if name in sys.modules and not (self._stays(name) if kept is None else name in kept):
                # A dict keeps the value of what is deleted until its place is taken (py/map.c).
                sys.modules[name] = None
                del sys.modules[name]
                setattr(sys.modules[_PACKAGE], leaf, None)
        gc.collect()


def _nothing():
    pass
