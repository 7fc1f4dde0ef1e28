# IPv4 addresses as text, which is how MicroPython takes and gives them.

NOWHERE = b"0.0.0.0"
NOBODY = (NOWHERE, b"255.255.255.255")  # no interface has these


def is_address(written):
    """Whether this is four decimal numbers below 256, with dots between, and written as here:
    "010" is 8 to some programs and 10 to others."""
    try:
        return text(number(written)) == written
    except ValueError:
        return False


def is_mask(written):
    """Whether this is an address whose bits are ones, then zeros; with some of each."""
    if not is_address(written):
        return False
    zeros = ~number(written) & 0xFFFFFFFF
    return zeros & (zeros + 1) == 0 and 0 < zeros < 0xFFFFFFFF


def same_network(one, other, mask):
    """Whether two addresses are neighbours under `mask`."""
    return (number(one) ^ number(other)) & number(mask) == 0


def number(address):
    """The address as one number."""
    value = 0
    for part in address.split(b"."):
        value = value << 8 | int(part)
    return value


def text(value):
    """The number as an address."""
    return b".".join(b"%d" % (value >> shift & 0xFF) for shift in (24, 16, 8, 0))
