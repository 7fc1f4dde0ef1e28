# Which addresses the access point's DHCP server gives away. MicroPython cannot ask it; this is how
# ESP-IDF chooses when nobody sets it (dhcpserver.c, dhcps_poll_set).

from espat.pure import ipv4

LEASE = 120  # minutes: DHCPS_LEASE_TIME_DEF
MOST = 100  # DHCPS_MAX_LEASE


def is_usable(address, mask):
    """Whether a server can have that address: it is neither the network nor its broadcast."""
    hosts = ~ipv4.number(mask) & 0xFFFFFFFF
    return 0 < ipv4.number(address) & hosts < hosts


def fits(pool, address, mask):
    """Whether the server at `address` can serve `pool`, the first and the last address."""
    first, own, last = (ipv4.number(text) for text in (pool[0], address, pool[1]))
    near = all(ipv4.same_network(text, address, mask) for text in pool)
    return near and first <= last < first + MOST and not first <= own <= last


def choose(old, address, mask):
    """(first, last) of the server at `address`. `old`: what it had before, or None; it is kept
    as long as it fits. Otherwise the larger part of the network, beside the server's address."""
    if old is not None and fits(old, address, mask):
        return old
    own, hosts = ipv4.number(address), ~ipv4.number(mask) & 0xFFFFFFFF
    low = own - (own & hosts)
    high = low + hosts
    first, last = (low + 1, own - 1) if own - low > high - own else (own + 1, high - 1)
    return ipv4.text(first), ipv4.text(min(last, first + MOST - 1))
