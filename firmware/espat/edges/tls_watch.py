# A socket under TLS that tells when the handshake is over. MicroPython's TLS does not: a read gives
# None before and after it, and cipher() crashes before. So the records are looked at as they pass
# (RFC 5246, 6.2.1): what follows the server's ChangeCipherSpec is its Finished, the last of all.

import io
import select

_POLL = 3  # py/stream.h
_HEAD = 5
_CHANGE_CIPHER_SPEC = 20


class Watch(io.IOBase):
    """The stream for tls.wrap(); `done`: whether the handshake is over."""

    def __init__(self, sock):
        self._sock = sock
        self._poller = select.poll()
        self._poller.register(sock, 0)
        self._head = bytearray(_HEAD)
        self._have = self._missing = 0  # of a record's head, of its body
        self._before = 0  # the kind of the last record
        self.done = self._last = False

    def readinto(self, buf):
        try:
            count = self._sock.readinto(buf)
        except OSError as error:
            return -error.errno
        if count and not self.done:
            self._follow(buf, count)
        return count

    def write(self, buf):
        try:
            return self._sock.write(buf)
        except OSError as error:
            return -error.errno

    def ioctl(self, request, flags):
        if request == _POLL:
            self._poller.modify(self._sock, flags)
            for _, ready in self._poller.ipoll(0):
                return ready
        return 0  # who closes this closes the socket, too

    def _follow(self, buf, count):
        for at in range(count):
            if self._missing:
                self._missing -= 1
                self.done = self.done or (self._last and not self._missing)
            else:
                self._head[self._have] = buf[at]
                self._have = (self._have + 1) % _HEAD
                if not self._have:
                    self._begin()

    def _begin(self):
        """Of a record the head is there."""
        self._last = self._before == _CHANGE_CIPHER_SPEC
        self._before = self._head[0]
        self._missing = self._head[3] << 8 | self._head[4]
