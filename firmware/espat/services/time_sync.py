# Keeps the clock right by SNTP: asks the servers in turn, sets the clock, asks again when the
# interval is over; after a failure with growing pauses (RFC 4330 section 10).

import asyncio

from espat.edges import clock, ntp
from espat.pure.errors import Failure
from espat.services.supervisor import keep_running
from espat.services.unit_care import keep
from espat.services.volatile import SNTP_SERVERS

_LOOKUP_MS = 10000
_ANSWER_MS = 3000
_OFFLINE_S = 1
_FIRST_RETRY_S, _LAST_RETRY_S = 15, 900  # no server is asked more often than every 15 s
_TELL_MS = 100  # hosts drop what comes together with the OK of AT+CIPSNTPCFG
_LONGEST_WAIT_S = 3600  # a tick counter holds about six days
_UPDATED = b"+TIME_UPDATED\r\n"


class TimeSync:
    """Works as long as the settings have it enabled."""

    def __init__(self, device):
        # Not the commands' one: none of them waits for a name server that nobody else asks.
        self._resolver = device.beside
        self._online = device.station.link_number
        self._report = device.message_filter.report
        self._settings = device.sntp
        self._changed = asyncio.Event()
        keep(device.units, "sntp", self)
        self.start_over()
        asyncio.create_task(keep_running(self._run))

    def needed(self):
        return self._settings.sync is self

    def renew(self):
        """The settings have changed."""
        self._changed.set()

    def start_over(self):
        """The same, and the host wants to hear of the next success."""
        self._untold = True
        self._retry = _FIRST_RETRY_S
        self.renew()

    async def _run(self):
        """Synchronise when it is due."""
        while self._settings.enabled:
            self._changed.clear()
            if not self._online():
                await self._sleep(_OFFLINE_S)
            elif await self._synchronise():
                self._retry = _FIRST_RETRY_S
                await self._tell()
                await self._sleep(self._settings.interval)
            else:
                await self._sleep(min(self._retry, self._settings.interval))
                if not self._changed.is_set():
                    self._retry = min(self._retry * 2, _LAST_RETRY_S)
        self._settings.sync = None

    async def _synchronise(self):
        """Whether one of the servers has set the clock."""
        for server in self._settings.servers or SNTP_SERVERS:
            try:
                addresses = await self._resolver.lookup(server, ntp.PORT, _LOOKUP_MS)
                seconds, micros = await ntp.ask(addresses[0], _ANSWER_MS)
            except (Failure, ntp.NtpError) as error:
                print("SNTP failed:", server, error)
                continue
            if self._changed.is_set():
                return False  # nobody wants this server's time any more
            clock.set_unix(seconds, micros)
            return True
        return False

    async def _tell(self):
        # Once per AT+CIPSNTPCFG, as ESP-AT: the updates that follow every hour are nobody's news.
        if self._untold:
            await asyncio.sleep_ms(_TELL_MS)
            if not self._changed.is_set():
                self._untold = False
                await self._report(_UPDATED)

    async def _sleep(self, seconds):
        """Wait so long, or until the settings change."""
        while seconds > 0 and not self._changed.is_set():
            wait = min(seconds, _LONGEST_WAIT_S)
            seconds -= wait
            try:
                await asyncio.wait_for_ms(self._changed.wait(), wait * 1000)
            except asyncio.TimeoutError:
                continue
