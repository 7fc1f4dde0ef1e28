# The data of AT+CIPSEND, AT+CIPSENDEX and AT+CIPSENDL, from the host to a peer (docs/wire.md 6.5 to
# 6.7).

import asyncio

from espat.edges.deadline import after, expired
from espat.pure.errors import Failure
from espat.pure.reasons import ABORTED, CLOSED, HOST_SILENT
from espat.services.host_data import HostData
from espat.services.socket_settings import NO_REPORT, REPORT

_HOST_MS = 60000
_REST_MS = 100
_CANCEL = b"+++"
_ALONE_MS = 50
_BACKSLASH, _ZERO = 0x5C, 0x30


class Transfer:
    """AT+CIPSEND: the host's data on their way to the peer. `data`: what is still to come."""

    canceled = b"\r\nSEND Canceled\r\n"
    _said = False  # how much has been received

    def __init__(self, device, reply, link, length):
        self._links = device.units.guest
        self._counted = device.port.counted
        self._buf = device.chunks.memory()
        self._reply = reply
        self._link = link
        self._length = length
        self._sent = 0
        self._ended = False
        self.data = HostData(self._counted, length)

    async def run(self, *target):
        """Until all is out, as much at a time as the buffer holds: what is short goes in one piece,
        as ESP-AT sends it. `target`: where datagrams go. Raises Failure."""
        last = False
        while not last:
            count = await self._filled()
            last = self._ended or not (self._counted.missing or self._counted.any())
            if last:
                await _drop_rest(self._counted)
                # Before the last of it is out: hosts wait for this with less patience.
                await self._received(self._sent + count)
            if count:
                await self._link.conn.write(self._buf, count, *target)
            await self._progress(count)

    async def _filled(self):
        """The buffer, as far as there is something for it: how many bytes."""
        at = came = 0
        while at < len(self._buf) and not self._ended:
            await self._wait()
            view = self._buf[at:]
            count = await self.data.readinto(view)
            if not count:
                break
            came += count
            at += self._unescaped(count, view)
            if at == came:  # a + behind a backslash is data
                await self._look_for_end(at)
        return at

    async def broken(self, failure):
        """Drop the rest, and tell what has come, if the host has not called it off."""
        missing = await _drop_rest(self._counted)
        if failure.reason != ABORTED:
            await self._received(self._length - missing)

    async def _received(self, count):
        if not self._said:
            self._said = True
            self._reply.bare(b"\r\nRecv %d bytes\r\n" % count)
            await self._reply.send(b"")

    async def _progress(self, count):
        self._sent += count

    def _unescaped(self, count, buf):
        """How many bytes remain of those that were read."""
        return count

    async def _look_for_end(self, count):
        """Raise Failure if the host calls it off: +++, alone."""
        if count != len(_CANCEL) or self._sent or self._buf[:count] != _CANCEL:
            return
        limit = after(_ALONE_MS)
        while not self._counted.any():
            if expired(limit):
                raise Failure(ABORTED)
            await asyncio.sleep_ms(1)

    async def _wait(self):
        """Until there is something to send, or nothing more to come. Raises Failure."""
        limit, counted = after(_HOST_MS), self._counted
        while counted.missing and not counted.any():
            if self._link.ended:
                raise Failure(CLOSED)
            if expired(limit):
                raise Failure(HOST_SILENT)
            await asyncio.sleep_ms(1)
        self._links.keep_quiet(False)


class Escaped(Transfer):
    """AT+CIPSENDEX: a backslash before a 0 ends it, before all else it goes away."""

    _pending = False

    def _unescaped(self, count, buf):
        left = 0
        for at in range(count):
            if self._pending:
                self._pending = False
                if buf[at] == _ZERO:
                    self._ended = True
                    break
            elif buf[at] == _BACKSLASH:
                self._pending = True
                continue
            buf[left] = buf[at]
            left += 1
        return left


class Long(Transfer):
    """AT+CIPSENDL: any length, and its progress is told."""

    canceled = b"\r\nSEND CANCELLED\r\n"
    _told = 0

    def __init__(self, device, reply, link, length):
        super().__init__(device, reply, link, length)
        self._every, most = device.sockets.get(REPORT, NO_REPORT)
        self._buf = self._buf[:most]

    async def _received(self, count):
        pass

    async def _progress(self, count):
        self._sent += count
        if self._sent - self._told >= self._every or self._sent == self._length:
            self._told = self._sent
            came = self._length - self._counted.missing
            await self._reply.line(b"+CIPSENDL:%d,%d" % (self._sent, came))
            await self._reply.send(b"")


async def _drop_rest(counted):
    """Drop what the host still sends of its data; when it pauses, what it sends are commands again.
    How many bytes have not come."""
    try:
        await counted.swallow(_REST_MS)
        return 0
    except Failure as failure:
        return failure.detail
