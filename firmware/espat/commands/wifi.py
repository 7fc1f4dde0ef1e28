# The station: join, leave.

from espat.edges.radio import STATION, signal
from espat.pure import mac
from espat.pure.errors import EXEC_FAIL, PARA_INVALID, PARA_LENGTH, AtError
from espat.pure.station_config import LONGEST_PASSWORD, LONGEST_SSID, NUMBERS, configured
from espat.services import settings
from espat.services.addresses import mac_argument
from espat.services.joining import join
from espat.services.station import HAS_ADDRESS, JOINED, JoinFailed

_FIRST_NUMBER = 3  # index of the first of NUMBERS
_UNKNOWN = bytes(6)
_PCI = 0  # PCI authentication: a field that ESP-AT prints and no longer sets


async def join_query(device, reply, args):
    station = device.station
    if station.state not in (JOINED, HAS_ADDRESS):
        return
    try:
        channel, rssi = signal()
        if station.bssid is None:  # network.WLAN does not tell it
            found = await station.candidates(station.config, channel)
            station.bssid = found[0][1] if found else _UNKNOWN
    except OSError:
        return  # the link went while we asked
    config = station.config
    settings = (_PCI, station.interval, config.listen, config.scan_mode, config.pmf)
    numbers = b",".join(b"%d" % number for number in (channel, rssi) + settings)
    await reply.line(b'+CWJAP:"%s","%s",%s' % (config.ssid, mac.dump(station.bssid), numbers))


async def join_set(device, reply, args):
    args.count(1, 9)
    last = device.station.config or settings.station()
    ssid = args.string(0, LONGEST_SSID, None)
    password = args.string(1, LONGEST_PASSWORD, None)
    if (ssid is None and last is None) or ssid == b"":
        raise AtError(PARA_INVALID | 0)
    if ssid is None:
        ssid = last.ssid
    if password is None:
        password = last.password if last is not None and last.ssid == ssid else b""
    if 0 < len(password) < 5:  # WEP takes 5 or 13, WPA 8 to 64
        raise AtError(PARA_LENGTH | 1)
    bssid = mac_argument(args, 2, None)
    numbers = {}
    for name, low, high, default in NUMBERS:
        numbers[name] = args.number(_FIRST_NUMBER + len(numbers), low, high, default)
    config = configured(ssid, password, bssid, **numbers)
    await _join(device, reply, config, numbers["reconnect"])


async def join_again(device, reply, args):
    config = device.station.config or settings.station()
    if config is None:
        raise AtError(EXEC_FAIL)
    await _join(device, reply, config, device.station.interval)


async def leave(device, reply, args):
    _need_station(device)
    await device.station.leave()


async def _join(device, reply, config, interval):
    _need_station(device)
    try:
        await join(device.station, config)
        device.station.interval = interval
        if device.store:
            settings.save_station(config, interval, device.station.count)
    except JoinFailed as failure:
        await reply.line(b"+CWJAP:%d" % failure.code)
        raise AtError(EXEC_FAIL)


def _need_station(device):
    if not device.mode & STATION:
        raise AtError(EXEC_FAIL)


HANDLERS = {
    b"+CWJAP?": join_query,
    b"+CWJAP=": join_set,
    b"+CWJAP": join_again,
    b"+CWQAP": leave,
}
