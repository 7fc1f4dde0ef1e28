# What AT+CWJAP has set, and its form in storage.

from binascii import hexlify, unhexlify
from collections import namedtuple

# (name, lowest, highest, default) of AT+CWJAP's numbers, in the order of its parameters.
NUMBERS = (
    ("authmode", 0, 16, 0),
    ("reconnect", 0, 7200, 1),  # seconds
    ("listen", 1, 100, 3),  # beacons
    ("scan_mode", 0, 1, 0),
    ("timeout", 3, 600, 15),  # seconds
    ("pmf", 0, 3, 1),
)
MOST_INTERVAL = NUMBERS[1][2]
MOST_ATTEMPTS = 1000
LONGEST_SSID, LONGEST_PASSWORD = 32, 64
# AT+CWRECONNCFG's second value is stored with them: see settings.reconnect().
_STORED = NUMBERS + (("count", 0, MOST_ATTEMPTS, 0),)


# ssid and password as bytes, bssid six bytes or None, and the numbers: those of NUMBERS, and
# `count`, the attempts to join again that AT+CWRECONNCFG allows. Plain data, which outlives the
# code that made it.
StationConfig = namedtuple(
    "StationConfig",
    (
        "ssid",
        "password",
        "bssid",
        "authmode",
        "reconnect",
        "listen",
        "scan_mode",
        "timeout",
        "pmf",
        "count",
    ),
)


def configured(ssid, password, bssid=None, **numbers):
    """A StationConfig, with the defaults of the numbers that are left out."""
    rest = [numbers.get(name, default) for name, _, _, default in _STORED]
    return StationConfig(ssid, password, bssid, *rest)


def with_reconnect(config, interval, count):
    """The same with other values of AT+CWRECONNCFG."""
    return StationConfig(*(config[:4] + (interval,) + config[5:-1] + (count,)))


def dump(config):
    """The configuration as one blob: hexadecimal strings and decimal numbers, so that any SSID
    survives, all under one key, so that a power cut leaves the old one or the new one."""
    strings = (config.ssid, config.password, config.bssid or b"")
    fields = [hexlify(text) for text in strings]
    return b",".join(fields + [b"%d" % number for number in config[3:]])


def load(blob):
    """The StationConfig of dump(), or None if the blob is damaged."""
    fields = blob.split(b",")
    if len(fields) != 3 + len(_STORED):
        return None
    try:
        ssid, password, bssid = (unhexlify(field) for field in fields[:3])
        numbers = [int(field) for field in fields[3:]]
    except ValueError:
        return None
    if not 0 < len(ssid) <= LONGEST_SSID or len(password) > LONGEST_PASSWORD:
        return None
    if len(bssid) not in (0, 6):
        return None
    for number, (_, low, high, _) in zip(numbers, _STORED):  # noqa: B905 - MicroPython's has no strict
        if not low <= number <= high:
            return None
    return StationConfig(ssid, password, bssid or None, *numbers)
