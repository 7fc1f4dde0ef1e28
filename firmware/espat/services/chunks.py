# Body bytes to the host: "+HTTPCLIENT:<n>,<n bytes>" CR LF, from the buffer they were read into.
#
# The header is written in front of the data and CR LF behind it, so that a chunk is one write.
# Chunks of the same size make no garbage.

_HEADER = 32
_END = 2


class ChunkWriter:
    """A sink for body bytes, in `buf`. `largest`: most data bytes that fit into a chunk."""

    def __init__(self, port, buf):
        self._port = port
        self._buf = buf
        self._data = memoryview(self._buf)[_HEADER:]
        self._prefix = b""
        self.largest = len(buf) - _HEADER - _END
        self._size = self.largest
        self._count = 0
        self._start = 0
        self._sealed = -1

    def begin(self, prefix, size):
        """Start the chunks of one command; `prefix` as b"+HTTPCLIENT:"."""
        self._prefix = prefix
        self._size = size
        self._count = 0
        self._sealed = -1

    def room(self):
        """How many bytes still go into the present chunk."""
        return self._size - self._count

    def tail(self):
        """Where they go: at least room() bytes of memory."""
        return self._data[self._count :] if self._count else self._data

    def added(self, count):
        self._count += count

    async def flush(self):
        """Send the present chunk, if it holds anything."""
        if not self.try_flush():
            length = self._close()
            await self._port.write(self._buf, self._start, length)

    def try_flush(self):
        """The same without waiting: False if something is left because the port is busy."""
        if not self._count:
            return True
        count, length = self._count, self._close()
        if self._port.try_write(self._buf, self._start, length):
            return True
        self._count = count
        return False

    def _close(self):
        count, self._count = self._count, 0
        if count != self._sealed:
            self._seal(count)
        return _HEADER - self._start + count + _END

    def _seal(self, count):
        header = b"%s%d," % (self._prefix, count)
        self._start = _HEADER - len(header)
        self._buf[self._start : _HEADER] = header
        self._buf[_HEADER + count : _HEADER + count + _END] = b"\r\n"
        # A full chunk overwrites no CR LF; a short one leaves its own inside the data area.
        self._sealed = count if count == self._size else -1
