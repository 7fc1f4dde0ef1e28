# The one connection of the device, and how it is kept for the next request to the same origin.
#
# One at a time: a TLS session takes about 28 KB of a chip's memory. That it was kept must cost no
# answer: a request on a kept connection that ends, or stays silent, before the first byte of an
# answer is sent again on a new one. So only what may be sent twice goes there (RFC 9110 section
# 9.2.2, RFC 9112 section 9.3.1): no POST or PATCH, and no upload, whose data the host sends once.

import asyncio
import time

from espat.edges import net
from espat.edges.deadline import after, expired
from espat.pure.errors import Failure
from espat.pure.reasons import READ_TIMEOUT

_TWICE = (b"GET", b"HEAD", b"PUT", b"DELETE", b"OPTIONS")
_WATCH_MS = 250
_IDLE_MS = 4000  # servers commonly close after 5 s or more (Apache 5, nginx 75)


class Connections:
    """`link()`: the number of the present link, 0 without one. `memory`: the Memory that tells
    whether there is room for a request."""

    def __init__(self, resolver, link, memory):
        self._resolver = resolver
        self._memory = memory
        self._link = link
        self._kept = None
        self._origin = self._silent = None
        self._until = time.ticks_ms()

    async def send(self, request, limits, inbound):
        """Send the beginning of `request` on a kept or a new connection, and return that, open in
        `inbound`; it is the caller's now, to keep() or to close()."""
        message = request.message()
        conn = self._take(request, limits)
        if conn is not None:
            try:
                await _send(conn, message, inbound, limits.wait // 2)
                return conn
            except Failure as failure:
                print("sent again: 0x%04x" % failure.reason)
                if failure.reason == READ_TIMEOUT:
                    self._silent = self._origin
        conn = await net.connect(request.url, self._resolver, limits, request.identity)
        await _send(conn, message, inbound, 0)
        return conn

    def keep(self, conn, request, seconds):
        """Keep `conn` for a while; `seconds`: how long the server says it does, or None. Not if its
        server was the last one that had nothing to say on a kept connection."""
        idle = _IDLE_MS if seconds is None else min(_IDLE_MS, (seconds - 1) * 1000)
        origin = self._origin_of(request)
        if idle <= 0 or origin == self._silent:
            conn.close()
            return
        self._kept, self._origin = conn, origin
        self._until = after(idle)

    def drop(self):
        """Close what is kept: its memory, or its origin, is no longer wanted."""
        conn, self._kept = self._kept, None
        if conn is not None:
            conn.close()

    async def watch(self):
        """For ever: close a kept connection when its time is over, the server has closed it, or
        the link is gone."""
        while True:
            await asyncio.sleep_ms(_WATCH_MS)
            if self._kept is not None and not self._usable():
                self.drop()

    def _take(self, request, limits):
        """What is kept, if `request` may go there, or None; there is memory for it. Raises
        Failure."""
        twice = request.upload is None and request.method in _TWICE
        same = self._kept is not None and self._origin == self._origin_of(request)
        if twice and same and self._usable():
            self._memory.conversation(False, False, 0)
        else:
            self.drop()
        conn, self._kept = self._kept, None
        if conn is None:
            self._memory.conversation(True, request.url.tls, request.identity[0])
        else:
            conn.limits = limits
        return conn

    def _usable(self):
        in_time = not expired(self._until)
        return in_time and self._link() == self._origin[0] and self._kept.quiet()

    def _origin_of(self, request):
        url = request.url
        return self._link(), url.tls, url.host.lower(), url.port, request.identity


async def _send(conn, message, inbound, first_ms):
    """Send the message. If `first_ms` is not 0, wait so long for the first bytes of the answer. The
    connection is closed if that fails."""
    done = False
    try:
        for part in message:
            await conn.write(part, len(part))
        inbound.open(conn)
        if first_ms:
            await conn.named(inbound.more(after(first_ms)))
        done = True
    finally:
        if not done:
            inbound.close()
            conn.close()
