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
FAMILY = 9600  # the largest
LINKS = 6800  # the links' code and buffer
SNTP = 3700
_OF_LINKS = "start server passthrough"  # the families that want them
_PACKAGE = __name__.split(".")[0]


class Units:
    """`memory`: the Memory that tells whether there is room."""

    def __init__(self, memory):
        self.memory = memory
        self._stay = memory.is_plenty() or not LINKED
        self.present = self.held = None  # the family; one that works on, see unit_care
        self.size = 0  # bytes that the family has taken
        self.loaded = []  # (dotted name, name) of the units that came last
        self.staying = ()  # those of them that are held
        # What works beside the families: (name of a unit, who has it, as long as one of them is
        # needed()), see unit_care.keep(); the Links among them.
        self.working = []
        self.guest = None

    def bring(self, name, room=FAMILY):
        """The module of a unit, which has a family of commands and wants so many bytes of room; the
        one before it goes. Raises Failure."""
        if name != self.present:
            self.drop()
            if name in _OF_LINKS:
                self.beside("links", LINKS)  # in front of what goes before it does
            if name != self.held:
                self._fit(name, room)
            self.present = name
        return self._load(name)

    def beside(self, name, size):
        """The same for a small unit, of `size` bytes, that goes with the family it came beside; or
        see unit_care.keep()."""
        here = sys.modules.get(_PACKAGE + "." + name)
        return here or self.memory.code(size, self._load, name)[0]

    def _fit(self, name, room):
        try:
            self._measure(name, room)
            return
        except (Failure, MemoryError):
            # What came of it has left holes of other sizes: once more, and without what is kept.
            self.drop()
            self.memory.release()
        try:
            self._measure(name, room)
        except (Failure, MemoryError):
            self.drop()
            raise

    def _measure(self, name, room):
        _, self.size = self.memory.code(room, self._load, name)

    def _load(self, name):
        unit = (_PACKAGE + "." + name, name)
        if unit not in self.loaded:
            self.loaded = [one for one in self.loaded if one[0] in sys.modules] + [unit]
        __import__(unit[0])
        return sys.modules[unit[0]]

    def drop(self):
        """Forget the family. Needs no memory."""
        self.present, self.size = None, 0
        if self.guest is not None and not self.guest.needed():
            self.guest = None
        for unit in () if self._stay else self.loaded:
            name, leaf = unit
            if name in sys.modules and unit not in self.staying and not self._is_working(leaf):
                # The collector is conservative: what the stack still holds of a module keeps it,
                # but not what it had. A dict keeps a deleted value until its place is taken
                # (py/map.c).
                sys.modules[name].__dict__.clear()
                sys.modules[name] = None
                del sys.modules[name]
                setattr(sys.modules[_PACKAGE], leaf, None)
        gc.collect()  # ESP-IDF's heap has less, too, as long as its garbage is not collected

    def _is_working(self, leaf):
        """Whether a unit works beside the families. Who needs it no more is forgotten."""
        for name, users in self.working:
            if name == leaf:
                for user in users:
                    if user.needed():
                        return True
                users.clear()
        return False
