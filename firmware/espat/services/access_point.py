# The access point while the board is up: brought into the state in which it was left, and the
# reports of the stations that come and go. Loaded when the access point is first wanted. A stored
# value that makes no sense, or that the driver refuses, is passed over. What commands set is in
# services/access_point_settings.py.

import asyncio

from espat.edges.addressing import accepted
from espat.pure import ap_config, ipv4, mac
from espat.pure.dhcp_pool import is_usable
from espat.pure.errors import Refused
from espat.services.addresses import MOST_PROTOCOLS, is_interface_mac
from espat.services.settings import ACCESS_POINT
from espat.services.supervisor import keep_running

_CONFIG, _ADDRESS, _MAC, _PROTOCOL = ACCESS_POINT
# There are no events, and every look makes garbage, if stations are there: the port's list of them,
# about 100 bytes for each.
_POLL_MS = 1000


class AccessPoint:
    """`config`: the tuple of pure/ap_config, or None: the driver's own; `mac`, `protocol`: what it
    gets when it is switched on, or None. `pool`: the first and the last address of the DHCP server,
    as they were last asked for. `report`: an async function that sends messages to the host."""

    def __init__(self, radio, storage, report):
        self.radio = radio
        self._report = report
        self.on = False
        self._refused = False
        self._watch = None
        self._stations = {}  # mac: address
        self._found = None  # the same as the radio's list
        self._messages = []
        self.pool = None
        self.config = ap_config.load(storage.get_bytes(_CONFIG) or b"")
        self.mac = storage.get_bytes(_MAC)
        self.protocol = storage.get_int(_PROTOCOL)
        self._restore_address((storage.get_bytes(_ADDRESS) or b"").split(b","))

    def prepare(self):
        """Before it is switched on: it must not be on the air as the driver's open network."""
        self._refused = not self._restore_config()

    def switched(self, on):
        """After the mode has changed."""
        self.on = bool(on)
        if not on:
            return
        # ESP-IDF says that it takes a configuration only now, the port has seen it before.
        if self._refused and not self._restore_config():
            self.config = None
        if self.mac is not None and is_interface_mac(self.mac):
            accepted(self.radio.set_mac, self.mac)
        if self.protocol is not None and 0 < self.protocol <= MOST_PROTOCOLS:
            accepted(self.radio.set_protocol, self.protocol)
        if self._watch is None:
            self._watch = asyncio.create_task(keep_running(self.watch))

    def dismissed(self):
        """All stations were sent away; they may come again at once."""
        self._messages.extend(_gone(one) for one in self._stations)
        self._stations, self._found = {}, None

    async def flush(self):
        """Report what there is to report."""
        messages, self._messages = self._messages, []
        await self._report(*messages)

    async def watch(self):
        """For ever: report stations that come, get an address, and go."""
        while True:
            await asyncio.sleep_ms(_POLL_MS)
            if self._stations or (self.on and self.radio.any()):
                self._look()
            if self._messages:
                await self.flush()

    def _look(self):
        found = self._present()
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

    def _present(self):
        try:
            return self.radio.stations() if self.on else ()
        except Refused:
            return ()  # the driver is stopping

    def _restore_config(self):
        return self.config is None or accepted(self.radio.configure, *self.config)

    def _restore_address(self, parts):
        if len(parts) == 3 and all(ipv4.is_address(part) for part in parts):
            address, mask, _ = parts
            if ipv4.is_mask(mask) and is_usable(address, mask):
                accepted(self.radio.set_address, *parts)


def _gone(one):
    return b'+STA_DISCONNECTED:"%s"\r\n' % mac.dump(one)
