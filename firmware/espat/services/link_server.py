# A server, whose connections become links as those of clients do. It looks after itself, in a task
# of its own, and its code comes and goes with it.

import asyncio
import time

from espat.edges.deadline import expired
from espat.edges.listener import Listener
from espat.edges.memory import TCP, TLS, reserve
from espat.edges.net import Connection, Limits
from espat.edges.tcp_options import send_at_once
from espat.edges.tls_server import wrap_client
from espat.pure.errors import Failure
from espat.services.link_code import secure
from espat.services.socket_settings import IDLE, LINKS, MOST, options
from espat.services.supervisor import keep_running

_SSL = b"SSL"
_LINK = 1500  # bytes of MicroPython's heap for one more
# Of it for TLS: a session, and beside that any family, to talk with the client.
_SESSION = 16 * 1024
_WAIT_MS = 20000
_LOOK_MS = 10


class LinkServer:
    """Listens on `port`, 0 once it is closed. `kind`: b"TCP" or b"SSL", with the `identity` that
    edges/identity.py knows. Raises Failure."""

    def __init__(self, device, port, kind, identity):
        if kind == _SSL:
            device.memory.spare(_SESSION)
        reserve(*TCP)
        self._device = device
        self._links = device.units.guest
        self._listener = Listener(port)
        self.port = port
        self.kind = kind
        self.identity = identity
        asyncio.create_task(keep_running(self._run))

    def needed(self):
        return self._links.server is self

    async def close(self):
        """Take no more connections; it has ended when this returns."""
        self.port = 0
        while self._links.server is not None:
            await asyncio.sleep_ms(1)

    async def _run(self):
        links = self._links
        while self.port:
            await asyncio.sleep_ms(_LOOK_MS)
            self._end_silent()
            if expired(links.quiet_until) and self._listener.is_ready():
                await self._admit()
        self._listener.close()
        links.server = None

    def _end_silent(self):
        limit = 1000 * self._device.sockets.get(IDLE, 0)
        for link in self._links.table if limit else ():
            if link is not None and link.serving and not link.busy and not link.ended:
                link.ended = time.ticks_diff(time.ticks_ms(), link.heard) >= limit

    async def _admit(self):
        """Make a link of what has come, if there is room."""
        has_room = self._has_room()  # before it has any itself
        came = self._listener.accept()
        if came is None:
            return
        links, (sock, peer, port) = self._links, came
        count = sum(1 for link in links.table if link is not None and link.serving)
        link = None
        if has_room and count < self._device.sockets.get(MOST, LINKS):
            link = self._claimed()
        if link is None:
            sock.close()
            await self._device.message_filter.report(b"Have %d Connections\r\n" % count)
            return
        link.peer, link.port, link.local, link.serving = peer, port, self.port, 1
        await self._welcome(link, sock)

    def _claimed(self):
        try:
            return self._links.claim(None, self.kind)
        except Failure:
            return None  # no room for what it holds in passive mode

    async def _welcome(self, link, sock):
        conn = None
        try:
            conn = await self._connection(link, sock)
        except (Failure, OSError, ValueError, MemoryError) as error:
            print("a client is refused:", error)
        finally:
            if conn is None:
                self._links.close(link)
        if conn is not None:
            link.heard = time.ticks_ms()
            await self._device.message_filter.report(self._links.connected(link) + b"\r\n")
            self._links.open(link, conn)

    async def _connection(self, link, sock):
        limits = Limits(_WAIT_MS)
        if options(self._device, link.number)[1]:
            send_at_once(sock)
        if self.kind != _SSL:
            return Connection(sock, limits, None)
        return await secure(self._device).secured(
            self._device, link, sock, limits, wrap_client, self.identity
        )

    def _has_room(self):
        """Whether there is room for one more; a family that has nothing to do goes for it."""
        units = self._device.units
        while True:
            try:
                self._need_room()
                return True
            except Failure as failure:
                if self._device.busy or units.present is None:
                    print("no room for a client:", failure.detail)
                    return False
            units.drop()

    def _need_room(self):
        if self.kind == _SSL:
            secure(self._device).make_room(self._device, True)
        self._device.memory.spare(_LINK)
        reserve(*(TLS if self.kind == _SSL else TCP))
