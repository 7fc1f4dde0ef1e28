# The way out of the UART: what may be written now without waiting for the driver.
#
# On the chip uart.write() copies into the driver's buffer and blocks the whole VM for what does
# not fit, and polling for POLLOUT says "ready" always (ports/esp32/machine_uart.c). So a write
# never exceeds what must fit beside all that was written since the driver was last seen empty -
# or, where no host can hold the line, waits in the driver for what is soon out.

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
_MAY_WAIT_US = 20000
_PART = 5  # bits behind the point of a byte's time in us


class Transmitter:
    """Writes to `uart`, whose driver has a ring of `size` bytes; while somebody has the `lock`, for
    the holder only. Nothing here allocates."""

    def __init__(self, uart, size, lock):
        self._uart = uart
        self._size = size
        self._byte_time = 0  # on the line, in us << _PART
        self._may_wait = -1  # us that a write may wait for
        # Of the ring, since the driver was last seen empty, or as good as: what is left, the
        # largest item.
        self._left, self._largest = size, 0
        self._empty_at = None  # when that was, as far as anybody has asked
        self._refused_at = None  # ticks of the first of the refusals in a row
        self._most = size // 2 - _OVERHEAD
        self._locked = lock.locked
        self.piece = min(_PIECE, self._most)

    def pace(self, baud, frame, held):
        """The line's speed, how many bits one byte takes, and whether CTS may stop it."""
        # Rounded up: what is ahead is never less than it seems.
        self._byte_time = (frame * 1000000 << _PART) // baud + 1
        self._may_wait = -1 if held else _MAY_WAIT_US

    def put(self, buf, start, count, holder=False):
        """Write buf[start:start+count] now and whole, or return False and write nothing."""
        if (not holder and self._locked()) or not self._take(count + _OVERHEAD):
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
        """Whether `size` bytes of the ring, for one item, may be written now; it has them then."""
        left = self._left
        full = size > left - self._largest or 2 * size > left
        if full and not self._is_empty(size) and not self._is_soon(size):
            return False
        self._left -= size
        if size > self._largest:
            self._largest = size
        self._refused_at = None
        return True

    def _is_empty(self, size):
        """Whether the driver has run empty and `size` bytes fit now."""
        if self._left == self._size or not self._uart.txdone():
            return False
        self._left, self._largest, self._empty_at = self._size, 0, None
        return 2 * size <= self._size

    def _is_soon(self, size):
        """Whether what is still to be sent is out in a moment: a write may wait for that."""
        now = time.ticks_us()
        if self._empty_at is None:
            self._empty_at = now
        ahead = (self._size - self._left) * self._byte_time >> _PART
        ahead = max(0, ahead - time.ticks_diff(now, self._empty_at))
        if ahead > self._may_wait or 2 * size > self._size:
            return False
        self._left = self._size - (ahead << _PART) // self._byte_time
        self._empty_at = now
        return True
