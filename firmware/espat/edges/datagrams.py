# UDP for a link: datagrams as they are, each read and written whole.

import asyncio
import select
import socket

from espat.edges.deadline import after, expired
from espat.pure.errors import Failure
from espat.pure.reasons import UNREACHABLE, WRITE_TIMEOUT

_MOST = 1472  # what an Ethernet frame carries
FIXED, ONCE, EACH = 0, 1, 2  # whether who sends becomes the one that is sent to


class Datagrams:
    """In place of a Connection; `link`: whose `peer` and `port` are those that are sent to, and
    whose `sender` says where the last datagram came from. `mode`: FIXED, ONCE or EACH."""

    tls = False

    def __init__(self, link, local, mode, limits):
        self._link = link
        self._mode = mode
        self.limits = limits
        self._sock = sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._poller = select.poll()
        opened = False
        try:
            sock.setblocking(False)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
            sock.bind(local)
            self._join(link.peer)
            self._poller.register(sock, select.POLLIN)
            opened = True
        except OSError as error:
            raise Failure(UNREACHABLE, str(error))
        finally:
            if not opened:
                sock.close()

    def reader(self, end_matters):
        return self._read

    def is_ready(self, ms=0):
        for _ in self._poller.ipoll(ms):
            return True
        return False

    def push(self, buf, start, count):
        """One datagram now; how many bytes are out, or None. What is refused is gone, as on any
        way that a datagram goes."""
        try:
            return self._sock.sendto(buf[start : start + count], self._target())
        except OSError as error:
            return None if error.errno == 11 else count

    async def write(self, buf, count, target=None):
        """One datagram. Raises Failure."""
        target, deadline = target or self._target(), after(self.limits.wait)
        while True:
            try:
                self._sock.sendto(buf[:count], target)
                return
            except OSError as error:
                if error.errno != 11:  # EAGAIN: the way out is full
                    raise Failure(UNREACHABLE, str(error))
            if expired(deadline):
                raise Failure(WRITE_TIMEOUT)
            await asyncio.sleep_ms(1)

    def close(self):
        self._poller.unregister(self._sock)
        self._sock.close()

    def _target(self):
        return self._link.peer.decode(), self._link.port

    def _read(self, buf, count):
        try:
            data, sender = self._sock.recvfrom(min(count, _MOST))
        except OSError:
            return None  # nothing there, or what somebody has to say about an earlier one
        buf[: len(data)] = data
        link, peer = self._link, sender[0].encode()
        link.sender = b',"%s",%d' % (peer, sender[1])  # type: ignore[str-format]
        if self._mode:
            link.peer, link.port = peer, sender[1]
            self._mode &= EACH
        return len(data) or None

    def _join(self, peer):
        """The group, if it is one (RFC 5771)."""
        group = bytes(map(int, peer.split(b".")))
        if 224 <= group[0] < 240:
            self._sock.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, group + bytes(4))
