# What AT+CWJAP has set, and its form in storage.

FIELDS = ("authmode", "reconnect", "listen", "scan_mode", "timeout", "pmf")


class StationConfig:
    """ssid and password as bytes, bssid six bytes or None, and the numbers of FIELDS:
    authmode 0..16, reconnect 0..7200 s, listen 1..100 beacons, scan_mode 0 or 1,
    timeout 3..600 s, pmf bits 0 and 1. The defaults are ESP-AT's."""

    def __init__(self, ssid, password, bssid=None, **numbers):
        self.ssid = ssid
        self.password = password
        self.bssid = bssid
        self.authmode = numbers.get("authmode", 0)
        self.reconnect = numbers.get("reconnect", 1)
        self.listen = numbers.get("listen", 3)
        self.scan_mode = numbers.get("scan_mode", 0)
        self.timeout = numbers.get("timeout", 15)
        self.pmf = numbers.get("pmf", 1)


def dump(config):
    """The configuration as one blob: hexadecimal strings and decimal numbers, so that any SSID
    survives, all under one key, so that a power cut leaves the old one or the new one."""
    strings = (config.ssid, config.password, config.bssid or b"")
    fields = [_hex(text) for text in strings]
    fields.extend(b"%d" % getattr(config, name) for name in FIELDS)
    return b",".join(fields)


def load(blob):
    """The StationConfig of dump(), or None if the blob is damaged."""
    fields = blob.split(b",")
    if len(fields) != 3 + len(FIELDS):
        return None
    try:
        ssid, password, bssid = (_unhex(field) for field in fields[:3])
        numbers = {FIELDS[i]: int(fields[3 + i]) for i in range(len(FIELDS))}
    except ValueError:
        return None
    if not ssid or len(bssid) not in (0, 6):
        return None
    return StationConfig(ssid, password, bssid or None, **numbers)


def _hex(text):
    return b"".join(b"%02x" % byte for byte in text)


def _unhex(text):
    return bytes(int(text[i : i + 2], 16) for i in range(0, len(text), 2))
