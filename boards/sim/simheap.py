# The two heaps of a chip, as arithmetic: MicroPython's, which grows by areas that it takes from
# the system's, and the system's. Nothing here measures or raises what a driver raises; simmeter.py
# knows how many bytes live, the drivers what a refusal looks like.
#
# Not modelled: which hole of MicroPython's heap an object falls into. One byte of an object keeps
# an added area on the chip, and large objects want a hole that is large.


class NoRoom(Exception):
    """The system heap has not got that."""


class Share:
    """What somebody has of the system heap: `size` bytes, of which `pieces` lie where only small
    blocks are free; while it stands, `holes` bytes more are of no use to large ones."""

    def __init__(self, size, pieces, holes):
        self.size = size
        self.pieces = pieces
        self.holes = holes


class Area:
    """One area of MicroPython's heap that was added, tables included. `low`: the fewest bytes that
    have lived on the heap between the coming of the area before and of this one. `kept`: the buffer
    for which it came lives on in it."""

    def __init__(self, size, low):
        self.size = size
        self.low = low
        self.kept = False


def usable(size):
    """What an area has for objects: the rest is for the collector's tables."""
    return size * 125 // 128


class Heaps:
    """`chip`: an object or module with the names of simchip.py."""

    def __init__(self, chip):
        self.areas = []
        self.raw = chip.GC_FIRST
        self.free = self.least = chip.SYSTEM
        self.largest_least = chip.SYSTEM
        self.live = 0  # bytes that lived on MicroPython's heap after the last collection
        self.most = 0  # the most of these
        self.grown = 0  # how often
        self._low = None
        self._pieces = chip.PIECES
        self._holes = 0
        self._small = chip.SMALL_BLOCK
        self._great = []  # the Shares that lie in the large region, in the order of their coming

    @property
    def total(self):
        """Bytes for objects on MicroPython's heap: gc.mem_free() + gc.mem_alloc()."""
        return usable(self.raw)

    @property
    def largest(self):
        """The largest free block of the system heap, as heap_caps_get_largest_free_block() has it:
        sixteen sizes for each doubling (ESP-IDF's TLSF)."""
        size = max(0, self.free - self._pieces - self._holes)
        step = 16
        while size >= step << 5:
            step <<= 1
        return size - size % step

    def take(self, size, whole=0, holes=0):
        """A Share of the system heap; `whole`: one block of it must have that size. Raises
        NoRoom."""
        if size > self.free or whole > self.largest:
            raise NoRoom
        small = whole <= min(self._small, self._pieces)
        pieces = min(self._pieces, size if small else size - whole)
        self._pieces -= pieces
        self._holes += holes
        self._spend(size)
        share = Share(size, pieces, holes)
        if not small:
            self._great.append(share)
        return share

    def give(self, share):
        """Give a Share back. What was taken before a great one that stands leaves a hole beside it,
        until that one goes, too."""
        self.free += share.size
        self._pieces += share.pieces
        self._holes -= share.holes
        if share in self._great:
            later = self._great[self._great.index(share) + 1 :]
            self._great.remove(share)
            if later:
                later[-1].holes += share.size
                self._holes += share.size

    def grow(self, failed):
        """Add an area, because a collection has left no room for `failed` bytes: py/gc.c,
        gc_try_add_heap(). False: refused, which is a MemoryError."""
        needed = failed + max(2048, failed * 13 // 512)
        available = self.largest
        if available < needed:
            return False
        size = min(available, max(self.raw, needed))
        if self._low is None and self.areas:
            self._low = self.areas[-1].low
        self.areas.append(Area(size, self._low or 0))
        self.raw += size
        self.grown += 1
        self._low = None
        self._spend(size)
        return True

    def collected(self, live):
        """A collection has left so many bytes alive. Areas come as they are needed and go when they
        must be empty: when no more lives than at the quietest moment before they came."""
        while live > self.total and self.grow(0):
            pass
        while self.areas and live <= self.areas[-1].low and not self.areas[-1].kept:
            self._shrink()
        self.live = live
        self.most = max(self.most, live)
        self._low = live if self._low is None else min(self._low, live)

    def forget(self):
        """Begin anew with what was least and most."""
        self.least, self.largest_least, self.most = self.free, self.largest, self.live

    def _shrink(self):
        area = self.areas.pop()
        self.raw -= area.size
        self.free += area.size
        self._low = area.low

    def _spend(self, size):
        self.free -= size
        self.least = min(self.least, self.free)
        self.largest_least = min(self.largest_least, self.largest)
