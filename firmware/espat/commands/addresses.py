# The addresses of both interfaces, and the station's settings of them (docs/wire.md 4.11, 4.12,
# 4.13, 5.2).

from espat.edges import addressing
from espat.edges.radio import ACCESS_POINT, STATION
from espat.pure import ipv4, mac
from espat.pure.errors import EXEC_FAIL, PARA_INVALID, AtError, Failure
from espat.pure.reasons import NOT_SUPPORTED
from espat.services.addresses import (
    DEFAULT_DNS,
    STATIC,
    ip_argument,
    is_interface_mac,
    mac_argument,
    set_dns,
    stop_dhcp,
)
from espat.services.settings import ADDRESS, DNS, MAC, save
from espat.services.volatile import DHCP

_MASK = b"255.255.255.0"
_STATION_DHCP, _AP_DHCP = 1, 2


async def every(device, reply, args):
    for name, interface in ((b"AP", ACCESS_POINT), (b"STA", STATION)):
        if device.mode & interface:
            address = addressing.addresses(interface)[0]
            await reply.line(b'+CIFSR:%sIP,"%s"' % (name, address))
            await reply.line(b'+CIFSR:%sMAC,"%s"' % (name, mac.dump(addressing.mac(interface))))


async def address_query(device, reply, args):
    address, mask, gateway = addressing.addresses(STATION)
    for name, value in ((b"ip", address), (b"gateway", gateway), (b"netmask", mask)):
        await reply.line(b'+CIPSTA:%s:"%s"' % (name, value))


async def address_set(device, reply, args):
    args.count(1, 3)
    address = ip_argument(args, 0)
    gateway, mask = ip_argument(args, 1, None), ip_argument(args, 2, None)
    if mask is not None and not ipv4.is_mask(mask):
        raise AtError(PARA_INVALID | 2)
    mask = mask or _MASK  # left out
    gateway = gateway or address[: address.rfind(b".")] + b".1"
    device.station.renumber()  # first: an address that could not be saved holds all the same
    addressing.set_addresses(STATION, address, mask, gateway)
    device.ip.source = b",".join((STATIC, address, mask, gateway))
    save(ADDRESS, device.ip.source, device.store)


async def dhcp(device, reply, args):
    if args is None:
        # The access point's DHCP server is part of the interface: MicroPython cannot stop it.
        reply.bare(b"+CWDHCP:%d" % ((_STATION_DHCP if device.ip.dhcp() else 0) | _AP_DHCP))
        return
    args.count(2, 2)
    on = args.number(0, 0, 1)
    interfaces = args.number(1, 1, _STATION_DHCP | _AP_DHCP)
    if interfaces & _AP_DHCP and not on:
        raise Failure(NOT_SUPPORTED)  # see above
    if interfaces & _STATION_DHCP:
        device.station.renumber()
        if on:
            addressing.start_dhcp()
            device.ip.source = DHCP
        else:
            stop_dhcp(device.ip)
        save(ADDRESS, device.ip.source, device.store)


async def mac_address(device, reply, args):
    if args is None:
        await reply.line(b'+CIPSTAMAC:"%s"' % mac.dump(addressing.mac(STATION)))
        return
    args.count(1, 1)
    new = mac_argument(args, 0)
    if not is_interface_mac(new):
        raise AtError(PARA_INVALID | 0)
    if not device.mode & STATION:
        raise AtError(EXEC_FAIL)
    # The access point knows us by our address: join again with the new one.
    station = device.station
    again = station.config if station.wanted else None
    await station.leave()
    try:
        addressing.set_mac(STATION, new)
        device.ip.mac = new
        save(MAC, new, device.store)
    finally:
        if again is not None:
            station.resume(again)


async def name_server(device, reply, args):
    if args is None:
        line = b"+CIPDNS:%d" % bool(device.ip.dns)
        for server in device.ip.dns or (addressing.dns(),):
            line += b',"%s"' % server
        await reply.line(line)
        return
    args.count(1, 4)
    manual = args.number(0, 0, 1)
    servers = [ip_argument(args, index, None) for index in range(1, 4)]
    given = [server for server in servers if server is not None]
    if len(given) == 3 and given[0] == given[1] == given[2]:
        raise AtError(PARA_INVALID | 3)
    servers = (given or [DEFAULT_DNS]) if manual else []
    set_dns(device.ip, servers)
    save(DNS, b",".join(servers) or DHCP, device.store)


async def ipv6(device, reply, args):
    if args is None:
        await reply.line(b"+CIPV6:0")
        return
    args.count(1, 1)
    if args.number(0, 0, 1):
        raise Failure(NOT_SUPPORTED)  # MicroPython's ESP32 port gives the station no IPv6 address


HANDLERS = {
    b"+CIFSR": every,
    b"+CWDHCP": dhcp,
    b"+CIPSTAMAC": mac_address,
    b"+CIPSTA?": address_query,
    b"+CIPSTA=": address_set,
    b"+CIPV6": ipv6,
    b"+CIPDNS": name_server,
}
