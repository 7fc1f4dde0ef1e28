# TLS for a link: the handshake belongs to what opens it.

import asyncio

from espat.edges.deadline import after, expired
from espat.edges.net import Connection
from espat.edges.tls_watch import Watch
from espat.pure.errors import Failure
from espat.pure.reasons import HANDSHAKE_CLOSED, HANDSHAKE_TIMEOUT
from espat.services.socket_settings import PASSIVE, of_links

_HANDSHAKE_MS = 15000


def make_room(device, proof):
    """Raise Failure unless there is room for one more session, beside which HTTP keeps none.
    `proof`: whether it has certificates."""
    device.connections.drop()
    device.memory.conversation(True, True, proof)
    device.memory.free()  # of what has been tried, or what stays would lie behind it


async def secured(device, link, sock, limits, wrap, *how):
    """A Connection over what wrap(sock, *how) makes of `sock`, which is closed if that fails; what
    the other side says at once is kept. Raises Failure, and what `wrap` raises."""
    watch = Watch(sock)
    conn = done = None
    try:
        conn = _over(device, sock, limits, wrap, watch, *how)
        await _shake(device, link, conn, watch)
        done = conn
        return conn
    finally:
        if done is None:
            (conn or sock).close()


def _over(device, sock, limits, *how):
    # No part of the coroutine above, see edges/net.py.
    return Connection(sock, limits, device.memory.within(*how))


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
