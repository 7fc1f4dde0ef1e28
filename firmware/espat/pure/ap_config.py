# What AT+CWSAP has set, as a tuple (ssid, password, channel, security, clients, hidden), and its
# form in storage.

from binascii import hexlify, unhexlify  # the chip's b"".hex() is bytes, other lengths give str

OPEN = 0
SECURITIES = (OPEN, 2, 3, 4)  # open, WPA, WPA2, both: AT+CWSAP's ecn, and the chip's numbers
LONGEST_SSID = 32
LEAST_PASSWORD, LONGEST_PASSWORD = 8, 63
CHANNELS = 14
MOST_CLIENTS = 10


def is_password(password, security):
    """Whether this length goes with this security; an open network may have none."""
    least = 0 if security == OPEN and not password else LEAST_PASSWORD
    return least <= len(password) <= LONGEST_PASSWORD


def dump(config):
    """One blob under one key, so that a power cut leaves the old one or the new one."""
    ssid, password, channel, security, clients, hidden = config
    numbers = b"%d,%d,%d,%d" % (channel, security, clients, hidden)
    return b",".join((hexlify(ssid), hexlify(password), numbers))


def load(blob):
    """The tuple of dump(), or None if the blob is damaged."""
    fields = blob.split(b",")
    if len(fields) != 6:
        return None
    try:
        ssid, password = (unhexlify(field) for field in fields[:2])
        channel, security, clients, hidden = (int(field) for field in fields[2:])
    except ValueError:
        return None
    if not 0 < len(ssid) <= LONGEST_SSID or security not in SECURITIES:
        return None
    if not is_password(password, security):
        return None
    if not (0 < channel <= CHANNELS and 0 < clients <= MOST_CLIENTS and hidden in (0, 1)):
        return None
    return ssid, password, channel, security, clients, hidden
