# The access point: its network and its stations, its addresses and those it gives away
# (docs/wire.md 4.12, 4.15, 4.16).

from espat.edges import addressing, soft_ap
from espat.edges.radio import ACCESS_POINT, STATION
from espat.pure import ap_config, dhcp_pool, ipv4, mac
from espat.pure.ap_config import (
    CHANNELS,
    LONGEST_PASSWORD,
    LONGEST_SSID,
    MOST_CLIENTS,
    SECURITIES,
)
from espat.pure.errors import EXEC_FAIL, PARA_INVALID, PARA_LENGTH, AtError, Failure
from espat.pure.reasons import NOT_SUPPORTED
from espat.services.access_point import choose_pool
from espat.services.addresses import MOST_PROTOCOLS, ip_argument, is_interface_mac, mac_argument
from espat.services.settings import AP_ADDRESS, AP_CONFIG, AP_MAC, AP_PROTOCOL, save

_KEY = 64  # a password, or a key of 64 hexadecimal digits
_LONGEST_LEASE = 2880  # minutes


async def network_query(device, reply, args):
    _need_access_point(device)
    if device.ap.config is None:  # the driver's own network, which is open
        ssid, password = soft_ap.ssid(), b""
    else:
        ssid, password = device.ap.config[:2]
    await reply.line(b'+CWSAP:"%s","%s",%d,%d,%d,%d' % ((ssid, password) + soft_ap.numbers()))


async def network_set(device, reply, args):
    args.count(4, 6)
    ssid, password = args.string(0, LONGEST_SSID), args.string(1, _KEY)
    if not ssid:
        raise AtError(PARA_INVALID | 0)
    channel, security = args.number(2, 1, CHANNELS), args.number(3, 0, max(SECURITIES))
    if security not in SECURITIES:
        raise AtError(PARA_INVALID | 3)
    clients, hidden = args.number(4, 1, MOST_CLIENTS, None), args.number(5, 0, 1, 0)
    if len(password) > LONGEST_PASSWORD:
        raise Failure(NOT_SUPPORTED)  # MicroPython cuts it at 63 bytes
    if not ap_config.is_password(password, security):
        raise AtError(PARA_LENGTH | 1)
    _need_access_point(device)
    if clients is None:
        clients = soft_ap.numbers()[2]
    config = (ssid, password, channel, security, clients, hidden)
    soft_ap.configure(*config)
    device.ap.config = config
    save(AP_CONFIG, ap_config.dump(config), device.store)


async def stations(device, reply, args):
    _need_access_point(device)
    for station, address in device.guests.present():
        await reply.line(b"+CWLIF:%s,%s" % (address or ipv4.NOWHERE, mac.dump(station)))


async def dismiss(device, reply, args):
    """One station, or all of them."""
    if args is not None:
        args.count(1, 1)
        station = mac_argument(args, 0)
    _need_access_point(device)
    if args is not None:
        present = device.guests.present()
        if station not in dict(present):
            raise AtError(EXEC_FAIL)
        if len(present) > 1:
            raise Failure(NOT_SUPPORTED)  # network.WLAN cannot send one of several away
    soft_ap.restart()  # they may come again at once
    choose_pool(device.ap)
    device.guests.dismissed()
    reply.after = device.guests.flush


async def protocol(device, reply, args):
    bits = None
    if args is not None:
        args.count(1, 1)
        bits = args.number(0, 1, MOST_PROTOCOLS)
    _need_access_point(device)
    if bits is None:
        reply.bare(b"+CWAPPROTO:%d" % addressing.protocol(ACCESS_POINT))
    else:
        addressing.set_protocol(ACCESS_POINT, bits)
        device.ap.protocol = bits
        save(AP_PROTOCOL, bits, device.store)


async def address_query(device, reply, args):
    address, mask, gateway = addressing.addresses(ACCESS_POINT)
    for name, value in ((b"ip", address), (b"gateway", gateway), (b"netmask", mask)):
        await reply.line(b'+CIPAP:%s:"%s"' % (name, value))


async def address_set(device, reply, args):
    args.count(1, 3)
    address = ip_argument(args, 0)
    gateway, mask = ip_argument(args, 1, None) or address, ip_argument(args, 2, None)
    if mask is None:
        mask = addressing.addresses(ACCESS_POINT)[1]
    elif not ipv4.is_mask(mask):
        raise AtError(PARA_INVALID | 2)
    if not dhcp_pool.is_usable(address, mask):
        raise AtError(PARA_INVALID | 0)
    addressing.set_addresses(ACCESS_POINT, address, mask, gateway)
    if device.ap.on:  # else a new address does not start the DHCP server
        choose_pool(device.ap)
    save(AP_ADDRESS, b",".join((address, mask, gateway)), device.store)


async def mac_address(device, reply, args):
    if args is None:
        await reply.line(b'+CIPAPMAC:"%s"' % mac.dump(addressing.mac(ACCESS_POINT)))
        return
    args.count(1, 1)
    new = mac_argument(args, 0)
    # ESP-IDF asks its users not to give both interfaces one address, and does not look.
    if not is_interface_mac(new) or new == addressing.mac(STATION):
        raise AtError(PARA_INVALID | 0)
    _need_access_point(device)
    addressing.set_mac(ACCESS_POINT, new)
    device.ap.mac = new
    save(AP_MAC, new, device.store)


async def server_query(device, reply, args):
    _need_access_point(device)
    reply.bare(b"+CWDHCPS:%d,%s,%s" % ((dhcp_pool.LEASE,) + device.ap.pool))


async def server_set(device, reply, args):
    if not args.number(0, 0, 1):
        args.count(1, 1)
        _need_access_point(device)
        return  # the server's own choice is in force
    args.count(4, 4)
    lease = args.number(1, 1, _LONGEST_LEASE)
    pool = ip_argument(args, 2), ip_argument(args, 3)
    _need_access_point(device)
    address, mask, _ = addressing.addresses(ACCESS_POINT)
    if not ipv4.same_network(pool[0], address, mask):
        raise AtError(PARA_INVALID | 2)
    if not dhcp_pool.fits(pool, address, mask):
        raise AtError(PARA_INVALID | 3)
    if lease != dhcp_pool.LEASE or pool != device.ap.pool:
        raise Failure(NOT_SUPPORTED)  # network.WLAN has no settings of the DHCP server


def _need_access_point(device):
    if not device.mode & ACCESS_POINT:
        raise AtError(EXEC_FAIL)


HANDLERS = {
    b"+CWSAP?": network_query,
    b"+CWSAP=": network_set,
    b"+CWLIF": stations,
    b"+CWQIF": dismiss,
    b"+CWAPPROTO": protocol,
    b"+CWDHCPS?": server_query,
    b"+CWDHCPS=": server_set,
    b"+CIPAPMAC": mac_address,
    b"+CIPAP?": address_query,
    b"+CIPAP=": address_set,
}
