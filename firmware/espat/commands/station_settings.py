# Settings of the station beside AT+CWJAP (docs/wire.md 4.1, 4.5, 4.9, 4.10, 4.14, 4.15, 4.16).

from espat.edges import addressing
from espat.edges.radio import STATION
from espat.pure.errors import EXEC_FAIL, PARA_INVALID, AtError, Failure
from espat.pure.reasons import NOT_SUPPORTED
from espat.pure.station_config import MOST_ATTEMPTS, MOST_INTERVAL
from espat.services import settings
from espat.services.addresses import MOST_PROTOCOLS
from espat.services.settings import AUTOCONNECT, PROTOCOL, RECONNECT

_HOSTNAME = 32
_COUNTRY_CODE = 3
_COUNTRY = (1, b"CN", 1, 13)  # ESP-AT's own, which it sets with the manual policy
_CHANNELS = 14
# ESP-IDF's, which network.WLAN leaves as they are: seconds until a silent station or a silent
# access point is given up, and the listen interval in beacons.
_FIXED = (300, 6, 3)
_FIXED_RANGES = ((10, 3600), (3, 600), (1, 100))


async def init(device, reply, args):
    if args is None:
        await reply.line(b"+CWINIT:1")
        return
    args.count(1, 1)
    if not args.number(0, 0, 1):
        raise Failure(NOT_SUPPORTED)  # network.WLAN never gives the driver's memory back


async def reconnect(device, reply, args):
    station = device.station
    if args is None:
        await reply.line(b"+CWRECONNCFG:%d,%d" % (station.interval, station.count))
        return
    args.count(2, 3)
    interval, count = args.number(0, 0, MOST_INTERVAL), args.number(1, 0, MOST_ATTEMPTS)
    now = args.number(2, 0, 1, 0)
    last = settings.station()
    if device.store and last is None:
        settings.save(RECONNECT, b"%d,%d" % (interval, count))
    elif device.store:
        settings.save_station(last, interval, count)
    station.set_reconnect(interval, count)
    config = station.config or last
    if now and config is not None and device.mode & STATION and not station.link_number():
        station.resume(config)


async def autoconnect(device, reply, args):
    if args is None:
        reply.bare(b"+CWAUTOCONN:%d" % settings.number(AUTOCONNECT, 1, 1))
        return
    args.count(1, 1)
    settings.save(AUTOCONNECT, args.number(0, 0, 1))


async def hostname(device, reply, args):
    if args is None:
        await reply.line(b"+CWHOSTNAME:" + addressing.hostname())
        return
    args.count(1, 1)
    name = args.string(0, _HOSTNAME)
    # What DHCP carries is no text of any kind: other bytes end in the logs of routers.
    if not name or not all(0x20 < byte < 0x7F for byte in name):
        raise AtError(PARA_INVALID | 0)
    _need_station(device)
    addressing.set_hostname(name)


async def protocol(device, reply, args):
    if args is None:
        _need_station(device)
        reply.bare(b"+CWSTAPROTO:%d" % addressing.protocol(STATION))
        return
    args.count(1, 1)
    bits = args.number(0, 1, MOST_PROTOCOLS)
    _need_station(device)
    device.station.pause()  # the driver takes no settings while it tries to join
    addressing.set_protocol(STATION, bits)
    device.ip.protocol = bits
    settings.save(PROTOCOL, bits, device.store)


async def country(device, reply, args):
    # Kept and told: MicroPython's ESP32 port does not hand it to the driver, which has its own.
    if args is None:
        row = device.system.country or _COUNTRY
        await reply.line(b'+CWCOUNTRY:%d,"%s",%d,%d' % row)
        return
    args.count(4, 4)
    policy, code = args.number(0, 0, 1), args.string(1, _COUNTRY_CODE)
    if not code:
        raise AtError(PARA_INVALID | 1)
    first, channels = args.number(2, 1, _CHANNELS), args.number(3, 1, _CHANNELS)
    device.system.country = (policy, code, first, channels)


async def config(device, reply, args):
    if args is None:
        await reply.line(b"+CWCONFIG:%d,%d,%d" % _FIXED)
        return
    args.count(1, 3)
    wanted = [args.number(i, *_FIXED_RANGES[i], _FIXED[i]) for i in range(3)]
    if tuple(wanted) != _FIXED:
        raise Failure(NOT_SUPPORTED)  # network.WLAN has no such setting


def _need_station(device):
    if not device.mode & STATION:
        raise AtError(EXEC_FAIL)


HANDLERS = {
    b"+CWINIT": init,
    b"+CWCONFIG": config,
    b"+CWRECONNCFG": reconnect,
    b"+CWSTAPROTO": protocol,
    b"+CWAUTOCONN": autoconnect,
    b"+CWHOSTNAME": hostname,
    b"+CWCOUNTRY": country,
}
