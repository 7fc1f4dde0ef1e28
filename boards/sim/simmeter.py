# What lives on the simulated board's heap, in the bytes of a chip, and what follows for the two
# heaps of simheap.py.
#
# The interpreter has one heap and objects of 64 bits. A chip's bytes are BASE, what its image and
# drivers keep on MicroPython's heap, and OBJECTS of every byte that was not there when the firmware
# began; large buffers, which are no larger on 64 bits, are made larger for that (padded()).
#
# The interpreter's heap has room for all that the chip's could become: MicroPython's heap and what
# is free of the system's. Whoever takes of the system heap takes as much from it, by a block that
# does nothing else, so that MemoryError comes where the chip has it. That MicroPython's heap has
# grown shows at a look(), which collects garbage when the chip would have: who comes by calls it
# when micropython.mem_total(), what was ever allocated, has passed `limit`. That costs nothing.

import gc

import micropython
import simchip
from simboard import launcher, setting
from simheap import Heaps

# Calibration: docs/simulated_memory.md.
OBJECTS = 65  # percent
BASE = 5250
_OWN_ROOM = 48 * 1024  # for what the simulation makes later: a driver's buffers, the stations
_SELDOM = 4096  # bytes allocated between two looks at a heap that is full
_LITTLE = 1024  # bytes allocated: they count as they are, without a walk over the heap
NEVER = 1 << 60
_HOLE = 128
_DEEP = 100  # calls, some 40 KB of the stack
_Bytes = bytearray


