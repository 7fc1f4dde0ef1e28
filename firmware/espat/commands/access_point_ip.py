# The access point's addresses, and those it gives away (docs/wire.md 4.12, 4.16).

from espat.edges import addressing
from espat.edges.radio import ACCESS_POINT, STATION
from espat.pure import dhcp_pool, ipv4, mac
from espat.pure.errors import EXEC_FAIL, PARA_INVALID, AtError, Failure
from espat.pure.reasons import NOT_SUPPORTED
from espat.services import access_point
from espat.services.addresses import is_interface_mac

_ADDRESS = 39  # the longest IPv6 address
_MAC_TEXT = 17
_LONGEST_LEASE = 2880  # minutes


async def address_query(device, reply, args):
    access_point.settings(device)  # a stored address is in force from now on, at the latest
    address, mask, gateway = addressing.addresses(ACCESS_POINT)
    for name, value in ((b"ip", address), (b"gateway", gateway), (b"netmask", mask)):
        await reply.line(b'+CIPAP:%s:"%s"' % (name, value))


async def address_set(device, reply, args):
    args.count(1, 3)
    address = _address(args, 0)
    gateway, mask = _address(args, 1, None), _address(args, 2, None)
    access_point.settings(device)
    if mask is None:
        mask = addressing.addresses(ACCESS_POINT)[1]
    elif not ipv4.is_mask(mask):
        raise AtError(PARA_INVALID | 2)
    if not dhcp_pool.is_usable(address, mask):
        raise AtError(PARA_INVALID | 0)
    access_point.set_address(device, address, mask, gateway or address, device.store)


async def mac_query(device, reply, args):
    await reply.line(b'+CIPAPMAC:"%s"' % mac.dump(addressing.mac(ACCESS_POINT)))


async def mac_set(device, reply, args):
    args.count(1, 1)
    new = mac.load(args.string(0, _MAC_TEXT))
    # ESP-IDF asks its users not to give both interfaces one address, and does not look.
    if new is None or not is_interface_mac(new) or new == addressing.mac(STATION):
        raise AtError(PARA_INVALID | 0)
    _need_access_point(device)
    access_point.set_mac(device, new, device.store)


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
    pool = _address(args, 2), _address(args, 3)
    _need_access_point(device)
    address, mask, _ = addressing.addresses(ACCESS_POINT)
    if not ipv4.same_network(pool[0], address, mask):
        raise AtError(PARA_INVALID | 2)
    if not dhcp_pool.fits(pool, address, mask):
        raise AtError(PARA_INVALID | 3)
    if lease != dhcp_pool.LEASE or pool != device.ap.pool:
        raise Failure(NOT_SUPPORTED, "network.WLAN has no settings of the DHCP server")


def _address(args, index, *default):
    text = args.string(index, _ADDRESS, *default)
    if text is not None and (not ipv4.is_address(text) or text == ipv4.NOWHERE):
        raise AtError(PARA_INVALID | index)
    return text


def _need_access_point(device):
    if not device.mode & ACCESS_POINT:
        raise AtError(EXEC_FAIL)


HANDLERS = {
    b"+CWDHCPS?": server_query,
    b"+CWDHCPS=": server_set,
    b"+CIPAPMAC?": mac_query,
    b"+CIPAPMAC=": mac_set,
    b"+CIPAP?": address_query,
    b"+CIPAP=": address_set,
}
