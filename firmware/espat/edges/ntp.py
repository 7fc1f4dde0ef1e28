# One question to one time server: SNTP (RFC 4330), with RFC 5905's packet.

import asyncio
import os
import socket
import time

from espat.edges import clock

PORT = 123
_PACKET = 48
_QUESTION = 0x23  # no leap warning, version 4, mode 3: client
_SERVER = 4
_UNSYNCHRONISED = 3
_LARGEST_STRATUM = 15
_NTP_TO_UNIX = 2208988800  # seconds from 1900 to 1970
_ERA = 1 << 32
_POLL_MS = 5


class NtpError(Exception):
    """No usable time came from this server."""


async def ask(address, limit_ms):
    """(seconds since 1970, microseconds) from the server at `address`, an entry of getaddrinfo's
    list; raises NtpError."""
    sock = None
    try:
        # The type of an address found for TCP does not matter, the family does.
        sock = socket.socket(address[0], socket.SOCK_DGRAM)
        sock.setblocking(False)
        sock.connect(address[-1])  # now the stack drops what comes from elsewhere
        return await _exchange(sock, limit_ms)
    except OSError as error:
        raise NtpError(str(error))
    finally:
        if sock is not None:
            sock.close()


async def _exchange(sock, limit_ms):
    # Any 64 bits do as our time: the server only returns them, and who cannot see the question
    # cannot guess them (RFC 4330 section 5).
    stamp = os.urandom(8)
    sock.send(bytes((_QUESTION,)) + bytes(_PACKET - 1 - len(stamp)) + stamp)
    begin = time.ticks_ms()
    buf = bytearray(_PACKET)
    while True:
        count = sock.readinto(buf)
        passed = time.ticks_diff(time.ticks_ms(), begin)
        # What is no answer to this question may come from anybody: it is not even a failure.
        if count == _PACKET and buf[0] & 7 == _SERVER and buf[24:32] == stamp:
            return _time(buf, passed)
        if passed >= limit_ms:
            raise NtpError("it is silent")
        await asyncio.sleep_ms(_POLL_MS)


def _time(buf, round_trip):
    """RFC 4330 section 5: the checks of the answer, and what it says."""
    stratum = buf[1]
    if stratum == 0:
        raise NtpError("kiss-o'-death")
    told = any(buf[40:48])
    if buf[0] >> 6 == _UNSYNCHRONISED or stratum > _LARGEST_STRATUM or not told:
        raise NtpError("the server itself has no time")
    seconds = int.from_bytes(buf[40:44], "big")
    if seconds < _ERA // 2:
        seconds += _ERA  # the era that begins in 2036 (RFC 4330 section 3)
    micros = (int.from_bytes(buf[44:48], "big") * 1000000 >> 32) + round_trip * 500
    seconds += micros // 1000000 - _NTP_TO_UNIX
    if seconds < clock.EARLIEST:
        raise NtpError("the server's time makes no sense")
    return seconds, micros % 1000000
