# A TCP server's socket: connections as they come, without a wait.

import select
import socket

from espat.pure.errors import Failure
from espat.pure.reasons import CONNECT

_WAITING = 2  # connections that lwIP keeps until they are taken


class Listener:
    """Listens on `port` of all interfaces. Raises Failure."""

    def __init__(self, port):
        self._sock = sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._poller = select.poll()
        opened = False
        try:
            # Or the port stays taken for minutes after the last connection (RFC 9293, TIME-WAIT).
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            sock.bind(("", port))
            sock.listen(_WAITING)
            sock.setblocking(False)
            self._poller.register(sock, select.POLLIN)
            opened = True
        except OSError as error:
            raise Failure(CONNECT, str(error))
        finally:
            if not opened:
                sock.close()

    def is_ready(self):
        """Whether a connection waits."""
        for _ in self._poller.ipoll(0):
            return True
        return False

    def accept(self):
        """(socket, its address as bytes, its port), or None: it is gone again."""
        try:
            sock, address = self._sock.accept()
        except OSError:
            return None
        sock.setblocking(False)
        return sock, address[0].encode(), address[1]

    def close(self):
        self._poller.unregister(self._sock)
        self._sock.close()
