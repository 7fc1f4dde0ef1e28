"""Servers that keep a connection for a while and then do not, each in its own way; what comes is
counted."""

import re
import select
import socket
import struct
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass

from espat_host.sim.lifetime import Running

_LIMIT = 30.0
_REQUEST = re.compile(rb"([A-Z]+ \S+) HTTP/1.1\r\n")
_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"


@dataclass(frozen=True)
class Manners:
    """`seconds`: how long a connection without a request is kept; `way`: how long the bytes travel,
    one way. `second`: what becomes of a connection's second request."""

    seconds: float = _LIMIT
    way: float = 0.0
    second: str = "answered"  # or "closed", "reset", "silent"


class Keeper(Running):
    """Answers every request with "hi". `seen`: how often each came, by "METHOD /path"; `lost`:
    those whose connection had no answer for them; `connections`: how many there were."""

    def __init__(self, manners: Manners, host: str = "127.0.0.1") -> None:
        self.seen: Counter[str] = Counter()
        self.lost = self.connections = 0
        self._manners = manners
        self._stopping = threading.Event()
        self._listener = socket.create_server((host if host == "127.0.0.1" else "0.0.0.0", 0))
        self.url = f"http://{host}:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self) -> None:
        """No more connections."""
        self._stopping.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                sock, _ = self._listener.accept()
                self.connections += 1
                threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock: socket.socket) -> None:
        with sock, suppress(OSError):
            sock.settimeout(_LIMIT)
            self._take(sock)
            self._answer(sock)
            while self._in_time(sock) and self._take(sock) and self._second(sock):
                self._answer(sock)

    def _answer(self, sock: socket.socket) -> None:
        time.sleep(2 * self._manners.way)
        sock.sendall(_ANSWER)

    def _in_time(self, sock: socket.socket) -> bool:
        """Whether a request reaches the server before it closes. What is on its way then meets a
        closed connection, and the answer to that is a reset."""
        seconds, way = self._manners.seconds, self._manners.way
        closing = time.monotonic() - way + seconds  # the server's answer left a way ago
        if not select.select([sock], [], [], max(0.0, seconds))[0]:
            return False
        if time.monotonic() + way <= closing:
            return True
        self.lost += 1
        time.sleep(2 * way)
        return False  # with bytes unread: a reset

    def _second(self, sock: socket.socket) -> bool:
        how = self._manners.second
        if how == "answered":
            return True
        self.lost += 1
        if how == "silent":
            while sock.recv(4096):
                pass
        if how == "reset":
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return False

    def _take(self, sock: socket.socket) -> bool:
        """Read one request, and count it; False at the end."""
        received = b""
        while b"\r\n\r\n" not in received or len(received) < _length(received):
            data = sock.recv(65536)
            if not data:
                return False
            received += data
        found = _REQUEST.match(received)
        assert found
        self.seen[found[1].decode()] += 1
        return True


def _length(received: bytes) -> int:
    head = received.partition(b"\r\n\r\n")[0]
    found = re.search(rb"(?im)^content-length: *(\d+)", head)
    return len(head) + 4 + (int(found[1]) if found else 0)
