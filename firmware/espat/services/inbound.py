# What a server sends: lines of the head first, then the body, with nothing lost between them.
#
# The lines are read into the buffer of the chunks that go to the host: there are none yet. What
# comes behind the head waits in it, and moves to its front as the first chunks take it.

import asyncio

from espat.edges.deadline import expired
from espat.pure.errors import Failure
from espat.pure.reasons import CLOSED, READ_TIMEOUT, TOO_LARGE

_FRAMING = 8  # the most a body asks for at once is 5
_HEAD = 32768  # most bytes in all heads of one answer, 1xx answers included


class Inbound:
    """Reads one connection at a time through buf[base:]. `most`: bytes that are read of a head at
    once; with 1 nothing is read beyond it. `cut`: the last line was longer than the buffer, and its
    rest is gone. A sink that shares `buf` begins before `base`, by as much as it writes
    behind its data: then it overwrites nothing that is still to be read."""

    def __init__(self, buf, base):
        self._buf = buf
        self._base = base
        self._view = memoryview(buf)
        self.most = len(buf)
        self.framing = bytearray(_FRAMING)
        self.cut = False
        self._conn = None
        self._read = None
        self._start = self._end = base
        self._seen = 0

    def open(self, conn):
        self._conn = conn
        self._read = conn.reader(True)
        self._start = self._end = self._base
        self._seen = 0

    def close(self):
        """Let go of the connection: one of TLS takes 3 KB, closed too."""
        self._conn = self._read = None

    async def line(self, deadline):
        """The next line without its CR LF or LF, before `deadline` in ticks; raises Failure."""
        scanned, begun = self._start, None
        while True:
            at = self._buf.find(b"\n", scanned, self._end)
            if at >= 0:
                line = self._take(at)
                self.cut = begun is not None
                return begun or line
            if self._start == self._base and self._end == len(self._buf):
                begun = begun or bytes(self._view[self._start :])
                self._start = self._end
            self._compact()
            scanned = self._end
            await self.more(deadline)

    async def more(self, deadline):
        """Read on, one byte at least, before `deadline` in ticks; raises Failure."""
        if self._seen > _HEAD:
            raise Failure(TOO_LARGE)
        tail = self._view[self._end : self._end + self.most]
        self._conn.restart_limit()
        while True:
            count = self._read(tail, len(tail))
            if expired(deadline):
                raise Failure(READ_TIMEOUT)
            if count is None:
                while not self._conn.look():
                    await asyncio.sleep_ms(0)
                continue
            if count == 0:
                raise Failure(CLOSED)
            self._end += count
            self._seen += count
            return

    def any(self):
        """Bytes read and not yet taken."""
        return self._end - self._start

    def reader(self, end_matters):
        """What reads body bytes, as Connection.reader(); while there are any() behind the head it
        reads those, once."""
        return self._rest if self.any() else self._conn.reader(end_matters)

    def look(self):
        return self._conn.look()

    def restart_limit(self):
        self._conn.restart_limit()

    def _rest(self, buf, count):
        count = min(count, self.any())
        buf[:count] = self._view[self._start : self._start + count]
        self._start += count
        return count

    def _take(self, at):
        end = at
        if end > self._start and self._buf[end - 1] == 13:
            end -= 1
        line = bytes(self._view[self._start : end])
        self._start = at + 1
        return line

    def _compact(self):
        end = self._base + self.any()
        self._view[self._base : end] = self._view[self._start : self._end]
        self._start, self._end = self._base, end
