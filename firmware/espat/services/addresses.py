# What AT+CIPSTA, AT+CWDHCP, AT+CIPSTAMAC, AT+CIPDNS and AT+CWSTAPROTO have set, as it was stored
# and as the radio gets it. At boot a stored value that makes no sense, or that the driver refuses,
# is passed over: the board comes up with the default.
#
# `own`: the IpSettings, which these functions keep right.

from espat.edges import addressing
from espat.edges.addressing import accepted
from espat.edges.radio import STATION
from espat.pure import ipv4
from espat.pure import mac as macs
from espat.pure.errors import PARA_INVALID, AtError
from espat.services import settings
from espat.services.settings import ADDRESS, DNS, MAC, PROTOCOL

HOSTNAME = b"espressif"  # ESP-IDF's own; MicroPython's is another
DEFAULT_DNS = b"208.67.222.222"  # the first of ESP-AT's
_OFF = b"off"
STATIC = b"static"
MOST_PROTOCOLS = 0x1F  # 802.11 b, g, n, LR, ax
_IP_TEXT = 39  # the longest IPv6 address
_MAC_TEXT = 17


def restore(own):
    """At boot, before the radio is on."""
    accepted(addressing.set_hostname, HOSTNAME)
    stored = settings.text(ADDRESS)
    kind, *parts = stored.split(b",")
    if kind == _OFF:
        accepted(stop_dhcp, own)
    elif (
        kind == STATIC
        and are_addresses(parts)
        and accepted(addressing.set_addresses, STATION, *parts)
    ):
        own.source = stored
    servers = settings.text(DNS).split(b",")
    if all(map(ipv4.is_address, servers)):
        set_dns(own, servers)
    own.mac, own.protocol = stored_mac(MAC), settings.number(PROTOCOL, MOST_PROTOCOLS, 0)


def restore_station(own):
    """Whenever the station was switched on: what its driver takes only then."""
    if own.mac:
        accepted(addressing.set_mac, STATION, own.mac)
    if own.protocol:
        accepted(addressing.set_protocol, STATION, own.protocol)


def stop_dhcp(own):
    """The address stays as it is, even if it is none."""
    if own.dhcp():
        addressing.set_addresses(STATION, *addressing.addresses(STATION))
        own.source = _OFF


def set_dns(own, servers):
    """`servers`: a list of bytes, empty to leave the choice to DHCP from now on."""
    if servers:
        addressing.set_dns(servers[0])
    elif own.dns:
        addressing.set_dns(DEFAULT_DNS)  # until DHCP tells its own
    own.dns = servers


def are_addresses(parts):
    """Whether they are an address, a netmask and a gateway."""
    return len(parts) == 3 and all(map(ipv4.is_address, parts)) and ipv4.is_mask(parts[1])


def stored_mac(key):
    """The stored MAC address of an interface, or None."""
    mac = settings.text(key)
    return mac if is_interface_mac(mac) else None


def is_interface_mac(mac):
    """Whether an interface may have these bytes as its address: one, not a group, not nothing."""
    return len(mac) == 6 and not mac[0] & 1 and any(mac)


def ip_argument(args, index, *default):
    """The IP address that is parameter `index` of a command; raises AtError."""
    text = args.string(index, _IP_TEXT, *default)
    if text is not None and (not ipv4.is_address(text) or text in ipv4.NOBODY):
        raise AtError(PARA_INVALID | index)
    return text


def mac_argument(args, index, *default):
    """The MAC address, six bytes; raises AtError."""
    text = args.string(index, _MAC_TEXT, *default)
    mac = None if text is None else macs.load(text)
    if mac is None and text is not None:
        raise AtError(PARA_INVALID | index)
    return mac
