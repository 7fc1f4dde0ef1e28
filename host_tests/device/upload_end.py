# The answer to an upload may be there as soon as the last byte has left, and before anybody looks
# for more: the upload is finished all the same, and the connection may be kept. What is not all out
# is not finished, though all of it was taken.

import asyncio

from espat.edges import files
from espat.edges.memory import Memory
from espat.edges.serial import CountedInput
from espat.pure.errors import Failure
from espat.services.exchange import Exchange
from espat.services.file_transfer import FilePart
from espat.services.host_data import HostData

DATA = b"0123456789"


class Connection:
    """Its server answers once it has all; `room`: for so many bytes."""

    def __init__(self, room):
        self.sent = b""
        self._room = room

    def answered(self):
        return len(self.sent) >= len(DATA)

    async def write(self, buf, count):
        if len(self.sent) + count > self._room:
            raise Failure(1)
        self.sent += bytes(buf[:count])


class Sink:
    def scratch(self):
        return memoryview(bytearray(4))


async def of_host():
    counted = CountedInput(Memory(), 100)
    upload = HostData(counted, len(DATA))
    upload.begin()
    await counted.put(DATA, 0, len(DATA))
    return upload


async def of_file():
    files.prepare()
    with files.File("data", "wb") as file:
        file.write(DATA)
    return FilePart("data", 0, len(DATA))


async def check(make):
    connection, upload = Connection(len(DATA)), await make()
    assert await Exchange._upload(None, connection, upload, Sink()) is None
    assert connection.sent == DATA
    assert upload.finished
    connection, upload = Connection(len(DATA) - 1), await make()
    failure = await Exchange._upload(None, connection, upload, Sink())
    assert isinstance(failure, Failure)
    assert not upload.finished


async def main():
    await check(of_host)
    await check(of_file)


asyncio.run(main())
print("done")
