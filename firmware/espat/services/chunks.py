# Body bytes to the host: "+HTTPCLIENT:<n>,<n bytes>" CR LF, from the buffer they were read into.
#
# The header is written in front of the data and CR LF behind it, so that a chunk is one write.
# Chunks of the same size make no garbage.

from espat.edges.buffers import CHUNK_END as _END
from espat.edges.buffers import CHUNK_HEADER as _HEADER
from espat.pure.errors import Failure
from espat.services.streaming import Collector


class ChunkWriter(Collector):
    """A sink for body bytes, in `buf`, or in a larger buffer if a command asks for larger chunks
    and there is memory."""

    def __init__(self, port, buf, message_filter, memory):
        super().__init__(memoryview(buf)[_HEADER:])
        self._port = port
        self._try_write = port.try_write
        self._filter = message_filter
        self._memory = memory
        self._buf = self._own = buf
        self._prefix = b""
        self._start = self._length = 0  # of the frame with its data, in the buffer
        self._sealed = -1

    def begin(self, prefix, size):
        """Start the chunks of one command; `prefix` as b"+HTTPCLIENT:", `size`: most data bytes of
        a chunk."""
        if len(self._buf) != _frame(size):
            self._use(self._own if _frame(size) <= len(self._own) else self._larger(size))
        self._prefix = prefix
        self._size = min(size, len(self._buf) - _frame(0))
        self.take()
        self._sealed = -1

    def memory(self):
        """The place for data, for a command that sends no chunks meanwhile."""
        self.begin(b"", len(self._own) - _frame(0))
        return self._data[: self._size]

    async def flush(self):
        """Send the present chunk, if it holds anything."""
        if not self.try_flush():
            self.take()
            await self._port.write(self._buf, self._start, self._length)

    def try_flush(self):
        """The same without waiting: False if something is left because the port is busy."""
        count = self._count
        if count != self._sealed:
            if not count:
                return True
            self._seal(count)
        if not self._try_write(self._buf, self._start, self._length):
            return False
        self._count = 0
        self.full = False
        return True

    def pause(self):
        return self._port.pause(self._length)

    def _use(self, buf):
        self._buf = buf
        self._data = memoryview(buf)[_HEADER:]

    def _larger(self, size):
        self._use(self._own)  # what was larger before is garbage now
        length = _frame(size)
        try:
            return self._memory.buffer(length) if self._memory.room(length) >= length else self._own
        except Failure:
            return self._own

    def _seal(self, count):
        header = b"%s%d," % (self._prefix, count)
        at = _HEADER - len(header)
        self._buf[at:_HEADER] = header
        self._buf[_HEADER + count : _HEADER + count + _END] = b"\r\n"
        skipped, end = self._filter.frame(header, b"\r\n")
        self._start = at + skipped
        self._length = _HEADER - self._start + count + end
        # A full chunk overwrites no CR LF; a short one leaves its own inside the data area.
        self._sealed = count if count == self._size else -1


def _frame(size):
    """How long the buffer of a chunk of `size` bytes is."""
    return _HEADER + size + _END
