# AT+CWLAP and AT+CWLAPOPT: which access points there are (docs/wire.md 4.6, 4.7).

from espat.edges.radio import STATION
from espat.edges.worker import Busy
from espat.pure import mac
from espat.pure.errors import EXEC_FAIL, PARA_INVALID, AtError, Failure
from espat.pure.reasons import NOT_SUPPORTED
from espat.services import joining

_SSID = 32
_MAC_TEXT = 17
_CHANNELS = 14
_LONGEST_SCAN = 1500  # ms
_LEAST_RSSI, _MOST_RSSI = -100, 40
_ALL_FIELDS = 0x7FF
_ALL_MODES = 0xFFFF
# What network.WLAN.scan() does not tell: frequency offset and its calibration (reserved in ESP-AT
# too), pairwise and group cipher (7: unknown), protocols, WPS.
_UNKNOWN = (-1, -1, 7, 7, 0, 0)


async def options_set(device, reply, args):
    args.count(2, 4)
    args.number(0, 0, 1, 0)  # reserved
    fields = args.number(1, 0, _ALL_FIELDS)
    floor = args.number(2, _LEAST_RSSI, _MOST_RSSI, _LEAST_RSSI)
    modes = args.number(3, 0, _ALL_MODES, _ALL_MODES)
    device.scan_options = (fields, floor, modes)


async def scan(device, reply, args):
    await _list(device, reply, lambda ap: True)


async def scan_for(device, reply, args):
    args.count(1, 7)
    ssid = args.string(0, _SSID, None)
    bssid = _bssid(args)
    channels = _channels(args)
    passive = args.number(3, 0, 1, 0)
    least, most = args.number(4, 0, _LONGEST_SCAN, 0), args.number(5, 0, _LONGEST_SCAN, 0)
    if most and least > most:
        raise AtError(PARA_INVALID | 4)
    if passive or least or most:
        raise Failure(NOT_SUPPORTED, "WLAN.scan() takes no options")

    def wanted(ap):
        named = ssid is None or ap[0] == ssid
        return named and bssid in (None, ap[1]) and channels >> ap[2] & 1

    await _list(device, reply, wanted)


async def _list(device, reply, wanted):
    fields, floor, modes = device.scan_options
    for ap in await _scan(device):
        if ap[3] >= floor and modes >> ap[4] & 1 and wanted(ap):
            await reply.line(b"+CWLAP:(%s)" % _shown(ap, fields))


async def _scan(device):
    """The access points, the strongest first."""
    if not device.mode & STATION:
        raise AtError(EXEC_FAIL)
    try:
        found = await joining.scan(device.station)
    except (Busy, OSError):
        raise AtError(EXEC_FAIL)
    return sorted(found, key=lambda ap: -ap[3])


def _shown(ap, fields):
    ssid, bssid, channel, rssi, security = ap[:5]
    texts = [b"%d" % security, b'"%s"' % ssid, b"%d" % rssi, b'"%s"' % mac.dump(bssid)]
    texts.append(b"%d" % channel)
    texts.extend(b"%d" % value for value in _UNKNOWN)
    return b",".join(texts[bit] for bit in range(len(texts)) if fields >> bit & 1)


def _bssid(args):
    text = args.string(1, _MAC_TEXT, None)
    bssid = None if text is None else mac.load(text)
    if text is not None and bssid is None:
        raise AtError(PARA_INVALID | 1)
    return bssid


def _channels(args):
    """The wanted channels as bits: one, or those of the bitmap, or all."""
    channel = args.number(2, 0, _CHANNELS, 0)
    bitmap = args.number(6, 0, (2 << _CHANNELS) - 1, 0)
    return 1 << channel if channel else bitmap or (2 << _CHANNELS) - 1


HANDLERS = {
    b"+CWLAP=": scan_for,
    b"+CWLAP": scan,
    b"+CWLAPOPT=": options_set,
}
