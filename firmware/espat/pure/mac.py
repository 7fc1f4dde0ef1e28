# MAC addresses as ESP-AT writes them: aa:bb:cc:dd:ee:ff, lower case.

_DIGITS = b"0123456789abcdef"


def dump(mac):
    """Six bytes as text."""
    return b":".join(b"%02x" % byte for byte in mac)


def load(text):
    """Six bytes, or None if `text` is not a MAC address."""
    parts = text.lower().split(b":")
    digits = b"".join(parts)
    if [len(part) for part in parts] != [2] * 6 or digits.strip(_DIGITS):
        return None
    return bytes.fromhex(digits.decode())
