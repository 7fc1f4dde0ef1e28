# The one connection of the device, and how it is kept for the next request to the same origin.
#
# One at a time: a TLS session takes about 28 KB of a chip's memory. A request is sent again on a
# new connection only if nothing of it was taken by the old one: a server that may have acted on it
# never gets it twice, whatever the method (RFC 9110 section 9.2.2 would allow more).

import asyncio
import time

from espat.edges import net
from espat.edges.deadline import after, expired
from espat.pure.errors import Failure

_WATCH_MS = 250
_IDLE_MS = 4000  # servers commonly close after 5 s or more (Apache 5, nginx 75)


class Connections:
    """`link()`: the number of the station's present link, 0 without one."""

    def __init__(self, resolver, link):
        self._resolver = resolver
        self._link = link
        self._kept = None
        self._origin = None
        self._until = time.ticks_ms()

    async def send(self, request, limits, message):
        """Send `message`, the beginning of `request` in byte strings, on a kept or a new
        connection, and return that; it is the caller's now, to keep() or to close()."""
        conn = self._take(request, limits)
        if conn is not None and await _sent(conn, message, True):
            return conn
        conn = await net.connect(request.url, self._resolver, limits, request.identity)
        await _sent(conn, message, False)
        return conn

    def keep(self, conn, request, seconds):
        """Keep `conn` for a while; `seconds`: how long the server says it does, or None."""
        idle = _IDLE_MS if seconds is None else min(_IDLE_MS, (seconds - 1) * 1000)
        if idle <= 0:
            conn.close()
            return
        self._kept, self._origin = conn, self._origin_of(request)
        self._until = after(idle)

    def drop(self):
        """Close what is kept: its memory, or its origin, is no longer wanted."""
        conn, self._kept = self._kept, None
        if conn is not None:
            conn.close()

    async def watch(self):
        """For ever: close a kept connection when its time is over, the server has closed it, or
        the station has lost its address."""
        while True:
            await asyncio.sleep_ms(_WATCH_MS)
            if self._kept is not None and not self._usable():
                self.drop()

    def _take(self, request, limits):
        if self._kept is not None and self._origin == self._origin_of(request) and self._usable():
            conn, self._kept = self._kept, None
            conn.limits = limits
            return conn
        self.drop()
        return None

    def _usable(self):
        in_time = not expired(self._until)
        return in_time and self._link() == self._origin[0] and self._kept.quiet()

    def _origin_of(self, request):
        url = request.url
        return self._link(), url.tls, url.host.lower(), url.port, request.identity


async def _write(conn, message):
    for part in message:
        await conn.write(part, len(part))


async def _sent(conn, message, kept):
    """Send the message; False if a kept connection took nothing of it, which is no failure yet.
    Unless it is sent the connection is closed, whatever happens."""
    conn.accepted = 0
    sent = False
    try:
        await _write(conn, message)
        sent = True
    except Failure:
        if not kept or conn.accepted:
            raise
    finally:
        if not sent:
            conn.close()
    return sent
