# What AT+CIPSTA, AT+CWDHCP, AT+CIPSTAMAC, AT+CIPDNS and AT+CWSTAPROTO have set, as the radio has it
# and as it is stored. At boot a stored value that makes no sense, or that the driver refuses, is
# passed over: the board comes up with the default.
#
# `settings`: the IpSettings, which these functions keep right. `store` says whether the new value
# is to be saved; it holds even if that fails.

from espat.edges import addressing, storage
from espat.edges.addressing import accepted
from espat.edges.radio import STATION
from espat.pure import ipv4
from espat.services.settings import ADDRESSES
from espat.services.volatile import DHCP

HOSTNAME = b"espressif"  # ESP-IDF's own; MicroPython's is another
DEFAULT_DNS = b"208.67.222.222"  # the first of ESP-AT's
_DHCP, _OFF, _STATIC = DHCP, b"off", b"static"
_ADDRESS, _MAC, _DNS, _PROTOCOL = ADDRESSES
MOST_PROTOCOLS = 0x1F  # 802.11 b, g, n, LR, ax


def restore(settings):
    """At boot, before the radio is on."""
    accepted(addressing.set_hostname, HOSTNAME)
    _restore_address(settings, storage.get_bytes(_ADDRESS) or _DHCP)
    dns = storage.get_bytes(_DNS)
    if dns is not None and ipv4.is_address(dns):
        set_dns(settings, dns, False)
    mac = storage.get_bytes(_MAC)
    settings.mac = mac if mac is not None and is_interface_mac(mac) else None
    settings.protocol = storage.get_int(_PROTOCOL)


def restore_station(settings):
    """Whenever the station was switched on: what its driver takes only then."""
    mac, protocol = settings.mac, settings.protocol
    if mac is not None:
        accepted(addressing.set_mac, STATION, mac)
    if protocol is not None and 0 < protocol <= MOST_PROTOCOLS:
        accepted(addressing.set_protocol, STATION, protocol)


def set_static(settings, address, mask, gateway, store):
    addressing.set_addresses(STATION, address, mask, gateway)
    settings.source = b",".join((_STATIC, address, mask, gateway))
    _save(_ADDRESS, settings.source, store)


def start_dhcp(settings, store):
    addressing.start_dhcp()
    settings.source = _DHCP
    _save(_ADDRESS, settings.source, store)


def stop_dhcp(settings, store):
    """The address stays as it is, even if it is none; a static one is kept in storage, too."""
    if settings.dhcp():
        addressing.set_addresses(STATION, *addressing.addresses(STATION))
        settings.source = _OFF
    _save(_ADDRESS, settings.source, store)


def set_dns(settings, server, store):
    """`server`: bytes, or None to leave the choice to DHCP from now on."""
    if server is not None:
        addressing.set_dns(server)
    elif settings.dns is not None:
        addressing.set_dns(DEFAULT_DNS)  # until DHCP tells its own
    settings.dns = server
    _save(_DNS, server or _DHCP, store)


def set_mac(settings, mac, store):
    addressing.set_mac(STATION, mac)
    settings.mac = mac
    _save(_MAC, mac, store)


def set_protocol(settings, bits, store):
    addressing.set_protocol(STATION, bits)
    settings.protocol = bits
    if store:
        storage.put_int(_PROTOCOL, bits)


def _restore_address(settings, stored):
    kind, *parts = stored.split(b",")
    if kind == _STATIC and _are_addresses(parts):
        if accepted(addressing.set_addresses, STATION, *parts):
            settings.source = stored
    elif kind == _OFF:
        accepted(stop_dhcp, settings, False)


def _save(key, value, store):
    if store:
        storage.put_bytes(key, value)


def _are_addresses(parts):
    """Whether they are an address, a netmask and a gateway."""
    return len(parts) == 3 and all(map(ipv4.is_address, parts)) and ipv4.is_mask(parts[1])


def is_interface_mac(mac):
    """Whether an interface may have these bytes as its address: one, not a group, not nothing."""
    return len(mac) == 6 and not mac[0] & 1 and any(mac)
