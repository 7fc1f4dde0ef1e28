# Code that comes and goes: a chip without PSRAM has no room for all of it (docs/memory.md).
#
# A module at the top of the package that nobody imports is a unit, a file on the board
# (tools/espat_host/build/linker.py). One family of commands is there at a time. To drop it is to
# forget one module: that needs no memory, and so it works when there is none. Where nothing is
# linked, in the source and in an image, and where there is PSRAM, all that has come stays.

import gc
import sys

from espat.pure.errors import Failure

LINKED = False  # the linker makes it True

# What a family may take while it is loaded (host_tests/sim_only/test_units.py).
_FAMILY = 9700
_BESIDE = 2200  # what other commands, and requests, leave until their garbage is collected
_PACKAGE = __name__.split(".")[0]


class Units:
    """`memory`: the Memory that tells whether there is room."""

    def __init__(self, memory):
        self._memory = memory
        self._stay = memory.is_plenty() or not LINKED
        self._family = self._held = None
        self._size = 0  # bytes that the family has taken
        self._loaded = []  # (dotted name, name) of the units that came last
        self._staying = ()  # those of them that are held

    def family(self, name):
        """The module of a unit, which has a family of commands; the one before it goes. Raises
        Failure."""
        if name != self._family:
            self.drop()
            if name != self._held:
                self._fit(name)
            self._family = name
        return self._load(name)

    def beside(self, name, size):
        """The same for a small unit, of `size` bytes, that goes with the family it came beside."""
        here = sys.modules.get(_PACKAGE + "." + name)
        return here or self._memory.code(size, self._load, name)[0]

    def spare(self):
        """Raise Failure unless the next family has room, with this one gone, beside what a command
        is about to leave."""
        self._memory.spare(_FAMILY + _BESIDE - self._size)

    def _fit(self, name):
        try:
            self._measure(name)
            return
        except (Failure, MemoryError):
            # What came of it has left holes of other sizes: once more, and without what is kept.
            self.drop()
            self._memory.release()
        try:
            self._measure(name)
        except (Failure, MemoryError):
            self.drop()
            raise

    def _measure(self, name):
        _, self._size = self._memory.code(_FAMILY, self._load, name)

    def _load(self, name):
        unit = (_PACKAGE + "." + name, name)
        if unit not in self._loaded:
            self._loaded = [one for one in self._loaded if one[0] in sys.modules] + [unit]
        __import__(unit[0])
        return sys.modules[unit[0]]

    def hold(self):
        """The family goes on working beside other commands, until let_go()."""
        self._held, self._staying = self._family, tuple(self._loaded)

    def let_go(self):
        self._held, self._staying = None, ()

    def drop(self):
        """Forget the family. Needs no memory."""
        self._family, self._size = None, 0
        for unit in () if self._stay else self._loaded:
            name, leaf = unit
            if name in sys.modules and unit not in self._staying:
                # The collector is conservative: what the stack still holds of a module keeps it,
                # but not what it had. A dict keeps a deleted value until its place is taken
                # (py/map.c).
                sys.modules[name].__dict__.clear()
                sys.modules[name] = None
                del sys.modules[name]
                setattr(sys.modules[_PACKAGE], leaf, None)
        gc.collect()
