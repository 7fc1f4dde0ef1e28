# The station: joins, notices that the link is up or gone, reports it, and joins again.

import asyncio
import time

from espat.edges import radio as link
from espat.edges.deadline import after, expired
from espat.edges.worker import Busy

# AT+CWSTATE numbers.
IDLE, JOINED, HAS_ADDRESS, CONNECTING, DISCONNECTED = 0, 1, 2, 3, 4

_JOINING_POLL_MS = 10
_POLL_MS = 50
_SCAN_MS = 15000
_LEAVING_MS = 1000
_SETTLING_MS = 100
_UNKNOWN = bytes(6)
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
    all, at most `count` times, 0 = for ever. `wanted`: the station is joined or is to be."""

    def __init__(self, radio, worker, report):
        self._radio = radio
        self._worker = worker
        self._report = report
        self._link = link.DOWN
        self.wanted = False
        self._joining = False
        self._trying = False
        self._number = 1
        self._order = 0  # of joining and leaving; an attempt that an order overtook is over
        self._until = time.ticks_ms()
        self._bssid = None
        self._attempts = 0
        self.config = None
        self.interval = 0
        self.count = 0
        self.state = IDLE

    def online(self):
        """Whether the station has an address now, whatever has been reported so far."""
        return self._radio.connected()

    def link(self):
        """The number of the present link, another one after each loss; 0 without an address."""
        return self._number if self._radio.connected() else 0

    async def join(self, config):
        """Join as `config` says and return when there is an address; raises JoinFailed."""
        self._joining = True
        try:
            await self.leave()
            self.config = config
            self.wanted = True
            self._attempts = 0
            await self._join(config)
        except JoinFailed:
            self._rest()
            raise
        finally:
            self._joining = False

    async def leave(self):
        """Leave the access point and stop trying."""
        self._order += 1
        self.wanted = self._trying = False
        self._radio.disconnect()
        gone = after(_LEAVING_MS)
        while self._radio.connected() and not expired(gone):  # the driver takes its time
            await asyncio.sleep_ms(_JOINING_POLL_MS)
        self._number += 1
        was_up = self._link != link.DOWN
        self._link = link.DOWN
        if self.state != IDLE:
            self.state = DISCONNECTED
        if was_up:
            await self._report(_DISCONNECTED)

    def resume(self, config):
        """Join in the background, without a result: at boot, or when the mode allows it again."""
        self.config = config
        self.state = CONNECTING
        self._attempts = 0
        self._until = time.ticks_ms()
        self.wanted = True

    def set_reconnect(self, interval, count):
        """Another interval and count, from now on; the attempts already made count."""
        self.interval, self.count = interval, count
        if self.state == CONNECTING and not self._trying:
            self._rest()

    def renumber(self):
        """The link has another address now: what was connected through the old one is gone."""
        self._number += 1

    def pause(self):
        """Stop what the driver does to join, to begin it anew at once."""
        if self._link == link.DOWN:
            if self._trying:
                self._trying = False
                self._attempts -= 1
                self._until = time.ticks_ms()
            self._radio.disconnect()

    async def scan(self):
        """What radio.scan() gives; raises Busy or OSError. The driver refuses it while it joins."""
        self._joining = True
        try:
            self.pause()
            await asyncio.sleep_ms(_SETTLING_MS)
            return await self._worker.call(self._radio.scan, (), _SCAN_MS)
        finally:
            self._joining = False

    async def watch(self):
        """For ever: report changes of the link, and retry what was lost."""
        while True:
            await asyncio.sleep_ms(_JOINING_POLL_MS if self._trying else _POLL_MS)
            if self.wanted and not self._joining:
                await self._look()
                if self.wanted and not self._joining and self._link == link.DOWN:
                    await self._retry()

    async def access_point(self):
        """(bssid, channel, rssi) of the access point; scans for the bssid the first time, because
        network.WLAN does not tell it. Raises OSError when the link is gone."""
        channel, rssi = self._radio.channel(), self._radio.rssi()
        if self._bssid is None:
            found = await self._candidates(self.config, channel)
            self._bssid = found[0][1] if found else _UNKNOWN
        return self._bssid, channel, rssi

    async def _join(self, config):
        deadline = after(config.timeout * 1000)
        bssid = await self._choose(config)
        while True:
            self._begin(bssid)
            code = await self._outcome(deadline)
            if code is None:
                return
            # A refusal by the access point may pass; the other answers stay what they are.
            if code != link.FAILED or expired(deadline):
                raise JoinFailed(code)
            await asyncio.sleep_ms(200)

    async def _outcome(self, deadline):
        while True:
            await self._look()
            if self._link == link.HAS_ADDRESS:
                return None
            code = self._radio.failure()
            if code is not None and self._link == link.DOWN:
                return code
            if expired(deadline):
                return link.TIMEOUT
            await asyncio.sleep_ms(_JOINING_POLL_MS)

    async def _choose(self, config):
        """The bssid to join: as given, or the strongest that AT+CWJAP's scan_mode and authmode
        admit, or None for the driver's own choice."""
        if config.bssid is not None or not (config.scan_mode or config.authmode):
            return config.bssid
        found = await self._candidates(config, None)
        if not found:
            raise JoinFailed(link.NO_AP)
        return found[0][1]

    async def _candidates(self, config, channel):
        try:
            found = await self._worker.call(self._radio.scan, (), _SCAN_MS)
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

    def _begin(self, bssid):
        self._trying = True
        self._until = after(self.config.timeout * 1000)
        self._bssid = bssid
        self.state = CONNECTING
        try:
            self._radio.connect(self.config.ssid, self.config.password, bssid)
        except OSError:
            raise JoinFailed(link.FAILED)

    async def _look(self):
        now = link.HAS_ADDRESS if self._radio.connected() else self._radio.link()
        before, self._link = self._link, now
        if now == before:
            return
        if now == link.DOWN:
            await self._lost()
            return
        self._trying = False
        self._attempts = 0
        self.state = HAS_ADDRESS if now == link.HAS_ADDRESS else JOINED
        if before == link.DOWN:
            await self._report(_CONNECTED)
        if now == link.HAS_ADDRESS:
            await self._report(_GOT_IP)

    async def _lost(self):
        self._number += 1
        self._rest()
        await self._report(_DISCONNECTED)

    async def _retry(self):
        if self._trying:
            if self._radio.failure() is not None or expired(self._until):
                self._rest()
        elif self.state == CONNECTING and expired(self._until):
            order = self._order
            try:
                bssid = await self._choose(self.config)
                if order == self._order:  # a scan takes seconds
                    self._attempts += 1
                    self._begin(bssid)
            except JoinFailed:
                if order == self._order:
                    self._rest()

    def _rest(self):
        """Until the next attempt, if there is to be one."""
        again = self.interval and not 0 < self.count <= self._attempts
        self._trying = False
        self._until = after(self.interval * 1000)
        self.state = CONNECTING if again else DISCONNECTED
