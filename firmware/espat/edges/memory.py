# The chip's two heaps, which share one memory: MicroPython's, where all of Python lies, and
# ESP-IDF's, from which Wi-Fi, sockets, TLS, the UART's driver and threads take (docs/memory.md).
#
# MicroPython's grows when it is full, by as much as it has already, or by all that is left
# (py/gc.c, gc_try_add_heap), and what it has taken the network lacks. So it grows once, here,
# before anything else is loaded; what would make it grow again is given back and refused.

import _thread
import gc
import time

import esp32

from espat.edges import uart
from espat.pure.errors import Failure
from espat.pure.reasons import NO_MEMORY

_PLENTY = 1024 * 1024  # no chip has so much without PSRAM
_STEP = 16 * 1024  # garbage is collected early, so that live objects stay together
# Of MicroPython's heap: what a large buffer cannot fill; what a request wants beside its upload
# buffer.
_GAPS, _REQUEST = 1024, 20 * 1024
# What a request makes: a certificate, TLS's context and its stream, and the many small objects of
# both heads. In bytes; what is in one piece there wants one hole.
_PROOF, _TLS, _HEADS = (1024,), (1536, 576), (640,) + 16 * (128,)
# What must be left of ESP-IDF's heap for Wi-Fi, the port, a TLS session and some air: the two
# buffers of a driver, and a thread's stack, take it for the moment in which MicroPython's heap
# grows. The stack is free again just before, so that the least free memory that ESP-IDF has ever
# seen (AT+SYSRAM=4) is not that of this moment; it is larger than the gaps beside the great block.
_REST = (4 * 1024, 56 * 1024)
_AIR = 17 * 1024
_ENDING_MS = 50  # FreeRTOS gives a stack back when it is idle
# (bytes, of them in one piece) that must be there before something begins, measured on the chip.
TLS = (34 * 1024, 17 * 1024)
# Of it, what is taken behind wrap_socket(): without it the first handshake restarts a chip.
HANDSHAKE = (9500, 4 * 1024)
TCP = (4 * 1024, 2 * 1024)
ACCESS_POINT = (8 * 1024, 4 * 1024)
_THREAD = 9 * 1024  # beside its stack: a request may run, or begin