class Filler:
    """A part of the interpreter's heap that nobody else can have; clear() gives it back at once,
    not at the next collection (py/objlist.c). In bytes of the interpreter."""

    def __init__(self, size):
        self._cells = [0] * (max(0, size) // 8)
        self.size = (len(self._cells) * 8 + 31) // 32 * 32

    def clear(self):
        self._cells.clear()
        self.size = 0


def interpreters(size):
    """So many bytes of the chip in those of the interpreter."""
    return size * 100 // OBJECTS


def padded(size):
    """A bytearray that takes of the interpreter's heap what one of the chip has of its heap:
    shortened in place it keeps its room (py/objarray.c)."""
    data = _Bytes(interpreters(size))
    data[size:] = b""
    return data


def _filled_holes(size):
    """Whatever is free, down to what is of no use, as a list to hold on to: the firmware begins
    with one stretch of memory, as on a chip, and not with the holes between the modules here."""
    filled = []
    gc.disable()  # or each piece that is too large would be tried again after a collection
    while size >= _HOLE:
        try:
            filled.append([0] * (size // 8))
        except MemoryError:
            size //= 2
    gc.enable()
    return filled


def _overwrite_stack(depth):
    """To the collector all is a pointer that lies on the stack (py/gc.c). What the loading of the
    image has left there would keep alive what the firmware puts where that was."""
    if depth:
        _overwrite_stack(depth - 1)


class Meter:
    """One for the board. Before begin() nothing is measured and nothing is limited."""

    def __init__(self):
        self.heaps = Heaps(simchip)
        self.limit = NEVER
        # What the firmware lets be allocated between two collections: NEVER, if it wants none until
        # its heap is full; None as long as it has not said so.
        self.step = None
        self.measures = False
        self._own = 0
        self._room = self._surplus = None
        # micropython.mem_total() when it was enough to have reached the end of both heaps, or that
        # of MicroPython's; at the last collection here, and how much brings the interpreter's own.
        self._end = self._full = NEVER
        self._collected = self._threshold = 0
        # micropython.mem_total() at the last walk over the heap, and what that found.
        self._walked, self._found = -NEVER, 0

    def begin(self):
        """All of the image is loaded: what comes from here on is the firmware's. Without the word
        of the launcher there is one large heap: a board with PSRAM, or a number of --heap."""
        if setting("MEMORY") != "chip":
            return
        _overwrite_stack(_DEEP)
        gc.collect()
        self._room = Filler(_OWN_ROOM)
        room = Filler(interpreters(self.heaps.total - BASE + self.heaps.free))
        self._surplus = _filled_holes(gc.mem_free())
        room.clear()
        _overwrite_stack(_DEEP)
        gc.collect()
        self._own = gc.mem_alloc()
        self.measures = True
        launcher.before_restart = self.restarting
        self._collected_now()

    def used(self):
        """Bytes on MicroPython's heap, garbage included."""
        if not self.measures:
            return gc.mem_alloc()
        more = micropython.mem_total() - self._walked
        if more > _LITTLE:
            self._walked, self._found, more = micropython.mem_total(), gc.mem_alloc(), 0
        return BASE + (self._found + more - self._own) * OBJECTS // 100

    def look(self):
        """Collect if the chip would have done it by now; returns used()."""
        if not self.measures:
            return self.used()
        used = self.used()
        if micropython.mem_total() > self._end:
            # In one go all there was has been allocated: who did it may have dropped it meanwhile.
            self._settle(used)
        if used > self.heaps.total:
            return self.collect()
        self._watch(used)
        return used

    def collect(self):
        """Collect garbage; returns the live bytes."""
        gc.collect()
        return self._collected_now()

    def reserve(self, size):
        """So many bytes are about to be allocated as one: MemoryError if the chip could not."""
        heaps = self.heaps
        if not self.measures or micropython.mem_total() + interpreters(size) <= self._full:
            return
        if self.look() + size <= heaps.total:
            return
        while self.collect() + size > heaps.total:  # which the collection may have made grow
            grown = heaps.grown
            if not heaps.grow(size):
                raise MemoryError("memory allocation failed, allocating %u bytes" % size)
            # A firmware that makes its heap grow first of all, by a buffer, means it to stay.
            heaps.areas[-1].kept = heaps.grown == 1
            self._tell(grown)

    def excuse(self, size):
        """So many bytes of the interpreter live here which a chip does not have."""
        self._own += size

    def ours(self, function, *args):
        """function(*args), which makes what a chip has outside MicroPython's heap."""
        if not self.measures:
            return function(*args)
        gc.collect()
        before = gc.mem_alloc()
        result = function(*args)
        gc.collect()
        taken = gc.mem_alloc() - before
        self._own += taken - self._room.size
        left = self._room.size - taken
        self._room.clear()
        self._room = Filler(left)
        self._own += self._room.size
        self._collected_now()
        return result

    def block(self, size):
        """A Filler for what somebody has of the system heap."""
        if not self.measures:
            return None
        before = micropython.mem_total()
        try:
            block = Filler(interpreters(size))
        except MemoryError:  # in no hole of that size: it is not limited that closely then
            return None
        self._foreign(block.size, before)
        return block

    def unblock(self, block):
        if block is not None:
            before, size = micropython.mem_total(), block.size
            block.clear()
            self._foreign(-size, before)

    def restarting(self):
        """The chip starts again, which needs no memory there."""
        self._surplus.clear()

    def _foreign(self, size, before):
        """What came since mem_total() was `before` is no allocation of the firmware's."""
        passed = micropython.mem_total() - before
        self._own += size
        self._found += size
        self._walked += passed
        self._collected += passed
        self.limit += passed
        self._full += passed
        self._end += passed

    def _collected_now(self):
        self._walked, self._collected = -NEVER, micropython.mem_total()
        live = self.used()
        if self.measures:
            self._settle(live)
            self._watch(live)
        return live

    def _settle(self, live):
        grown = self.heaps.grown
        self.heaps.collected(live)
        self._tell(grown)

    def _tell(self, before):
        heaps = self.heaps
        if heaps.grown != before:
            launcher.tell(
                b"note the Python heap has grown to %d bytes, %d of the system heap are left"
                % (heaps.total, heaps.free)
            )

    def _watch(self, used):
        """Say when to look again, and when so much has been allocated that the end was reached."""
        total = micropython.mem_total()
        room = interpreters(max(0, self.heaps.total - used))
        self.limit = total + max(_SELDOM, room // 2)
        self._full = total + room
        self._end = self._full + interpreters(self.heaps.free)
        # The chip collects when its heap is full: what is garbage then is no reason to grow. But if
        # the firmware wants none before, a body streams. That makes no garbage, and the frames of
        # its calls would count as if it did (py/objfun.c).
        if self.step == NEVER:
            gc.threshold(-1)
            return
        since = total - self._collected  # what the interpreter counts, unless it has collected
        if since < self._threshold:
            room += since
        self._threshold = max(_SELDOM, min(room, self.step or room))
        gc.threshold(self._threshold)


meter = Meter()
