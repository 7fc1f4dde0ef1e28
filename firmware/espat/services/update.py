# A new firmware from a server: one package, or the newest of a server's list. One that is
# downloaded beside other commands has an exchange and buffers of its own.

import asyncio

from espat.edges import flash
from espat.edges.net import Limits
from espat.edges.package_tree import NewTree
from espat.pure import package
from espat.pure import url as urls
from espat.pure.errors import Failure
from espat.pure.reasons import (
    ABORTED,
    NO_MEMORY,
    NO_UPDATES,
    NO_VERSION,
    NO_WIFI,
    UPDATING,
    of_status,
)
from espat.services.connections import Connections
from espat.services.exchange import Exchange, Request
from espat.services.inbound import Inbound
from espat.services.streaming import Collector
from espat.services.unpacker import Unpacker

_WAIT_MS = 5000  # for each wait, as all HTTP commands
_SECONDS = 180  # for all of it, as ESP-AT; a board's data may say otherwise
_PIECE = 2048


class ListSink(Collector):
    """A sink that keeps a whole body, of at most len(buf) bytes; raises Failure for more."""

    def __init__(self, buf):
        super().__init__(memoryview(buf))

    async def flush(self):
        raise Failure(NO_VERSION, "the list is longer than %d bytes" % (self._size - 1))

    def text(self):
        return bytes(self._data[: self._count])


class Update:
    """One update, or a look at what there is; to be used with `with`, one at a time. `progress`:
    an async function that is told AT+CIUPDATE's steps. `beside`: other commands run meanwhile."""

    def __init__(self, device, progress=None, beside=False):
        self._device = device
        self._progress = progress
        self._connections, self._exchange = device.connections, device.exchange
        self._piece = None if beside else device.chunks.memory()
        if beside:
            self._take_own(device.memory, device.station.link)

    def _take_own(self, memory, link):
        buf = memory.buffer(_PIECE)
        self._piece = memoryview(buf)
        self._connections = Connections(self._device.resolver, link)
        inbound = Inbound(buf, 0)
        self._exchange = Exchange(self._connections, inbound, memory, link)

    def __enter__(self):
        if self._device.system.updating:
            raise Failure(UPDATING)
        self._device.system.updating = True
        self._device.connections.drop()  # its memory is wanted for this one's TLS session
        return self

    def __exit__(self, *_error):
        self._connections.drop()
        self._device.system.updating = False

    async def install(self, url, digest=None):
        """Download the package at `url`, a Url, verify it, and make it the next start's firmware.
        `digest`: the SHA-256 it must have, if that is known. Raises Failure."""
        flash.call(self._device.start.served)  # so that nothing but this firmware has to be kept
        board = self._device.board.NAME.encode()
        tree = NewTree()
        try:
            await tree.begin()
            sink = Unpacker(tree, self._piece, board)
            await self._get(url, sink)
            await sink.finish(digest)
        finally:
            await tree.end()

    async def install_version(self, version=None):
        """The same with what the board's own server has; None: the newest of it."""
        for name, digest, file in await self.releases():
            if version in (None, name):
                await self._step(3)
                await self.install(_server_url(self._device, file), digest)
                await self._step(4)
                return
        raise Failure(NO_VERSION, version.decode())

    async def releases(self):
        """[(version, SHA-256, file name)] that the board's own server has. Raises Failure."""
        url = _server_url(self._device, b"latest")
        limits = Limits(_WAIT_MS)
        if not self._device.station.link():
            raise Failure(NO_WIFI)
        await self._device.resolver.lookup(url.host, url.port, limits.lookup)
        await self._step(1)
        sink = ListSink(bytearray(package.LIST_LIMIT + 1))
        await self._get(url, sink, 2)
        try:
            return package.releases(sink.text())
        except package.BadPackage as error:
            raise Failure(NO_VERSION, str(error))

    async def _get(self, url, sink, step=None):
        async def on_status(status):
            if status != 200:
                raise Failure(of_status(status))
            if step is not None:
                await self._step(step)

        request = Request(b"GET", url, [], [], self._device.http.identity)
        await self._exchange.run(request, Limits(_WAIT_MS), sink, on_status=on_status)

    async def _step(self, number):
        if self._progress is not None:
            await self._progress(number)


async def in_time(device, updating):
    """The result of `updating`, awaited for as long as an update may take. Raises Failure."""
    seconds = getattr(device.board, "UPDATE_SECONDS", _SECONDS)
    try:
        return await asyncio.wait_for_ms(updating, seconds * 1000)
    except asyncio.TimeoutError:
        raise Failure(ABORTED, "the time for an update is over")
    except MemoryError:
        raise Failure(NO_MEMORY)


def _server_url(device, file):
    base = getattr(device.board, "UPDATE_URL", None)
    if not base:
        raise Failure(NO_UPDATES)
    try:
        return urls.parse(base.rstrip("/").encode() + b"/" + file)
    except urls.BadUrl as error:
        raise Failure(NO_UPDATES, str(error))


def is_encrypted(device):
    """Whether the board's own server is asked over TLS. Raises Failure if there is none."""
    return _server_url(device, b"latest").tls
