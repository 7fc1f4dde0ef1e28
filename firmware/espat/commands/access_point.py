# The access point's network and its stations (docs/wire.md 4.15, 4.16).

from espat.edges import addressing, soft_ap
from espat.edges.radio import ACCESS_POINT
from espat.pure import mac
from espat.pure.ap_config import (
    CHANNELS,
    LONGEST_PASSWORD,
    LONGEST_SSID,
    MOST_CLIENTS,
    SECURITIES,
    is_password,
)
from espat.pure.errors import EXEC_FAIL, PARA_INVALID, PARA_LENGTH, AtError, Failure
from espat.pure.ipv4 import NOWHERE
from espat.pure.reasons import NOT_SUPPORTED
from espat.services import access_point
from espat.services.addresses import MOST_PROTOCOLS

_MAC_TEXT = 17
_KEY = 64  # a password, or a key of 64 hexadecimal digits


async def network_query(device, reply, args):
    _need_access_point(device)
    channel, security, clients, hidden = soft_ap.numbers()
    if device.ap.config is None:  # the driver's own network, which is open
        ssid, password = soft_ap.ssid(), b""
    else:
        ssid, password = device.ap.config[:2]
    numbers = (channel, security, clients, hidden)
    await reply.line(b'+CWSAP:"%s","%s",%d,%d,%d,%d' % ((ssid, password) + numbers))


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
        raise Failure(NOT_SUPPORTED, "MicroPython cuts an access point's password at 63 bytes")
    if not is_password(password, security):
        raise AtError(PARA_LENGTH | 1)
    _need_access_point(device)
    if clients is None:
        clients = soft_ap.numbers()[2]
    config = (ssid, password, channel, security, clients, hidden)
    access_point.configure(device, config, device.store)


async def stations(device, reply, args):
    _need_access_point(device)
    for station, address in device.guests.present():
        await reply.line(b"+CWLIF:%s,%s" % (address or NOWHERE, mac.dump(station)))


async def dismiss(device, reply, args):
    args.count(1, 1)
    station = mac.load(args.string(0, _MAC_TEXT))
    if station is None:
        raise AtError(PARA_INVALID | 0)
    _need_access_point(device)
    present = device.guests.present()
    if station not in dict(present):
        raise AtError(EXEC_FAIL)
    if len(present) > 1:
        raise Failure(NOT_SUPPORTED, "network.WLAN cannot send one of several stations away")
    await dismiss_all(device, reply, args)


async def dismiss_all(device, reply, args):
    _need_access_point(device)
    access_point.restart(device)
    reply.after = device.guests.flush


async def protocol_query(device, reply, args):
    _need_access_point(device)
    reply.bare(b"+CWAPPROTO:%d" % addressing.protocol(ACCESS_POINT))


async def protocol_set(device, reply, args):
    args.count(1, 1)
    bits = args.number(0, 1, MOST_PROTOCOLS)
    _need_access_point(device)
    access_point.set_protocol(device, bits, device.store)


def _need_access_point(device):
    if not device.mode & ACCESS_POINT:
        raise AtError(EXEC_FAIL)


HANDLERS = {
    b"+CWSAP?": network_query,
    b"+CWSAP=": network_set,
    b"+CWLIF": stations,
    b"+CWQIF=": dismiss,
    b"+CWQIF": dismiss_all,
    b"+CWAPPROTO?": protocol_query,
    b"+CWAPPROTO=": protocol_set,
}
