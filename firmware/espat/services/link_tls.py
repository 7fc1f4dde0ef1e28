# TLS for a link: the handshake belongs to what opens it.

import asyncio

from espat.edges.deadline import after, expired
from espat.edges.net import Connection
from espat.pure.errors import Failure
from espat.pure.reasons import HANDSHAKE_CLOSED, HANDSHAKE_TIMEOUT
from espat.services.socket_settings import PASSIVE, of_links

_HANDSHAKE_MS = 15000


def make_room(device):
    """Raise Failure unless there is room for one more session, beside which HTTP keeps none."""
    device.connections.drop()
    device.memory.conversation(True, True)


async def secured(device, link, sock, limits, wrap, *how):
    """A Connection over what wrap(sock, *how) makes of `sock`, which is closed if that fails; what
    the other side says at once is kept. Raises Failure, and what `wrap` raises."""
    watch = device.units.guest.watched(sock)
    conn = done = None
    try:
        conn = Connection(sock, limits, device.memory.within(wrap, watch, *how))
        await _shake(device, link, conn, watch)
        done = conn
        return conn
    finally:
        if done is None:
            (conn or sock).close()


async def _shake(device, link, conn, watch):
    deadline = after(max(conn.limits.wait, _HANDSHAKE_MS))
    link.read = conn.reader(True)
    while not watch.done and not link.count:
        try:
            link.hold(device.memory)
        except (OSError, ValueError) as error:
            raise conn.failure(error)
        if link.ended:
            raise Failure(HANDSHAKE_CLOSED)
        if expired(deadline):
            raise Failure(HANDSHAKE_TIMEOUT)
        conn.is_ready(1)
        await asyncio.sleep_ms(0)
    conn.shaking = None
    if not (link.count or of_links(device, PASSIVE)[link.number]):
        link.held = None
