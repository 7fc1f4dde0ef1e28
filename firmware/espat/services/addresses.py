# What AT+CIPSTA, AT+CWDHCP, AT+CIPSTAMAC, AT+CIPDNS and AT+CWSTAPROTO have set, as the radio has it
# and as it is stored. At boot a stored value that makes no sense, or that the driver refuses, is
# passed over: the board comes up with the default.

from espat.edges.addressing import Addressing, accepted
from espat.edges.storage import Storage
from espat.pure import ipv4
from espat.services.settings import ADDRESSES
from espat.services.volatile import DHCP

HOSTNAME = b"espressif"  # ESP-IDF's own; MicroPython's is another
DEFAULT_DNS = b"208.67.222.222"  # the first of ESP-AT's
_DHCP, _OFF, _STATIC = DHCP, b"off", b"static"
_ADDRESS, _MAC, _DNS, _PROTOCOL = ADDRESSES
MOST_PROTOCOLS = 0x1F  # 802.11 b, g, n, LR, ax


def addresses_of(device):
    return Addresses(Addressing(), Storage("espat"), device.ip)


class Addresses:
    """`settings`: the IpSettings, which this module keeps right. A method's `store` says whether
    the new value is to be saved; it holds even if that fails."""

    def __init__(self, addressing, storage, settings):
        self.radio = addressing
        self._storage = storage
        self._set = settings

    def restore(self):
        """At boot, before the radio is on."""
        accepted(self.radio.set_hostname, HOSTNAME)
        self._restore_address(self._storage.get_bytes(_ADDRESS) or _DHCP)
        dns = self._storage.get_bytes(_DNS)
        if dns is not None and ipv4.is_address(dns):
            self.set_dns(dns, False)
        mac = self._storage.get_bytes(_MAC)
        self._set.mac = mac if mac is not None and is_interface_mac(mac) else None
        self._set.protocol = self._storage.get_int(_PROTOCOL)

    def restore_station(self):
        """Whenever the station was switched on: what its driver takes only then."""
        mac, protocol = self._set.mac, self._set.protocol
        if mac is not None:
            accepted(self.radio.set_mac, mac)
        if protocol is not None and 0 < protocol <= MOST_PROTOCOLS:
            accepted(self.radio.set_protocol, protocol)

    def set_static(self, address, mask, gateway, store):
        self.radio.set_static(address, mask, gateway)
        self._set.source = b",".join((_STATIC, address, mask, gateway))
        self._save(_ADDRESS, self._set.source, store)

    def start_dhcp(self, store):
        self.radio.start_dhcp()
        self._set.source = _DHCP
        self._save(_ADDRESS, self._set.source, store)

    def stop_dhcp(self, store):
        """The address stays as it is, even if it is none; a static one is kept in storage, too."""
        if self._set.dhcp():
            self.radio.set_static(*self.radio.current())
            self._set.source = _OFF
        self._save(_ADDRESS, self._set.source, store)

    def set_dns(self, server, store):
        """`server`: bytes, or None to leave the choice to DHCP from now on."""
        if server is not None:
            self.radio.set_dns(server)
        elif self._set.dns is not None:
            self.radio.set_dns(DEFAULT_DNS)  # until DHCP tells its own
        self._set.dns = server
        self._save(_DNS, server or _DHCP, store)

    def set_mac(self, mac, store):
        self.radio.set_mac(mac)
        self._set.mac = mac
        self._save(_MAC, mac, store)

    def set_protocol(self, bits, store):
        self.radio.set_protocol(bits)
        self._set.protocol = bits
        if store:
            self._storage.put_int(_PROTOCOL, bits)

    def _restore_address(self, stored):
        kind, *parts = stored.split(b",")
        if kind == _STATIC and _are_addresses(parts):
            if accepted(self.radio.set_static, *parts):
                self._set.source = stored
        elif kind == _OFF:
            accepted(self.stop_dhcp, False)

    def _save(self, key, value, store):
        if store:
            self._storage.put_bytes(key, value)


def _are_addresses(parts):
    """Whether they are an address, a netmask and a gateway."""
    return len(parts) == 3 and all(map(ipv4.is_address, parts)) and ipv4.is_mask(parts[1])


def is_interface_mac(mac):
    """Whether an interface may have these bytes as its address: one, not a group, not nothing."""
    return len(mac) == 6 and not mac[0] & 1 and any(mac)