class Memory:
    """MicroPython's heap. `fewest`: the fewest free bytes that were ever seen. `release`: gives
    back what is only kept in case it is wanted again."""

    fewest = 1 << 28

    def __init__(self):
        self.release = _nothing
        gc.collect()
        self._plenty = gc.mem_free() > _PLENTY
        self.fewest = self._free_now()

    def free(self):
        """Collect garbage and return the free bytes."""
        gc.collect()
        free = self._free_now()
        self.fewest = min(self.fewest, free)
        return free

    def is_plenty(self):
        """Whether all of the firmware's code may stay loaded."""
        return self._plenty

    def grow(self, board, size):
        """Let the heap grow to its last size. Returns a buffer of `size` bytes that lies in what
        is new and has to stay: what is empty would be given back."""
        if self._plenty:
            return bytearray(size)
        ending = _thread.allocate_lock()
        ending.acquire()
        _thread.stack_size(_AIR)
        _thread.start_new_thread(ending.acquire, ())
        rest = uart.made_for(board, *_REST)
        ending.release()
        time.sleep_ms(_ENDING_MS)
        try:
            return _first_beyond(size)
        except MemoryError:
            return bytearray(size)  # this chip has no more
        finally:
            rest.deinit()
            self.fewest = self.free()
            self.collect_early(True)

    def buffer(self, size):
        """A bytearray. Raises Failure."""
        return self._made(size, bytearray, size)

    def chain(self, wanted, least, piece, kind):
        """`wanted` bytes as a list of `kind`, of at most `piece` bytes each; where a request would
        have no room beside them fewer, but `least`. Raises Failure."""
        size = self.room(wanted)
        if size < wanted:
            size = max(size - size % piece, min(wanted, least))
        sizes = [piece] * (size // piece)
        if size % piece:
            sizes.append(size % piece)
        return self._made(size, _pieces, kind, sizes)

    def _made(self, size, make, *args):
        self.spare(size + _GAPS)
        try:
            return self.within(make, *args)
        except Failure:
            self.release()
        return self.within(make, *args)

    def within(self, make, *args):
        """make(*args), for which the heap does not grow. Raises Failure."""
        before = _total()
        made = make(*args)
        if self._plenty or _total() <= before:
            return made
        made = None
        gc.collect()
        raise Failure(NO_MEMORY, "it would be the network's")

    def code(self, size, bring, *args):
        """The same for a function that imports a unit, which may take `size` bytes meanwhile; also
        how many it has taken."""
        self.spare(size)
        before = self._free_now()  # which has just collected
        made = self.within(bring, *args)
        return made, before - self.free()

    def spare(self, size):
        """Raise Failure unless so many bytes are free."""
        self._need(size, self._has)

    def conversation(self, anew, tls, proof):
        """The same for what a request takes; its large buffers are on their own. `anew`: with a
        new connection, whose objects want large holes; `proof`: with certificates. Where there is
        three times as much nothing is collected: that takes 10 ms and more."""
        self._pieces = (_PROOF if tls and proof else ()) + (_TLS if tls else ()) + _HEADS
        size = sum(self._pieces)
        if self._free_now() < 3 * size:
            self._need(size, self._fits if anew else self._has)

    def _free_now(self):
        return gc.mem_free() - (0 if self._plenty else _growth())

    def _need(self, size, there):
        if there(size):
            return
        self.release()
        if not there(size):
            raise Failure(NO_MEMORY, "%d bytes are free, %d wanted" % (self.free(), size))

    def _has(self, size):
        return self.free() >= size

    def _fits(self, size):
        """Whether `size` bytes can be had in pieces: tried, because holes that are too small count
        as free, too. For what is made here and there, where nobody would see the heap grow."""
        if not self._has(size):
            return False
        try:
            # Who still sees the list on the stack, the collector, sees no pieces.
            self.within(_pieces, bytearray, self._pieces).clear()
            return True
        except Failure:
            return False

    def room(self, wanted):
        """How many of the `wanted` bytes a buffer may have that stays while a request runs."""
        return wanted if self._plenty else min(wanted, self.free() - _REQUEST)

    def collect_early(self, on):
        """Off while a body streams: a call of a function with many locals takes its frame from the
        heap and gives it back (py/objfun.c), and the threshold counts what was taken."""
        gc.threshold(_STEP if on else -1)


def reserve(size, block):
    """Raise Failure unless ESP-IDF's heap has `size` bytes, `block` of them in one piece."""
    largest, free, _, _ = system_heap(esp32.HEAP_DATA)
    if free < size or largest < block:
        raise Failure(NO_MEMORY, "%d bytes of %d are left, %d in one piece" % (free, size, largest))


def reserve_thread(stack):
    """The same for a thread."""
    reserve(stack + _THREAD, stack)


def system_heap(capabilities):
    """(largest free block, free, fewest free ever, total) of ESP-IDF's heap, in bytes, over all
    regions with these capabilities."""
    largest = free = fewest = total = 0
    for region in esp32.idf_heap_info(capabilities):
        total += region[0]
        free += region[1]
        largest = max(largest, region[2])
        fewest += region[3]
    return largest, free, fewest, total


def _first_beyond(size):
    """The first of many buffers for which the heap has grown."""
    before, filling = _total(), []
    while True:
        filling.append(bytearray(size))
        if _total() > before:
            return filling[-1]


def _pieces(kind, sizes):
    """A list of kind(size). It does not grow: what has grown with it would not be given back while
    it lives."""
    made = [None] * len(sizes)
    for at in range(len(sizes)):
        made[at] = kind(sizes[at])
    return made


def _nothing():
    pass


def _growth():
    """What gc.mem_free() counts although MicroPython has not taken it yet (py/modgc.c)."""
    return system_heap(esp32.HEAP_DATA)[0]


def _total():
    return gc.mem_free() + gc.mem_alloc() - _growth()
