# Code that comes and goes: a chip without PSRAM has no room for all of it (docs/memory.md).
#
# The linker makes one file, a unit, of what an import in a function brings
# (tools/espat_host/build/linker.py). One family of commands is there at a time. To drop it is to
# forget one module: that needs no memory, and so it works when there is none. Where nothing is
# linked, in the source and in an image, and where there is PSRAM, all that has come stays.

import gc
import sys

from espat.pure.errors import Failure

NAMES = ()  # (dotted name, name) of the units, put down by the linker

# What a family may take while it is loaded (host_tests/sim_only/test_units.py).
FAMILY = 9700  # the largest
_PACKAGE = __name__.split(".")[0]


class Units:
    """`memory`: the Memory that tells whether there is room."""

    def __init__(self, memory):
        self.memory = memory
        self._names = () if memory.is_plenty() else NAMES
        self.present = self.held = self._added = (
            None  # the family; one that works on, see unit_care
        )
        self._handlers = ()
        self.size = 0  # bytes that the family has taken
        self.staying = []  # dotted names of what is held
        # What works beside the families: (what brings it, dotted names of its code, who has it, as
        # long as one of them is needed()), see services/unit_care.py; the Links among them.
        self.beside = []
        self.guest = None

    def family(self, bring, room):
        """What `bring()` gives, the function that imports a family, which wants so many bytes of
        room; the one before it goes. Raises Failure."""
        if bring is not self.present:
            self.drop()
            self._handlers = bring() if bring is self.held else self._fitted(room, bring)
            self.present = bring
        return self._handlers

    def added(self, bring, room):
        """The same for a small unit that goes with the family it was added to."""
        if self._added is None:
            self._added, _ = self.memory.code(room, bring)
        return self._added

    def passing(self, bring, *args):
        """bring(*args), whose code the next family replaces. Raises Failure."""
        return self._fitted(FAMILY, bring, *args)

    def _fitted(self, room, bring, *args):
        try:
            return self._load(room, bring, *args)
        except (Failure, MemoryError):
            # What came of it has left holes of other sizes: once more, and without what is kept.
            self.drop()
            self.memory.release()
        try:
            return self._load(room, bring, *args)
        except (Failure, MemoryError):
            self.drop()
            raise

    def _load(self, room, bring, *args):
        made, self.size = self.memory.code(room, bring, *args)
        return made

    def loaded(self):
        """Dotted names of the units that are there and may go."""
        return [name for name, _ in self._names if name in sys.modules]

    def drop(self):
        """Forget the family. Needs no memory."""
        self.present = self._added = None
        self._handlers, self.size = (), 0
        if self.guest is not None and not self.guest.needed():
            self.guest = None
        for name, leaf in self._names:
            if name in sys.modules and name not in self.staying and not self._is_beside(name):
                # The collector is conservative: what the stack still holds of a module keeps it,
                # but not what it had. A dict keeps a deleted value until its place is taken
                # (py/map.c).
                sys.modules[name].__dict__.clear()
                sys.modules[name] = None
                del sys.modules[name]
                setattr(sys.modules[_PACKAGE], leaf, None)
        gc.collect()

    def _is_beside(self, name):
        """Whether this is the code of what is needed. What is not is forgotten."""
        for _, names, users in self.beside:
            if name in names:
                for user in users:
                    if user.needed():
                        return True
                names.clear()
                users.clear()
        return False
