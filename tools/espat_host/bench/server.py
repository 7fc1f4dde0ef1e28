"""The server of the benchmark, a process of its own: as little work as possible for each byte.

    GET /bytes/<n>    n bytes
    POST anything     swallows the body, answers with its length

It prints its two ports, plain and TLS, and runs until its input ends.
"""

from __future__ import annotations

import socket
import ssl
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from io import BufferedReader
from pathlib import Path

from espat_host.local_world.certificates import Authority
from espat_host.sim.lifetime import Running

_BLOCK = bytes(range(33, 123)) * 2912  # 256 KB of printable text
_SMALL = 16 * 1024


def body(size: int) -> bytes:
    """The body that /bytes/<size> gives."""
    return (_BLOCK * (size // len(_BLOCK) + 1))[:size]


class Server(Running):
    """The running process; `plain` and `tls` are its ports."""

    def start(self) -> None:
        command = [sys.executable, "-m", __name__]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        if self._process.stdout is None:
            raise RuntimeError("the server has no output")
        self.plain, self.tls = map(int, self._process.stdout.readline().split())

    def stop(self) -> None:
        self._process.communicate()

    def url(self, tls: bool, size: int) -> str:
        """Where `size` bytes are."""
        scheme, port = ("https", self.tls) if tls else ("http", self.plain)
        return f"{scheme}://127.0.0.1:{port}/bytes/{size}"


def _serve(connection: socket.socket, context: ssl.SSLContext | None) -> None:
    with suppress(OSError, ValueError):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if context:
            connection = context.wrap_socket(connection, server_side=True)
        with connection, connection.makefile("rb") as requests:
            while _answer(connection, requests):
                pass


def _answer(connection: socket.socket, requests: BufferedReader) -> bool:
    """One request; whether another may follow."""
    words = requests.readline().split()
    if not words:
        return False
    length, close = 0, words[2] == b"HTTP/1.0"
    while (field := requests.readline()) not in (b"\r\n", b""):
        name, _, value = field.lower().partition(b":")
        length = int(value) if name == b"content-length" else length
        close |= name == b"connection" and value.strip() == b"close"
    received = length
    while length:
        length -= len(requests.read1(min(length, len(_BLOCK))))
    text = b"%d\n" % received
    size = int(words[1].rsplit(b"/", 1)[1]) if words[0] == b"GET" else len(text)
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size
    if words[0] != b"GET":
        connection.sendall(head + text)
    elif size <= _SMALL:
        connection.sendall(head + _BLOCK[:size])
    else:
        connection.sendall(head)
        while size:
            connection.sendall(_BLOCK[:size] if size < len(_BLOCK) else _BLOCK)
            size -= min(size, len(_BLOCK))
    return not close


def _accept(listener: socket.socket, context: ssl.SSLContext | None) -> None:
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=_serve, args=(connection, context), daemon=True).start()


def main() -> None:
    """Serve until the input ends."""
    with tempfile.TemporaryDirectory(prefix="espat-bench-") as folder:
        pair = Authority(Path(folder)).issue()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pair.certificate, pair.key)
    listeners = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
    for listener, tls in zip(listeners, (None, context), strict=True):
        threading.Thread(target=_accept, args=(listener, tls), daemon=True).start()
    print(*(listener.getsockname()[1] for listener in listeners), flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
