# A new firmware from a server: one package, or the newest of a server's list. One that is
# downloaded beside other commands has an exchange and buffers of its own.

from espat.edges import flash
from espat.edges.net import Limits
from espat.edges.package_tree import NewTree
from espat.pure import package
from espat.pure import url as urls
from espat.pure.errors import Failure
from espat.pure.reasons import (
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
from espat.services.time_limit import within
from espat.services.unpacker import Unpacker

_WAIT_MS = 5000  # for each wait, as all HTTP commands
_SECONDS = 180  # for all of it, as ESP-AT; a board's data may say otherwise
_PIECE = 1024  # of what is downloaded beside other commands
LIST = b"latest"
FAILED = -1  # AT+CIUPDATE's number for it
_ALL = (1, 2, 3, 4)
_WITH_A_VERSION = (1, 4)


class ListSink(Collector):
    """A sink that keeps a whole body, of fewer bytes than its buffer has; raises Failure for
    more."""

    async def flush(self):
        raise Failure(NO_VERSION, "the list is longer than %d bytes" % package.LIST_LIMIT)


class Update:
    """One update, or a look at what there is; to be used with `with`, one at a time. `beside`:
    other commands run meanwhile."""

    def __init__(self, device, beside=False):
        self._device = device
        self._told = None  # of AT+CIUPDATE's steps those that the host is told
        self._connections, self._exchange = device.connections, device.exchange
        if not beside:
            self._piece = device.chunks.memory()
            return
        link, buf = device.station.link_number, device.memory.buffer(_PIECE)
        self._piece = memoryview(buf)
        self._connections = Connections(device.resolver, link, device.memory)
        inbound = Inbound(buf, 0)
        port, http, units = device.port, device.http, device.units
        self._exchange = Exchange(
            self._connections, inbound, device.memory, link, port, http, units
        )

    def __enter__(self):
        if self._device.system.updating:
            raise Failure(UPDATING)
        self._device.system.updating = True
        self._device.exchange.let_go()
        self._device.connections.drop()  # its memory is wanted for this one's TLS session
        self._exchange.reply = None  # AT+HTTPREPORT is not for updates
        return self

    def __exit__(self, kind, error, trace):
        self._connections.drop()
        self._device.system.updating = False
        if self._told and kind is not None:
            self._device.system.update_state = FAILED

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

    async def install_version(self, version):
        """The same with what the board's own server has; None: the newest of it. The host is told
        AT+CIUPDATE's steps."""
        self._told = _WITH_A_VERSION if version else _ALL
        await self._step(0)
        for name, digest, file in await self.releases():
            if version in (None, name):
                await self._step(3)
                await self.install(server_url(self._device, file), digest)
                await self._step(4)
                return
        raise Failure(NO_VERSION, version)

    async def releases(self):
        """[(version, SHA-256, file name)] that the board's own server has. Raises Failure."""
        url = server_url(self._device, LIST)
        limits = Limits(_WAIT_MS)
        if not self._device.station.link_number():
            raise Failure(NO_WIFI)
        await self._device.resolver.lookup(url.host, url.port, limits.lookup)
        await self._step(1)
        buf = self._piece
        if len(buf) <= package.LIST_LIMIT:
            buf = memoryview(bytearray(package.LIST_LIMIT + 1))
        sink = ListSink(buf)
        await self._get(url, sink, 2)
        try:
            return package.releases(bytes(buf[: sink.take()]))
        except Failure as failure:
            raise Failure(NO_VERSION, failure.detail)

    async def _get(self, url, sink, step=None):
        async def on_head(head):
            if head.status != 200:
                raise Failure(of_status(head.status))
            if step is not None:
                await self._step(step)
            return sink

        request = Request(b"GET", url, [], [], self._device.http.identity)
        await self._exchange.run(request, Limits(_WAIT_MS), sink, None, on_head)

    async def _step(self, number):
        if self._told:
            self._device.system.update_state = number
            if number in self._told:
                await self._device.message_filter.report(b"+CIPUPDATE:%d\r\n" % number)


async def in_time(device, updating):
    """The result of `updating`, awaited for as long as an update may take. Raises Failure."""
    seconds = getattr(device.board, "UPDATE_SECONDS", _SECONDS)
    try:
        return await within(device.port, seconds * 1000, updating)
    except MemoryError:
        raise Failure(NO_MEMORY)


def server_url(device, file):
    """The Url of a file of the board's own server. Raises Failure if there is none."""
    base = getattr(device.board, "UPDATE_URL", None)
    if not base:
        raise Failure(NO_UPDATES)
    try:
        return urls.parse(base.rstrip("/").encode() + b"/" + file)
    except urls.BadUrl as error:
        raise Failure(NO_UPDATES, str(error))
