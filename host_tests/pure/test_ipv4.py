"""IPv4 addresses and masks as text."""

import random
import socket
import struct

from espat.pure import ipv4


def test_masks() -> None:
    for bits in range(33):
        text = socket.inet_ntoa(struct.pack(">I", 0xFFFFFFFF << (32 - bits) & 0xFFFFFFFF))
        assert ipv4.is_mask(text.encode()) == (0 < bits < 32)


def test_addresses_as_the_pc_reads_them() -> None:
    numbers = random.Random(1)
    for _ in range(1000):
        value = numbers.getrandbits(32)
        text = socket.inet_ntoa(struct.pack(">I", value)).encode()
        assert ipv4.is_address(text)
        assert ipv4.number(text) == value
    for bad in (b"", b"1", b"1.2.3", b"1.2.3.4.5", b"1..3.4", b"1.2.3.x", b"1.2.3.-4", b"1.2.3.4 "):
        assert not ipv4.is_address(bad)
