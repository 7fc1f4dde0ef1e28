# The station: notices that the link is up or gone, reports it, and joins again. What a command does
# to it is in services/joining.py.

import asyncio
import time

from espat.edges import radio as link
from espat.edges.deadline import after, expired
from espat.edges.worker import Busy

# AT+CWSTATE numbers.
IDLE, JOINED, HAS_ADDRESS, CONNECTING, DISCONNECTED = 0, 1, 2, 3, 4

JOINING_POLL_MS = 10
_POLL_MS = 50
SCAN_MS = 15000
_LEAVING_MS = 1000
_CONNECTED = b"WIFI CONNECTED\r\n"
_GOT_IP = b"WIFI GOT IP\r\n"
_DISCONNECTED = b"WIFI DISCONNECT\r\n"


class JoinFailed(Exception):
    """`code` is the number of +CWJAP:<code>."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


class Station:
    """`report` is an async function that sends bytes to the host; `config` the StationConfig
    of the last join, or None. What is lost is tried again every `interval` seconds, 0 = not at
    all, at most `count` times, 0 = for ever. `wanted`: the station is joined or is to be. `held`:
    a command works with the radio, and nobody else does. `linked`: the link as it was last seen,
    see edges/radio. `bssid`: of the access point, where it is known."""

    def __init__(self, radio, worker, report):
        self.radio = radio
        self.worker = worker
        self._report = report
        self.linked = link.DOWN
        self.wanted = False
        self.held = False
        self._trying = False
        self._number = 1
        self._order = 0  # of joining and leaving; an attempt that an order overtook is over
        self._until = time.ticks_ms()
        self.bssid = None
        self.attempts = 0
        self.config = None
        self.interval = 0
        self.count = 0
        self.state = IDLE

    def link_number(self):
        """The number of the present link, another one after each loss; 0 without an address."""
        return self._number if self.radio.connected() else 0

    def way(self):
        """The same, but -1 where there is only the network of the access point here."""
        return self.link_number() or -self.radio.serving()

    async def leave(self):
        """Leave the access point and stop trying."""
        self._order += 1
        self.wanted = self._trying = False
        self.radio.disconnect()
        gone = after(_LEAVING_MS)
        while self.radio.connected() and not expired(gone):  # the driver takes its time
            await asyncio.sleep_ms(JOINING_POLL_MS)
        self._number += 1
        was_up = self.linked != link.DOWN
        self.linked = link.DOWN
        if self.state != IDLE:
            self.state = DISCONNECTED
        if was_up:
            await self._report(_DISCONNECTED)

    def resume(self, config):
        """Join in the background, without a result: at boot, or when the mode allows it again."""
        self.config = config
        self.state = CONNECTING
        self.attempts = 0
        self._until = time.ticks_ms()
        self.wanted = True

    def set_reconnect(self, interval, count):
        """Another interval and count, from now on; the attempts already made count."""
        self.interval, self.count = interval, count
        if self.state == CONNECTING and not self._trying:
            self.rest()

    def renumber(self):
        """The link has another address now: what was connected through the old one is gone."""
        self._number += 1

    def pause(self):
        """Stop what the driver does to join, to begin it anew at once."""
        if self.linked == link.DOWN:
            if self._trying:
                self._trying = False
                self.attempts -= 1
                self._until = time.ticks_ms()
            self.radio.disconnect()

    async def watch(self):
        """For ever: report changes of the link, and retry what was lost."""
        while True:
            await asyncio.sleep_ms(JOINING_POLL_MS if self._trying else _POLL_MS)
            if self.wanted and not self.held:
                await self.look()
                if self.wanted and not self.held and self.linked == link.DOWN:
                    await self._retry()

    async def choose(self, config):
        """The bssid to join: as given, or the strongest that AT+CWJAP's scan_mode and authmode
        admit, or None for the driver's own choice."""
        if config.bssid is not None or not (config.scan_mode or config.authmode):
            return config.bssid
        found = await self.candidates(config, None)
        if not found:
            raise JoinFailed(link.NO_AP)
        return found[0][1]

    async def candidates(self, config, channel):
        try:
            found = await self.worker.call(self.radio.scan, (), SCAN_MS)
        except (Busy, OSError):
            return []
        found = [
            ap
            for ap in found
            if ap[0] == config.ssid
            and (channel is None or ap[2] == channel)
            and ap[4] >= config.authmode
        ]
        return sorted(found, key=lambda ap: -ap[3])

    def begin(self, bssid):
        self._trying = True
        self._until = after(self.config.timeout * 1000)
        self.bssid = bssid
        self.state = CONNECTING
        try:
            self.radio.connect(self.config.ssid, self.config.password, bssid)
        except OSError:
            raise JoinFailed(link.FAILED)

    async def look(self):
        now = link.HAS_ADDRESS if self.radio.connected() else self.radio.link_state()
        before, self.linked = self.linked, now
        if now == before:
            return
        if now == link.DOWN:
            self._number += 1
            self.rest()
            await self._report(_DISCONNECTED)
            return
        self._trying = False
        self.attempts = 0
        self.state = HAS_ADDRESS if now == link.HAS_ADDRESS else JOINED
        if before == link.DOWN:
            await self._report(_CONNECTED)
        if now == link.HAS_ADDRESS:
            await self._report(_GOT_IP)

    async def _retry(self):
        if self._trying:
            if self.radio.failure() is not None or expired(self._until):
                self.rest()
        elif self.state == CONNECTING and expired(self._until):
            order = self._order
            try:
                bssid = await self.choose(self.config)
                if order == self._order:  # a scan takes seconds
                    self.attempts += 1
                    self.begin(bssid)
            except JoinFailed:
                if order == self._order:
                    self.rest()

    def rest(self):
        """Until the next attempt, if there is to be one."""
        again = self.interval and not 0 < self.count <= self.attempts
        self._trying = False
        self._until = after(self.interval * 1000)
        self.state = CONNECTING if again else DISCONNECTED
