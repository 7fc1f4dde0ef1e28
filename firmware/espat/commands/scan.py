# AT+CWLAP and AT+CWLAPOPT: which access points there are (docs/wire.md 4.6, 4.7).

from espat.edges.radio import STATION
from espat.edges.worker import Busy
from espat.pure import mac
from espat.pure.errors import EXEC_FAIL, PARA_INVALID, AtError, Failure
from espat.pure.reasons import NOT_SUPPORTED
from espat.services import joining
from espat.services.addresses import mac_argument

_SSID = 32
_CHANNELS = 14
_ALL_CHANNELS = (2 << _CHANNELS) - 1
_LONGEST_SCAN = 1500  # ms
_LEAST_RSSI, _MOST_RSSI = -100, 40
_ALL_FIELDS = 0x7FF
_ALL_MODES = 0xFFFF
# What network.WLAN.scan() does not tell: frequency offset and its calibration (reserved in ESP-AT
# too), pairwise and group cipher (7: unknown), protocols, WPS.
_UNKNOWN = (-1, -1, 7, 7, 0, 0)


async def options(device, reply, args):
    args.count(2, 4)
    args.number(0, 0, 1, 0)  # reserved
    fields = args.number(1, 0, _ALL_FIELDS)
    floor = args.number(2, _LEAST_RSSI, _MOST_RSSI, _LEAST_RSSI)
    modes = args.number(3, 0, _ALL_MODES, _ALL_MODES)
    device.scan_options = (fields, floor, modes)


async def scan(device, reply, args):
    ssid, bssid, channels = (None, None, _ALL_CHANNELS) if args is None else _wanted(args)
    if not device.mode & STATION:
        raise AtError(EXEC_FAIL)
    try:
        found = await joining.scan(device.station)
    except (Busy, OSError):
        raise AtError(EXEC_FAIL)
    fields, floor, modes = device.scan_options
    for ap in sorted(found, key=lambda ap: -ap[3]):  # the strongest first
        named = ssid in (None, ap[0]) and bssid in (None, ap[1]) and channels >> ap[2] & 1
        if named and ap[3] >= floor and modes >> ap[4] & 1:
            await reply.line(b"+CWLAP:(%s)" % _shown(ap, fields))


def _wanted(args):
    """(ssid, bssid, channels as bits); None for all of them."""
    args.count(1, 7)
    ssid, bssid = args.string(0, _SSID, None), mac_argument(args, 1, None)
    channel = args.number(2, 0, _CHANNELS, 0)
    bitmap = args.number(6, 0, _ALL_CHANNELS, 0)
    passive = args.number(3, 0, 1, 0)
    least, most = args.number(4, 0, _LONGEST_SCAN, 0), args.number(5, 0, _LONGEST_SCAN, 0)
    if most and least > most:
        raise AtError(PARA_INVALID | 4)
    if passive or least or most:
        raise Failure(NOT_SUPPORTED)  # WLAN.scan() takes no options
    return ssid, bssid, 1 << channel if channel else bitmap or _ALL_CHANNELS


def _shown(ap, fields):
    ssid, bssid, channel, rssi, security = ap[:5]
    texts = [b"%d" % security, b'"%s"' % ssid, b"%d" % rssi, b'"%s"' % mac.dump(bssid)]
    texts.append(b"%d" % channel)
    texts.extend(b"%d" % value for value in _UNKNOWN)
    return b",".join(texts[bit] for bit in range(len(texts)) if fields >> bit & 1)


HANDLERS = {
    b"+CWLAP": scan,
    b"+CWLAPOPT": options,
}
