# What a serial line of the simulated board is made of: the driver's transmit buffer, and the
# clocks that say how many bytes the line has had time for. Nothing here allocates after its start.

import micropython
import utime as time  # the world counts on when the board's ticks wrap

_CHUNK = 1024
_FREE = 65536


class TransmitBuffer:
    """The driver's ring and the FIFO behind it. What is on its way to the pty is in `out`."""

    def __init__(self, size):
        self._size = size
        self._ring = micropython.RingIO(size)
        self._out = bytearray(_CHUNK)
        self._start = self._end = 0

    def count(self):
        return self._ring.any() + self._end - self._start

    def put(self, buf, off, n):
        """Take at most n bytes of buf from off on; returns how many fitted."""
        n = min(n, self._size - self.count())
        return self._ring.write(buf, off, n)

    def send(self, write, n):
        """Give at most n bytes to write(buf, off, n); returns how many it took."""
        if self._start == self._end:
            self._start = 0
            self._end = self._ring.readinto(self._out, min(n, _CHUNK))
        n = min(n, self._end - self._start)
        taken = write(self._out, self._start, n) or 0
        self._start += taken
        return taken

    def keep_first(self, n):
        """Forget what a reset loses: all but the n bytes that are sent next."""
        n = max(0, n - (self._end - self._start))
        kept = self._ring.read(min(n, self._ring.any()))
        while self._ring.read(_CHUNK):
            pass
        self._ring.write(kept)


class Free:
    """The clock of a line that is not paced: there is always time."""

    def due(self):
        return _FREE

    def spend(self, n):
        pass

    def idle(self):
        pass


class Pace:
    """How many bytes a line has had time for. Idle time is not banked."""

    def __init__(self, byte_ns):
        self._byte_ns = byte_ns
        self.idle()

    def due(self):
        return (time.ticks_us() * 1000 - self._accounted) // self._byte_ns

    def spend(self, n):
        self._accounted += n * self._byte_ns

    def idle(self):
        self._accounted = time.ticks_us() * 1000
