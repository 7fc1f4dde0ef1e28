# Lines of AT commands out of a stream of bytes.
#
# A line ends with CR LF; a CR or LF alone belongs to the line, as in ESP-AT. A line longer than
# the limit is swallowed up to its CR LF and reported once. Nothing here allocates but take().

_CR = 13
_LF = 10


class LineAssembler:
    """Collects one line at a time. `limit`: longest line in bytes, its CR LF counted."""

    def __init__(self, limit):
        self._limit = limit - 2
        self._line = bytearray(limit - 1)  # the CR is stored until the LF decides
        self._length = 0  # bytes seen, also those that no longer fitted
        self._after_cr = False
        self.done = False

    def feed(self, buf, start, end):
        """Take bytes from buf[start:end] up to the end of a line; returns the index after the
        last byte taken. When `done` is set, call take() before the next feed()."""
        for i in range(start, end):
            byte = buf[i]
            if byte == _LF and self._after_cr:
                self._length -= 1
                self.done = True
                return i + 1
            self._after_cr = byte == _CR
            if self._length <= self._limit:
                self._line[self._length] = byte
            self._length += 1
        return end

    def take(self):
        """The finished line as bytes, or None if it was longer than the limit."""
        line = None
        if self._length <= self._limit:
            line = bytes(memoryview(self._line)[: self._length])
        self._length = 0
        self._after_cr = False
        self.done = False
        return line
