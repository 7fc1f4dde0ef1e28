# The settings that survive a reset (wire.md 1.10): their keys, how they are stored, and what holds
# when a stored value makes no sense.

from espat.edges import storage
from espat.pure import station_config
from espat.pure.station_config import MOST_ATTEMPTS, MOST_INTERVAL

MODE = "cwmode"
JOIN = "cwjap"
UART = "uart"
MESSAGES = "sysmsg"
RECONNECT = "cwreconncfg"
AUTOCONNECT = "cwautoconn"
ADDRESS = "cipsta"
MAC = "cipstamac"
DNS = "cipdns"
PROTOCOL = "cwstaproto"
AP_CONFIG = "cwsap"
AP_ADDRESS = "cipap"
AP_MAC = "cipapmac"
AP_PROTOCOL = "cwapproto"
LINK_IDENTITIES = "cipsslcconf"
LINK_INTERVAL = "cipreconnintv"
TCP_OPTIONS = "ciptcpopt"
PASSTHROUGH = "savetranslink"
ALL_MESSAGES = 7  # the bits of AT+SYSMSG
LONGEST_INTERVAL = 36000  # of AT+CIPRECONNINTV, in tenths of a second


def number(key, most, default):
    """The stored number, 0..most, or the default."""
    value = storage.get_int(key)
    return value if value is not None and 0 <= value <= most else default


def text(key):
    """The stored bytes, b"" without any."""
    return storage.get_bytes(key) or b""


def save(key, value, store=True):
    """Store a number or bytes, if `store`. Raises Failure."""
    if store:
        (storage.put_bytes if isinstance(value, bytes) else storage.put_int)(key, value)


def erase():
    """Back to the factory's settings."""
    keys = (MODE, JOIN, UART, MESSAGES, RECONNECT, AUTOCONNECT, ADDRESS, MAC, DNS, PROTOCOL)
    for key in keys + (
        AP_CONFIG,
        AP_ADDRESS,
        AP_MAC,
        AP_PROTOCOL,
        LINK_IDENTITIES,
        LINK_INTERVAL,
        TCP_OPTIONS,
        PASSTHROUGH,
    ):
        storage.erase(key)


def station():
    """The StationConfig of the last join, or None."""
    return station_config.load(text(JOIN))


def save_station(config, interval, count):
    """Save a join, and with it AT+CWRECONNCFG's values, in one piece."""
    config = station_config.with_reconnect(config, interval, count)
    save(JOIN, station_config.dump(config))


def reconnect():
    """AT+CWRECONNCFG's (interval, count). The network that is stored has them, because
    AT+CWJAP sets the interval, too; they have a key of their own while there is none."""
    config = station()
    if config is not None:
        return config.reconnect, config.count
    parts = text(RECONNECT).split(b",")
    if len(parts) == 2 and all(part.isdigit() and len(part) < 5 for part in parts):
        interval, count = int(parts[0]), int(parts[1])
        if interval <= MOST_INTERVAL and count <= MOST_ATTEMPTS:
            return interval, count
    return 0, 0
