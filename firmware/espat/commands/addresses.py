# The station's addresses (docs/wire.md 4.11, 4.12, 4.13, 5.2).

from espat.edges import addressing
from espat.edges.radio import STATION
from espat.pure import ipv4, mac
from espat.pure.errors import EXEC_FAIL, PARA_INVALID, AtError, Failure
from espat.pure.reasons import NOT_SUPPORTED
from espat.services import addresses
from espat.services.addresses import DEFAULT_DNS, is_interface_mac

_ADDRESS = 39  # the longest IPv6 address
_MAC_TEXT = 17
_MASK = b"255.255.255.0"
_STATION_DHCP, _AP_DHCP = 1, 2


async def address_query(device, reply, args):
    address, mask, gateway = addressing.addresses(STATION)
    for name, value in ((b"ip", address), (b"gateway", gateway), (b"netmask", mask)):
        await reply.line(b'+CIPSTA:%s:"%s"' % (name, value))


async def address_set(device, reply, args):
    args.count(1, 3)
    address = _address(args, 0)
    gateway, mask = _address(args, 1, None), _address(args, 2, None)
    if mask is not None and not ipv4.is_mask(mask):
        raise AtError(PARA_INVALID | 2)
    # Left out: as they are; what does not fit the address: x.x.x.1 and a network of 254.
    _, old_mask, old_gateway = addressing.addresses(STATION)
    mask = mask or (_MASK if old_mask == ipv4.NOWHERE else old_mask)
    if gateway is None:
        near = ipv4.same_network(address, old_gateway, mask)
        gateway = old_gateway if near else address[: address.rfind(b".")] + b".1"
    device.station.renumber()  # first: an address that could not be saved holds all the same
    addresses.set_static(device.ip, address, mask, gateway, device.store)


async def dhcp_query(device, reply, args):
    # The access point's DHCP server is part of the interface: MicroPython cannot stop it.
    reply.bare(b"+CWDHCP:%d" % ((_STATION_DHCP if device.ip.dhcp() else 0) | _AP_DHCP))


async def dhcp_set(device, reply, args):
    args.count(2, 2)
    on = args.number(0, 0, 1)
    interfaces = args.number(1, 1, _STATION_DHCP | _AP_DHCP)
    if interfaces & _AP_DHCP and not on:
        raise Failure(NOT_SUPPORTED, "the access point's DHCP server cannot be stopped")
    if interfaces & _STATION_DHCP:
        device.station.renumber()
        (addresses.start_dhcp if on else addresses.stop_dhcp)(device.ip, device.store)


async def mac_query(device, reply, args):
    await reply.line(b'+CIPSTAMAC:"%s"' % mac.dump(addressing.mac(STATION)))


async def mac_set(device, reply, args):
    args.count(1, 1)
    new = mac.load(args.string(0, _MAC_TEXT))
    if new is None or not is_interface_mac(new):
        raise AtError(PARA_INVALID | 0)
    if not device.mode & STATION:
        raise AtError(EXEC_FAIL)
    # The access point knows us by our address: join again with the new one.
    station = device.station
    again = station.config if station.wanted else None
    await station.leave()
    try:
        addresses.set_mac(device.ip, new, device.store)
    finally:
        if again is not None:
            station.resume(again)


async def dns_query(device, reply, args):
    manual = device.ip.dns is not None
    server = device.ip.dns if manual else addressing.dns()
    reply.bare(b'+CIPDNS:%d,"%s"' % (manual, server))


async def dns_set(device, reply, args):
    args.count(1, 4)
    manual = args.number(0, 0, 1)
    servers = [_address(args, index, None) for index in range(1, 4)]
    given = [server for server in servers if server is not None]
    if len(given) == 3 and given[0] == given[1] == given[2]:
        raise AtError(PARA_INVALID | 3)
    if manual and len(given) > 1:
        raise Failure(NOT_SUPPORTED, "network.ipconfig() has one name server")
    if manual:
        addresses.set_dns(device.ip, given[0] if given else DEFAULT_DNS, device.store)
    else:
        addresses.set_dns(device.ip, None, device.store)


async def ipv6_query(device, reply, args):
    await reply.line(b"+CIPV6:0")


async def ipv6_set(device, reply, args):
    args.count(1, 1)
    if args.number(0, 0, 1):
        raise Failure(NOT_SUPPORTED, "MicroPython's ESP32 port gives the station no IPv6 address")


def _address(args, index, *default):
    text = args.string(index, _ADDRESS, *default)
    if text is not None and (not ipv4.is_address(text) or text == ipv4.NOWHERE):
        raise AtError(PARA_INVALID | index)
    return text


HANDLERS = {
    b"+CWDHCP?": dhcp_query,
    b"+CWDHCP=": dhcp_set,
    b"+CIPSTAMAC?": mac_query,
    b"+CIPSTAMAC=": mac_set,
    b"+CIPSTA?": address_query,
    b"+CIPSTA=": address_set,
    b"+CIPV6?": ipv6_query,
    b"+CIPV6=": ipv6_set,
    b"+CIPDNS?": dns_query,
    b"+CIPDNS=": dns_set,
}
