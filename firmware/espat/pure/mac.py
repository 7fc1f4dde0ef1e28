# MAC addresses as ESP-AT writes them: aa:bb:cc:dd:ee:ff, lower case.

_DIGITS = b"0123456789abcdef"


def dump(mac):
    """Six bytes as text."""
    return b":".join(b"%02x" % byte for byte in mac)


def load(text):
    """Six bytes, or None if `text` is not a MAC address."""
    parts = text.lower().split(b":")
    if len(parts) != 6 or not all(_is_byte(part) for part in parts):
        return None
    return bytes(int(part, 16) for part in parts)


def _is_byte(part):
    return len(part) == 2 and all(digit in _DIGITS for digit in part)
