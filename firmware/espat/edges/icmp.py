# One echo request over a raw socket (RFC 792), as ping sends it.

import asyncio
import os
import socket
import struct
import time

from espat.pure import reasons
from espat.pure.errors import Failure

_ICMP = 1
_REQUEST, _REPLY = 8, 0
_PAYLOAD = 32
_PACKET = 1500
_POLL_MS = 1


async def ping(address, limit_ms):
    """Milliseconds until `address`, (text, port), has answered, or None; raises Failure where
    this board has no raw sockets."""
    try:
        sock = socket.socket(socket.AF_INET, socket.SOCK_RAW, _ICMP)
    except OSError as error:  # not built into the stack, or not allowed
        raise Failure(reasons.NOT_SUPPORTED, str(error))
    try:
        sock.setblocking(False)
        return await _exchange(sock, address, limit_ms)
    except OSError:
        return None  # there is no way to it
    finally:
        sock.close()


async def _exchange(sock, address, limit_ms):
    # A raw socket gets all echo replies of this machine; ours has our identifier and payload.
    wanted = os.urandom(2) + b"\0\1" + os.urandom(_PAYLOAD)
    begin = time.ticks_ms()
    sock.sendto(_request(wanted), address)
    while True:
        try:
            packet = sock.recvfrom(_PACKET)[0]
        except OSError:
            packet = None  # nothing yet
        passed = time.ticks_diff(time.ticks_ms(), begin)
        if passed >= limit_ms:
            return None
        if packet is not None and _answers(packet, wanted):
            return passed
        if packet is None:
            await asyncio.sleep_ms(_POLL_MS)


def _request(body):
    packet = struct.pack(">BBH", _REQUEST, 0, 0) + body
    return struct.pack(">BBH", _REQUEST, 0, checksum(packet)) + body


def _answers(packet, wanted):
    """Whether this IP packet is the echo reply that returns `wanted`, whole."""
    start = (packet[0] & 15) * 4 if packet else 0
    message = packet[start:]
    if len(message) != 4 + len(wanted) or message[0] != _REPLY or message[4:] != wanted:
        return False
    return checksum(message) == 0


def checksum(data):
    """RFC 1071's; 0 for a message that holds its own."""
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(">%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF
