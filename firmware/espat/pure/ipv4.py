# IPv4 addresses as text, which is how MicroPython takes and gives them.

NOWHERE = b"0.0.0.0"


def is_address(text):
    """Whether `text` is four decimal numbers below 256, with dots between."""
    parts = text.split(b".")
    return len(parts) == 4 and all(_is_byte(part) for part in parts)


def is_mask(text):
    """Whether `text` is an address whose bits are ones, then zeros; with some of each."""
    if not is_address(text):
        return False
    zeros = ~number(text) & 0xFFFFFFFF
    return zeros & (zeros + 1) == 0 and 0 < zeros < 0xFFFFFFFF


def same_network(one, other, mask):
    """Whether two addresses are neighbours under `mask`."""
    return (number(one) ^ number(other)) & number(mask) == 0


def number(text):
    """The address as one number."""
    value = 0
    for part in text.split(b"."):
        value = value << 8 | int(part)
    return value


def text(value):
    """The number as an address."""
    return b".".join(b"%d" % (value >> shift & 0xFF) for shift in (24, 16, 8, 0))


def _is_byte(part):
    # "010" is 8 to some programs and 10 to others.
    plain = part == b"0" or part[:1] != b"0"
    digits = all(digit in b"0123456789" for digit in part)
    return 0 < len(part) < 4 and plain and digits and int(part) < 256
