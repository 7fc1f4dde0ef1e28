# The stations of the access point: reports of those that come and go.

import asyncio

from espat.edges import soft_ap
from espat.pure import mac
from espat.pure.errors import AtError
from espat.services.supervisor import keep_running

# There are no events, and every look makes garbage, if stations are there: the port's list of them,
# about 100 bytes for each.
_POLL_MS = 1000


class Watch:
    """Works until the access point is off, and all is told."""

    def __init__(self, device):
        self._guests = soft_ap.Guests()
        self._device = device
        self._settings = device.ap
        self._report = device.message_filter.report
        self._stations = {}  # mac: address
        self._found = None  # the same as the interface's list
        self._messages = []
        asyncio.create_task(keep_running(self._run))

    def present(self):
        """[(mac, address as bytes)]; raises AtError."""
        return self._guests.present()

    def dismissed(self):
        """All stations were sent away."""
        self._messages.extend(_gone(one) for one in self._stations)
        self._stations, self._found = {}, None

    async def flush(self):
        """Report what there is to report."""
        messages, self._messages = self._messages, []
        await self._report(*messages)

    async def _run(self):
        """Report stations that come, get an address, and go."""
        on = True
        while on or self._settings.on:
            await asyncio.sleep_ms(_POLL_MS)
            on = self._settings.on
            if self._stations or (on and self._guests.any()):
                self.look()
            if self._messages:
                await self.flush()
        self._device.guests = None

    def look(self):
        """See who is there."""
        found = self._now()
        if found is self._found:
            return
        self._found = found
        before, self._stations = self._stations, dict(found)
        self._messages.extend(_gone(one) for one in before if one not in self._stations)
        for one, address in found:
            if one not in before:
                self._messages.append(b'+STA_CONNECTED:"%s"\r\n' % mac.dump(one))
            if address and address != before.get(one):
                self._messages.append(b'+DIST_STA_IP:"%s","%s"\r\n' % (mac.dump(one), address))

    def _now(self):
        try:
            return self.present() if self._settings.on else ()
        except AtError:
            return ()  # the driver is stopping


def _gone(one):
    return b'+STA_DISCONNECTED:"%s"\r\n' % mac.dump(one)
