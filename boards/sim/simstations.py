# The stations of the world at the board's access point, and ESP-IDF's DHCP server (dhcpserver.c),
# computed from the time whenever somebody asks. A station joins as soon as the network is the one
# it looks for, and stays until it is taken out of the world.

import time

from simwifi import address_of
from simworld import world

_DHCP_MS = 10
_POOL = 100  # DHCPS_MAX_LEASE


def _number(address):
    value = 0
    for part in address.split("."):
        value = value << 8 | int(part)
    return value


def _text(value):
    return ".".join(str(value >> shift & 255) for shift in (24, 16, 8, 0))


def _admits(settings, one):
    wanted = one["ssid"] is None or one["ssid"].encode() == settings["ssid"]
    return wanted and one["password"].encode() == (settings["key"] if settings["security"] else b"")


class _Client:
    """A station that has joined. It asks for an address `since` then; None: it does not ask."""

    def __init__(self, one, now):
        self.mac = one["mac"]
        self.since = now if one["dhcp"] else None
        self.address = None


class Stations:
    """Who is there, and the addresses they were given."""

    def __init__(self):
        self._clients = []
        self._pool = None

    def clear(self):
        self._clients = []

    def found(self, settings):
        """[(mac, address or None)]"""
        world.refresh()
        now = time.ticks_ms()
        near = [one for one in world.stations() if _admits(settings, one)]
        self._keep([one["mac"] for one in near])
        here = [client.mac for client in self._clients]
        for one in near:
            if one["mac"] not in here and len(self._clients) < settings["max_clients"]:
                self._clients.append(_Client(one, now))
        for client in self._clients:
            asks = client.since is not None and client.address is None
            if asks and time.ticks_diff(now, client.since) >= _DHCP_MS:
                client.address = self._free()
        return [(address_of(client.mac), client.address) for client in self._clients]

    def start_server(self, ip, mask):
        """dhcps_start(): it knows none of its leases any more, and nobody asks for a new one
        before half of the old one's time is over."""
        for client in self._clients:
            client.address = client.since = None
        own, mask = _number(ip), _number(mask)
        hosts = ~mask & 0xFFFFFFFF
        if hosts & (hosts + 1) or own & hosts in (0, hosts):
            raise RuntimeError("Wifi Unknown Error 0x500d")  # ESP_NETIF_DHCPS_START_FAILED
        if self._pool is None or not self._keeps_pool(own, mask):
            self._pool = self._new_pool(own, own & mask, hosts)

    def _keep(self, macs):
        self._clients = [client for client in self._clients if client.mac in macs]

    def _free(self):
        taken = [client.address for client in self._clients]
        for number in range(self._pool[0], self._pool[1] + 1):
            if _text(number) not in taken:
                return _text(number)
        return None

    def _keeps_pool(self, own, mask):
        near = all((end ^ own) & mask == 0 for end in self._pool)
        return near and not self._pool[0] <= own <= self._pool[1]

    def _new_pool(self, own, network, hosts):
        first, last = own + 1, network + hosts - 1
        if own - network > network + hosts - own:
            first, last = network + 1, own - 1
        return first, min(last, first + _POOL - 1)
