# Files as the two ends of a transfer: where data go, and where they come from.

import asyncio

from espat.edges.files import File
from espat.services.streaming import Collector


class FileSink(Collector):
    """A sink for body bytes: collects them in `buf` and writes full buffers, because a small write
    costs flash as much time as a large one; the rest with a last flush(). `total`: bytes so far."""

    def __init__(self, file, buf):
        super().__init__(buf)
        self._file = file
        self.total = 0

    async def flush(self):
        count = self.take()
        self.total += count
        self._file.write(self._data[:count])
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
            return 0
        count = self._file.readinto(buf if self._left >= len(buf) else buf[: self._left])
        self._left -= count
        self.finished = not self._left
        return count

    async def readinto(self, buf):
        return self.fill(buf)

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        self._file.close()


async def pour(readinto, buf, take):
    """Hand on to `take` all that `readinto`, an async function, reads; in pieces through `buf`."""
    count = await readinto(buf)
    while count:
        take(buf[:count])
        await asyncio.sleep_ms(0)  # the flash may have stopped everything
        count = await readinto(buf)
