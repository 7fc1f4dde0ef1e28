# The bytes that the host sends after a ">" prompt, as a command takes them.

from espat.pure import url as urls
from espat.pure.errors import PARA_INVALID, AtError

_MOST = 0x3FFFFFFF  # as many as the port allows
_PIECE = 2048  # of data that is taken as it comes


class HostData:
    """`length` bytes, `finished` when all are taken; also the upload of a Request. Call begin()
    before the prompt goes out, and swallow() on every path, so that no byte of data is taken for
    a command."""

    def __init__(self, counted, length):
        self._counted = counted
        self.length = length
        self.finished = False

    def begin(self, most=_MOST):
        """`most`: how many bytes may wait for the command, at the most."""
        self._counted.expect(self.length, most)

    async def fill(self):
        """Wait for all of it, or as much as the buffer holds. An upload does so before it connects,
        as in ESP-AT: a host without flow control loses nothing while the network is slow."""
        await self._counted.fill()

    async def readinto(self, buf):
        """At least one byte into buf; 0 at the end. Raises Failure if the host falls silent."""
        count = await self._counted.readinto(buf)
        self.finished = self._counted.over()
        return count

    async def read(self, data):
        """All of it into `data`, a bytearray."""
        view, at = memoryview(data), 0
        while at < len(data):
            at += await self.readinto(view[at:])

    async def swallow(self):
        await self._counted.swallow()


async def ask(device, reply, length):
    """Prompt for `length` bytes and return them."""
    data, text = HostData(device.port.counted, length), device.memory.buffer(length)
    data.begin(_PIECE)
    try:
        await reply.prompt()
        await data.read(text)
        return text
    finally:
        await data.swallow()


async def ask_url(device, reply, length, index):
    """Prompt for a URL of `length` bytes, which is parameter `index`; returns (Url, its text)."""
    device.exchange.begun = True  # what follows is a request
    text = await ask(device, reply, length)
    try:
        return urls.parse(text), text
    except urls.BadUrl:
        raise AtError(PARA_INVALID | index)
