# Settings of the station beside AT+CWJAP (docs/wire.md 4.1, 4.5, 4.9, 4.10, 4.14, 4.15, 4.16).

from espat.edges import addressing
from espat.edges.radio import STATION
from espat.pure.errors import EXEC_FAIL, PARA_INVALID, AtError, Failure
from espat.pure.reasons import NOT_SUPPORTED
from espat.pure.station_config import MOST_ATTEMPTS, MOST_INTERVAL
from espat.services import addresses, settings
from espat.services.addresses import MOST_PROTOCOLS

_HOSTNAME = 32
_COUNTRY = 3
_CHANNELS = 14
# ESP-IDF's, which network.WLAN leaves as they are: seconds until a silent station or a silent
# access point is given up, and the listen interval in beacons.
_FIXED = (300, 6, 3)
_FIXED_RANGES = ((10, 3600), (3, 600), (1, 100))


async def init_query(device, reply, args):
    await reply.line(b"+CWINIT:1")


async def init_set(device, reply, args):
    args.count(1, 1)
    if not args.number(0, 0, 1):
        raise Failure(NOT_SUPPORTED, "network.WLAN never gives the driver's memory back")


async def reconnect_query(device, reply, args):
    await reply.line(b"+CWRECONNCFG:%d,%d" % (device.station.interval, device.station.count))


async def reconnect_set(device, reply, args):
    args.count(2, 3)
    station = device.station
    interval, count = args.number(0, 0, MOST_INTERVAL), args.number(1, 0, MOST_ATTEMPTS)
    now = args.number(2, 0, 1, 0)
    if device.store:
        settings.save_reconnect(interval, count)
    station.set_reconnect(interval, count)
    config = station.config or settings.station()
    if now and config is not None and device.mode & STATION and not station.online():
        station.resume(config)


async def autoconnect_query(device, reply, args):
    reply.bare(b"+CWAUTOCONN:%d" % settings.autoconnect())


async def autoconnect_set(device, reply, args):
    args.count(1, 1)
    settings.save_autoconnect(args.number(0, 0, 1))


async def hostname_query(device, reply, args):
    await reply.line(b"+CWHOSTNAME:" + addressing.hostname())


async def hostname_set(device, reply, args):
    args.count(1, 1)
    name = args.string(0, _HOSTNAME)
    # What DHCP carries is no text of any kind: other bytes end in the logs of routers.
    if not name or not all(0x20 < byte < 0x7F for byte in name):
        raise AtError(PARA_INVALID | 0)
    _need_station(device)
    addressing.set_hostname(name)


async def protocol_query(device, reply, args):
    _need_station(device)
    reply.bare(b"+CWSTAPROTO:%d" % addressing.protocol(STATION))


async def protocol_set(device, reply, args):
    args.count(1, 1)
    bits = args.number(0, 1, MOST_PROTOCOLS)
    _need_station(device)
    device.station.pause()  # the driver takes no settings while it tries to join
    addresses.set_protocol(device.ip, bits, device.store)


async def country_query(device, reply, args):
    raise Failure(NOT_SUPPORTED, "MicroPython's ESP32 port does not hand the country to the driver")


async def country_set(device, reply, args):
    args.count(4, 4)
    args.number(0, 0, 1)
    if not args.string(1, _COUNTRY):
        raise AtError(PARA_INVALID | 1)
    args.number(2, 1, _CHANNELS)
    args.number(3, 1, _CHANNELS)
    await country_query(device, reply, args)


async def config_query(device, reply, args):
    await reply.line(b"+CWCONFIG:%d,%d,%d" % _FIXED)


async def config_set(device, reply, args):
    args.count(1, 3)
    wanted = [args.number(i, *_FIXED_RANGES[i], _FIXED[i]) for i in range(3)]
    if tuple(wanted) != _FIXED:
        raise Failure(NOT_SUPPORTED, "network.WLAN has no such setting")


def _need_station(device):
    if not device.mode & STATION:
        raise AtError(EXEC_FAIL)


HANDLERS = {
    b"+CWINIT?": init_query,
    b"+CWINIT=": init_set,
    b"+CWCONFIG?": config_query,
    b"+CWCONFIG=": config_set,
    b"+CWRECONNCFG?": reconnect_query,
    b"+CWRECONNCFG=": reconnect_set,
    b"+CWSTAPROTO?": protocol_query,
    b"+CWSTAPROTO=": protocol_set,
    b"+CWAUTOCONN?": autoconnect_query,
    b"+CWAUTOCONN=": autoconnect_set,
    b"+CWHOSTNAME?": hostname_query,
    b"+CWHOSTNAME=": hostname_set,
    b"+CWCOUNTRY?": country_query,
    b"+CWCOUNTRY=": country_set,
}
