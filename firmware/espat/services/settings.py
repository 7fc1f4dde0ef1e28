# The settings that survive a reset (wire.md 1.10): which they are, how they are stored, and what
# holds when a stored value makes no sense.

from espat.edges import storage
from espat.pure import station_config, uart_config
from espat.pure.station_config import MOST_ATTEMPTS, MOST_INTERVAL

_MODE = "cwmode"
_JOIN = "cwjap"
_UART = "uart"
_MESSAGES = "sysmsg"
_RECONNECT = "cwreconncfg"
_AUTOCONNECT = "cwautoconn"
# Of services/addresses and services/access_point, which are not always loaded.
ADDRESSES = ("cipsta", "cipstamac", "cipdns", "cwstaproto")
ACCESS_POINT = ("cwsap", "cipap", "cipapmac", "cwapproto")
_ALL = (_MODE, _JOIN, _UART, _MESSAGES, _RECONNECT, _AUTOCONNECT) + ADDRESSES + ACCESS_POINT
_DEFAULT_MODE = 1
ALL_MESSAGES = 7  # the bits of AT+SYSMSG


def mode():
    """AT+CWMODE's 0..3."""
    mode = storage.get_int(_MODE)
    return mode if mode in (0, 1, 2, 3) else _DEFAULT_MODE


def save_mode(mode):
    storage.put_int(_MODE, mode)


def station():
    """The StationConfig of the last join, or None."""
    blob = storage.get_bytes(_JOIN)
    return None if blob is None else station_config.load(blob)


def save_station(config, interval, count):
    """Save a join, and with it AT+CWRECONNCFG's values, in one piece."""
    config = station_config.with_reconnect(config, interval, count)
    storage.put_bytes(_JOIN, station_config.dump(config))


def reconnect():
    """AT+CWRECONNCFG's (interval, count). The network that is stored has them, because
    AT+CWJAP sets the interval, too; they have a key of their own while there is none."""
    config = station()
    if config is not None:
        return config.reconnect, config.count
    parts = (storage.get_bytes(_RECONNECT) or b"").split(b",")
    if len(parts) == 2 and all(part.isdigit() and len(part) < 5 for part in parts):
        interval, count = int(parts[0]), int(parts[1])
        if interval <= MOST_INTERVAL and count <= MOST_ATTEMPTS:
            return interval, count
    return 0, 0


def save_reconnect(interval, count):
    config = station()
    if config is not None:
        save_station(config, interval, count)
    else:
        storage.put_bytes(_RECONNECT, b"%d,%d" % (interval, count))


def autoconnect():
    """Whether to join the last network at boot."""
    return storage.get_int(_AUTOCONNECT) != 0


def save_autoconnect(on):
    storage.put_int(_AUTOCONNECT, int(on))


def uart():
    """AT+UART_DEF's settings of the port (pure/uart_config), or None: as the board has it."""
    blob = storage.get_bytes(_UART)
    return None if blob is None else uart_config.load(blob)


def save_uart(config):
    storage.put_bytes(_UART, uart_config.dump(config))


def messages():
    """The bits of AT+SYSMSG."""
    bits = storage.get_int(_MESSAGES)
    return bits if bits is not None and 0 <= bits <= ALL_MESSAGES else 0


def save_messages(bits):
    storage.put_int(_MESSAGES, bits)


def erase():
    """Back to the factory's settings."""
    for key in _ALL:
        storage.erase(key)
