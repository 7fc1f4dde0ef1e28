# TCP and TLS connections with a limit on every wait. The only module that knows OSError of
# sockets: what goes wrong leaves here as a Failure with its reason.

import asyncio
import errno
import select
import socket
import time

from espat.edges import tls
from espat.edges.deadline import after, expired
from espat.edges.memory import TCP, TLS, reserve
from espat.edges.shortage import is_shortage
from espat.pure import reasons
from espat.pure.errors import Failure

_ANSWERS = {
    errno.ECONNREFUSED: reasons.REFUSED,
    errno.EHOSTUNREACH: reasons.UNREACHABLE,
    118: reasons.UNREACHABLE,  # lwIP's own EHOSTUNREACH (lwip/errno.h)
    101: reasons.UNREACHABLE,  # ENETUNREACH, not in MicroPython's errno
    114: reasons.UNREACHABLE,  # lwIP's ENETUNREACH
    errno.ETIMEDOUT: reasons.CONNECT_TIMEOUT,
}
_HANDSHAKE_MS = 15000
_PIECE = 512
_PENDING = (errno.EINPROGRESS, errno.EAGAIN, 119)  # 119: lwIP's EINPROGRESS
_FAILED = select.POLLERR | select.POLLHUP


class Limits:
    """The longest waits of a connection in ms: `wait`, to connect, read or write, and `lookup`;
    `piece`: most bytes per write, or None. `whole`: the longest that a request may take, or 0."""

    def __init__(self, wait, piece=None, whole=0):
        self.wait = wait
        self.whole = whole
        self.lookup = max(wait, 10000)
        self.piece = piece


async def connect(url, resolver, limits, identity):
    """A Connection to the origin of `url`. `identity`: see tls.wrap."""
    if url.tls:
        tls.check_clock(identity)
    host = url.host
    if host[-1:] == b".":  # the root of all names: no part of one in TLS (RFC 6066 3), nor in lwIP
        host = host[:-1]
    addresses = await resolver.lookup(host, url.port, limits.lookup)
    sock = await connected(addresses, TLS if url.tls else TCP, limits.wait)
    conn = None
    try:
        conn = _over(sock, limits, url.tls, host, identity)
        return conn
    finally:
        if conn is None:
            sock.close()


def _over(sock, limits, is_tls, *how):
    # No part of the coroutine above: what the frame of one has held, ended too, the collector still
    # sees, and a TLS session takes 2.6 KB of holes that the next one wants.
    return Connection(sock, limits, tls.wrap(sock, *how) if is_tls else None)


