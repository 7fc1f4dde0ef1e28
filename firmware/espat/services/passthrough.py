# Passthrough: what the host sends goes to the peer of one link as it is, and what the peer sends to
# the host, until the host sends "+++" alone (docs/wire.md 6.9). The way down is that of all links,
# services/links.py; this is the way up, and connects anew what has ended.

import asyncio
import time

from micropython import RingIO

from espat.edges.deadline import after, expired
from espat.pure.errors import Failure
from espat.services.link_opening import CONNECT_MS, opened
from espat.services.socket_settings import INTERVAL
from espat.services.supervisor import keep_running

_ROOM = 1280  # in the chunks' buffer, for what the host sends; the rest is for what goes out
_PLUS = b"+++"
_SILENCE_MS = 20  # before and after that
_LOOK_MS = 10
_HOLD_MS = 10000  # for which a host is held whose link is gone
_LAST_MS = 20000  # for what is still to go out at the end
_QUITT, _ALL_MESSAGES = 1, 4  # bits of AT+SYSMSG


class Passthrough:
    """Has the place of the port's CountedInput while it runs. `greeting`: what the host is told
    once, as soon as a link stands that is not open yet."""

    missing = True  # whatever comes is for it

    def __init__(self, device, link, greeting):
        self._device = device
        self._link = link
        self._greeting = b"" if link.conn else greeting
        self._links = device.units.guest
        memory = device.chunks.memory()
        self._ring, self._out = RingIO(memory[:_ROOM]), memory[_ROOM:]
        self._full = _ROOM - 1 - len(device.port.staging) - len(_PLUS)
        self._start = self._end = 0  # of what waits there
        self._due = self._held = after(_HOLD_MS)
        self._plus = 0  # how many of them have come after a silence
        self._silence = 0  # in ms
        self._looked = time.ticks_ms()
        self._opening = None

    async def run(self, begin):
        """Await begin(), and then the end that the host makes."""
        port, message_filter = self._device.port, self._device.message_filter
        bits, counted = self._device.system.messages, port.counted
        self._link.busy, port.counted = True, self
        try:
            await begin()
            message_filter.silent = not bits & _ALL_MESSAGES
            while not self._is_over():
                await asyncio.sleep_ms(1)
                self.push()
                if self._link.conn is None and self._opening is None:
                    self._opening = asyncio.create_task(keep_running(self._open))
                if self._link.ended:
                    self._let_go()
                    name = self._links.name(self._link)
                    await message_filter.report(name + b"CLOSED\r\n")
            port.counted, self._due, limit = counted, after(0), after(_LAST_MS)
            while self.push() and not expired(limit):
                await asyncio.sleep_ms(1)
        finally:
            port.counted = counted
            message_filter.silent = self._link.busy = False
            if self._opening:
                self._opening.cancel()
            if self._link.conn is None and not self._link.serving:
                self._links.close(self._link)
        if bits & _QUITT:
            await message_filter.report(b"\r\n+QUITT\r\n")

    async def put(self, buf, start, end):
        """Take buf[start:end]; returns the index after it."""
        count, goes_on = end - start, self._silence < _SILENCE_MS
        self._silence = 0
        if goes_on == (self._plus > 0) and buf[start:end] == _PLUS[self._plus :][:count]:
            self._plus += count
            return end
        while self._ring.any() > self._full:
            # RTS holds the host. Without a link not for ever: it could not send +++ any more.
            if self._link.conn is None and expired(self._held):
                return end
            await asyncio.sleep_ms(1)
            self._silence = 0  # it would say more
        self._keep_plus()
        self._keep(buf, start, count)
        return end

    def _keep_plus(self):
        """They were data."""
        if self._plus:
            self._keep(_PLUS, 0, self._plus)
            self._plus = 0

    def _keep(self, buf, start, count):
        if not self._ring.any():
            self._due = after(self._device.system.gather_ms)
        self._ring.write(buf, start, count)  # type: ignore[call-arg] # as all streams (py/stream.c)

    def _is_over(self):
        """Whether the host has said so. What comes while the loop stands still is read late: so no
        look counts for more than _LOOK_MS."""
        now = time.ticks_ms()
        passed, self._looked = time.ticks_diff(now, self._looked), now
        if self._silence < _SILENCE_MS:
            self._silence += min(passed, _LOOK_MS)
            return False
        if self._plus < len(_PLUS) and self._ring.any() <= self._full:
            self._keep_plus()
        return self._plus == len(_PLUS)

    def push(self):
        """Send what is due, as much as the peer takes now; whether there is something to send."""
        link = self._link
        if link.conn is None or link.ended:
            return False
        if self._start == self._end and not self._fill():
            return self._ring.any() > 0
        self._send(link)
        return True

    def _send(self, link):
        try:
            self._start += link.conn.push(self._out, self._start, self._end - self._start) or 0
        except (OSError, ValueError):  # reset, or broken
            link.ended = True

    def _fill(self):
        """Take the next block, if it is due."""
        count = self._ring.any()
        if not count or (count < len(self._out) and not expired(self._due)):
            return False
        self._start, self._end = 0, self._ring.readinto(self._out)
        return True

    def _let_go(self):
        """Of a connection that has ended."""
        link = self._link
        self._links.close(link)
        link.ended = False
        if not link.serving:
            self._links.table[link.number] = link  # nobody else gets its number
        self._held = after(_HOLD_MS)

    async def _open(self):
        """Until there is a connection again, for as long as it takes."""
        while self._link.conn is None:
            await asyncio.sleep_ms(100 * self._device.sockets.get(INTERVAL, 1))
            if self._link.serving:
                self._take_client()
                continue
            try:
                await self._connect()
            except Failure as failure:
                print("is tried again: 0x%04x" % failure.reason, failure.detail)
        self._opening = None

    def _take_client(self):
        for link in self._links.table:
            if link and link.conn:
                self._link = link
                link.busy = True

    async def _connect(self):
        device, link = self._device, self._link
        conn = await opened(device, link, CONNECT_MS)
        self._links.keep_quiet(True)
        self._links.open(link, conn)
        await device.message_filter.report(self._links.connected(link) + b"\r\n")
        await device.port.report(self._greeting)
        self._greeting = b""
