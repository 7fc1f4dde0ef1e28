"""What counts as the answer to an echo request, without any network."""

import struct

from espat.edges import icmp

WANTED = b"\x12\x34\0\1" + bytes(range(32))


def packet(kind: int = 0, body: bytes = WANTED, options: bytes = b"") -> bytes:
    message = struct.pack(">BBH", kind, 0, 0) + body
    message = struct.pack(">BBH", kind, 0, icmp.checksum(message)) + body
    return bytes((0x45 + len(options) // 4,)) + bytes(19) + options + message


def test_a_reply() -> None:
    assert icmp._answers(packet(), WANTED)
    assert icmp._answers(packet(options=bytes(8)), WANTED)


def test_others() -> None:
    """Our own question, another's answer, half of it, and more than it."""
    others = [packet(8), packet(body=b"\x12\x35" + WANTED[2:])]
    others += [packet()[:end] for end in range(len(packet()))]
    others += [packet(body=WANTED + b"x"), b"\x4f" + bytes(70)]
    for other in others:
        assert not icmp._answers(other, WANTED), other


def test_a_damaged_one() -> None:
    whole = packet()
    for i in range(20, len(whole)):
        assert not icmp._answers(whole[:i] + bytes((whole[i] ^ 1,)) + whole[i + 1 :], WANTED)


def test_the_checksum_of_rfc_1071() -> None:
    """Its example in section 3, and an odd length."""
    assert icmp.checksum(bytes.fromhex("0001f203f4f5f6f7")) == 0xFFFF ^ 0xDDF2
    assert icmp.checksum(b"\1") == 0xFEFF