class Connection:
    """A connected socket; `tls_stream`: what TLS makes of it, whose handshake runs within the
    first write, or None. `tls`: whether there is one. `shaking`: whether it still shakes hands."""

    def __init__(self, sock, limits, tls_stream):
        self._sock = sock
        self._stream = stream = tls_stream or sock
        self._readinto = stream.readinto
        # push(buf, start, count) sends what is taken at once: how many bytes, or None.
        self.push = stream.write
        self._recv = getattr(tls_stream, "recv", None)
        self.limits = limits
        self.tls = tls_stream is not None
        # The tick until which it may shake hands: one limit for all of it, a server may drip its
        # records for hours. None when that is done.
        self.shaking = after(max(limits.wait, _HANDSHAKE_MS)) if self.tls else None
        self._poller = _poller(stream, select.POLLIN)
        self.restart_limit()

    def reader(self, end_matters):
        """A function read(buf, count) that reads at most `count` bytes into buf: 0 = end, None =
        nothing now. `end_matters`: only the end tells that all has come, see _read_once(). What
        goes wrong is named by named(): a `try` with a name would put each call's frame on the heap.
        """
        return self._read_once if end_matters and self._recv is not None else self._readinto

    def _read_once(self, buf, count):
        """readinto() reads on until the buffer is full, and forgets an end of TLS that it meets
        behind the data (py/stream.c, mp_stream_rw); recv() reads once. It makes garbage, so it is
        for heads and for bodies that only the end delimits. Ports without DTLS lack it."""
        data = self._recv(min(count, _PIECE))
        if not data:
            return data if data is None else 0
        buf[: len(data)] = data
        return len(data)

    async def named(self, reading):
        """Await `reading`; an OSError out of a reader() leaves as the Failure it means."""
        try:
            return await reading
        except OSError as error:
            raise self.failure(error)

    def restart_limit(self):
        """The time from here on counts: a byte has come, or what passed before was not the
        server's."""
        self._idle_since = time.ticks_ms()
        self._overdue = False

    def look(self):
        """After a read that gave None: wait a millisecond for something to read; False if there is
        nothing. Raises Failure when the limit is over. It counts from restart_limit(), for
        "readable" is no promise: TLS may hold half a record."""
        if time.ticks_diff(time.ticks_ms(), self._idle_since) >= self.limits.wait:
            if self._overdue:
                raise Failure(reasons.READ_TIMEOUT)
            self._overdue = True
            return True  # once more: it may be the board that stood still
        return self.is_ready(1)

    def is_ready(self, ms=0):
        """Whether a read may find something, after so many milliseconds at the most."""
        for _ in self._poller.ipoll(ms):
            return True
        return False

    def answered(self):
        """Whether the server has sent something, or the end, while we still send. Not known
        with TLS, where records of the protocol itself may arrive at any time."""
        return not self.tls and self.is_ready()

    def quiet(self):
        """Whether the connection stands and holds nothing to read; for one that is kept."""
        if not self.is_ready():
            return True
        try:
            return self.tls and self._readinto(bytearray(1)) is None
        except OSError:
            return False

    async def write(self, buf, count):
        """Write buf[:count] whole. The limit counts from the last byte that was taken: "writable"
        is no promise either."""
        start, deadline = 0, after(self.limits.wait)
        while start < count:
            piece = min(count - start, self.limits.piece or count)
            try:
                sent = self.push(buf, start, piece)
            except (OSError, ValueError) as error:
                raise self.failure(error)
            if sent:
                self.shaking = None
                start += sent
                deadline = after(self.limits.wait)
            elif self.shaking is None:
                await self._room(deadline, reasons.WRITE_TIMEOUT)
            else:
                await self._room(self.shaking, reasons.HANDSHAKE_TIMEOUT)

    def close(self):
        self._poller.unregister(self._stream)
        self._stream.close()
        # A TLS stream whose handshake failed has let go of its socket (modtls_mbedtls.c).
        self._sock.close()
        # Whoever still holds this, the collector included, holds no TLS session.
        self._stream = self._readinto = self._recv = self._poller = self.push = None

    async def _room(self, deadline, reason):
        """Wait until there may be room for more; a Failure with `reason` when the tick `deadline`
        has come."""
        self._poller.modify(self._stream, select.POLLOUT)
        try:
            await _ready(self._poller, deadline, reason)
        finally:
            self._poller.modify(self._stream, select.POLLIN)  # an answer may have come all the same

    def failure(self, error):
        """The Failure for an OSError, or a ValueError of TLS."""
        reason = tls.reason(error, self.shaking is not None) if self.tls else None
        return _failure(error, reasons.CLOSED) if reason is None else Failure(reason, str(error))


def _failure(error, otherwise):
    """The Failure for an OSError of a socket."""
    known = reasons.NO_MEMORY if is_shortage(error) else _ANSWERS.get(error.errno, otherwise)
    return Failure(known, str(error))


async def connected(addresses, needed, limit_ms, local=None):
    """A socket that is connected to one of `addresses`, see Resolver.lookup. `needed`: of ESP-IDF's
    heap, see memory.reserve; `local`: our own address and port, if they matter. Raises Failure."""
    reserve(*needed)
    failure = Failure(reasons.LOOKUP)
    for address in addresses:
        try:
            return await _connect_one(address, limit_ms, local)
        except Failure as error:
            failure = error
    raise failure


async def _connect_one(address, limit_ms, local):
    sock, connected = None, False
    try:
        # A socket that failed to connect cannot be used again (micropython#4406).
        sock = socket.socket(address[0], address[1], address[2])
        sock.setblocking(False)
        if local:
            sock.bind(local)
        _begin(sock, address[-1])
        poller = _poller(sock, select.POLLOUT)
        await _ready(poller, after(limit_ms), reasons.CONNECT_TIMEOUT)
        if poller.poll(0)[0][1] & _FAILED:
            _begin(sock, address[-1])  # asked again, the stack tells why
            raise Failure(reasons.REFUSED)
        connected = True
        return sock
    except OSError as error:
        raise _failure(error, reasons.CONNECT)
    finally:
        if sock is not None and not connected:
            sock.close()


def _begin(sock, address):
    try:
        sock.connect(address)
    except OSError as error:
        if error.errno not in _PENDING:
            raise


def _poller(stream, mask):
    poller = select.poll()
    poller.register(stream, mask)
    return poller


async def _ready(poller, deadline, reason):
    """Poll until something is ready: the event loop's own queue would make garbage at each wait.
    Other tasks get a turn in any case. A Failure with `reason` when `deadline` has come."""
    while not expired(deadline):
        await asyncio.sleep_ms(0)
        for _ in poller.ipoll(1):  # ends when bytes arrive, where a sleep would be slept out
            return
    raise Failure(reason)
