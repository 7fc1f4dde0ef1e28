# The way out of the UART: what may be written now without waiting for the driver.
#
# On the chip uart.write() copies into the driver's buffer and blocks the whole VM for what does
# not fit, and polling for POLLOUT says "ready" always (ports/esp32/machine_uart.c). So a write
# never exceeds what must fit beside all that was written since the driver was last seen empty.

import time

from espat.pure.errors import Failure
from espat.pure.reasons import ABORTED

# The driver's ring takes items whole and never wraps one (esp-idf uart.c, RINGBUF_TYPE_NOSPLIT):
# what does not fit at its end begins at its front, and less than an item is lost between. Each
# write adds headers.
_OVERHEAD = 32
_PIECE = 2048  # of a message that does not fit at once
_STALLED_MS = 60000
_PATIENT_MS, _NAP_US = 2, 20  # how long a full driver is looked at, and how often at most
_SOON_MS, _LATE_MS = 3, 4


class Transmitter:
    """Writes to `uart`, whose driver has a ring of `size` bytes; while somebody has the `lock`, for
    the holder only. Nothing here allocates."""

    def __init__(self, uart, size, lock):
        self._uart = uart
        self._size = size
        self._ring_ms = 0  # how long a full ring takes
        # Of the ring, since the driver was last seen empty: what is left, the largest item.
        self._left, self._largest = size, 0
        self._empty_at = time.ticks_ms()
        self._refused_at = None  # ticks of the first of the refusals in a row
        self._most = size // 2 - _OVERHEAD
        self._locked = lock.locked
        self.piece = min(_PIECE, self._most)

    def pace(self, baud, frame):
        """The line's speed, and how many bits one byte takes."""
        self._ring_ms = self._size * frame * 1000 // baud

    def put(self, buf, start, count, holder=False):
        """Write buf[start:start+count] now and whole, or return False and write nothing."""
        if not holder and self._locked() or not self._take(count + _OVERHEAD):
            return False
        # Offset and length are the stream protocol's (py/stream.c).
        self._uart.write(buf, start, count)
        return True

    def pause(self, count):
        """After a refusal: how many ms to wait before the next try; None if so much can never be
        written at once. Raises Failure if the host has taken nothing for a minute."""
        if count > self._most:
            return None
        now = time.ticks_ms()
        if self._refused_at is None:
            self._refused_at = now
        waited = time.ticks_diff(now, self._refused_at)
        if waited >= _STALLED_MS:
            raise Failure(ABORTED, "the host holds CTS")
        if waited >= _PATIENT_MS:
            return 1
        time.sleep_us(_NAP_US)
        return 0

    def _take(self, size):
        """Whether the ring has `size` bytes for one item, which are used then."""
        left = self._left
        full = size > left - self._largest or 2 * size > left
        if full and not self._emptied(size) and not self._soon(size):
            return False
        self._left -= size
        if size > self._largest:
            self._largest = size
        self._refused_at = None
        return True

    def _emptied(self, size):
        """Whether the driver has run empty and `size` bytes fit now."""
        if self._left == self._size or not self._uart.txdone():
            return False
        self._left, self._largest = self._size, 0
        self._empty_at = time.ticks_ms()
        return 2 * size <= self._size

    def _soon(self, size):
        """The same where the driver is about to run empty, which is then waited for, because a
        turn of the loop may take a millisecond, and at 3,000,000 baud those are 300 bytes."""
        now = time.ticks_ms()
        used = self._size - self._left
        left = used * self._ring_ms // self._size - time.ticks_diff(now, self._empty_at)
        if not -_LATE_MS < left <= _SOON_MS or size > self._most + _OVERHEAD:
            return False
        while time.ticks_diff(time.ticks_ms(), now) <= left + _LATE_MS:
            if self._emptied(size):
                return True
        return False
