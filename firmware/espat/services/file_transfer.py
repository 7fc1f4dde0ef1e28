# Files as the two ends of an HTTP exchange: where a body goes, and where one comes from.

import asyncio

from espat.edges.files import File


class FileSink:
    """A sink for body bytes: collects them in `buf` and writes full buffers, because a small write
    costs flash as much time as a large one. finish() writes the rest. `total`: bytes so far."""

    def __init__(self, file, buf):
        self._file = file
        self._buf = buf
        self._count = 0
        self.full = False
        self.total = 0

    def room(self):
        return len(self._buf) - self._count

    def tail(self):
        return self._buf[self._count :] if self._count else self._buf

    def added(self, count):
        self._count += count
        self.total += count
        self.full = self._count == len(self._buf)

    def try_flush(self):
        """Whether nothing has to be written now."""
        return not self.full

    def pause(self):
        return None

    async def flush(self):
        if not self.try_flush():
            await self.finish()

    async def finish(self):
        count, self._count = self._count, 0
        self.full = False
        self._file.write(self._buf[:count])
        await asyncio.sleep_ms(0)  # the flash may have stopped everything


class FilePart:
    """`length` bytes of a file from `offset` on; also the upload of a Request. To be used with
    `with`, which closes it."""

    def __init__(self, name, offset, length):
        self.length = length
        self.finished = length == 0
        self._left = length
        self._file = File(name, "rb", offset)

    def fill(self, buf):
        """At least one byte into buf; 0 at the end."""
        if not self._left:
            self.finished = True
            return 0
        count = self._file.readinto(buf if self._left >= len(buf) else buf[: self._left])
        self._left -= count
        return count

    async def readinto(self, buf):
        return self.fill(buf)

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        self._file.close()
