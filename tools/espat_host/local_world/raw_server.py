"""A server that does exactly what a test tells it, right or wrong, and remembers what it received.

    with RawServer() as server:
        server.script(read_request, send(b"HTTP/1.1 200 OK\\r\\n"), pause(0.5), reset)
        ...
        assert server.received[0].startswith(b"GET / HTTP/1.1\\r\\n")

Each connection plays the next script; the last one serves all that follow. After its last step a
connection is closed; if that sends, the bytes and the end come in one.
"""

import re
import socket
import ssl
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from espat_host.local_world.certificates import KeyPair
from espat_host.sim.lifetime import Running

LIMIT = 30.0


class Connection:
    """One accepted connection. `stopping` is set when the test is over, and ends every pause."""

    def __init__(self, sock: socket.socket, received: bytearray, stopping: threading.Event) -> None:
        self.sock = sock
        self.received = received
        self.stopping = stopping
        self._handled = 0

    def receive(self) -> bool:
        """Take what comes next; False at the end of the stream."""
        data = self.sock.recv(65536)
        self.received += data
        return bool(data)

    def next_request(self) -> bytes:
        """The next whole request; empty at the end of the stream."""
        start = self._handled
        self.read_request()
        return bytes(self.received[start : self._handled])

    def read_request(self) -> None:
        """Until one whole request, head and body, has come."""
        start = self._handled
        while (end := self.received.find(b"\r\n\r\n", start)) < 0:
            if not self.receive():
                return
        self._handled = end + 4 + _content_length(bytes(self.received[start:end]))
        while len(self.received) < self._handled and self.receive():
            pass

    def finish_reading(self) -> None:
        """Until the other side has nothing more to say."""
        while self.receive():
            pass


Step = Callable[[Connection], object]


def _content_length(head: bytes) -> int:
    found = re.search(rb"(?im)^content-length: *(\d+)", head)
    return int(found[1]) if found else 0


def read_request(connection: Connection) -> None:
    """Wait for one whole request."""
    connection.read_request()


@dataclass(frozen=True)
class _Sending:
    data: bytes

    def __call__(self, connection: Connection) -> None:
        connection.sock.sendall(self.data)


def send(data: bytes) -> Step:
    """Send bytes."""
    return _Sending(data)


def drip(data: bytes, pause: float, size: int = 1) -> Step:
    """Send bytes a few at a time."""

    def step(connection: Connection) -> None:
        for start in range(0, len(data), size):
            connection.sock.sendall(data[start : start + size])
            connection.stopping.wait(pause)

    return step


def pause(seconds: float) -> Step:
    """Say nothing for so long."""
    return lambda connection: connection.stopping.wait(seconds)


def silence(connection: Connection) -> None:
    """Say nothing until the other side gives up."""
    connection.finish_reading()


def echo(connection: Connection) -> None:
    """Send back what comes, until the other side ends."""
    while data := connection.sock.recv(65536):
        connection.received += data
        connection.sock.sendall(data)


def reset(connection: Connection) -> None:
    """End the connection with a RST: lingering for no time throws away what is unsent."""
    connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    if isinstance(connection.sock, ssl.SSLSocket):
        # close() of the TLS socket would not do: only the descriptor itself lingers.
        socket.socket(fileno=connection.sock.detach()).close()
    else:
        connection.sock.close()


class RawServer(Running):
    """Plays scripts on a free port; with `tls`, behind that certificate."""

    def __init__(self, *, tls: KeyPair | None = None, host: str = "127.0.0.1") -> None:
        self.host = host
        self.received: list[bytearray] = []
        self.faults: list[Exception] = []
        self._scripts: list[tuple[Step, ...]] = []
        self._last: tuple[Step, ...] = ()
        self._tls = _context(tls) if tls else None
        self._stopping = threading.Event()
        self._open: list[socket.socket] = []
        self._listener = _listen(host)
        self.port: int = self._listener.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    @property
    def url(self) -> str:
        """Base URL, without a slash at the end."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self._tls else 'http'}://{host}:{self.port}"

    def script(self, *steps: Step) -> None:
        """What the next connection does; afterwards it is closed."""
        self._scripts.append(steps)

    def answer(self, data: bytes) -> None:
        """Read a request, send this, close."""
        self.script(read_request, send(data))

    def stop(self) -> None:
        """End everything that is still going on."""
        self._stopping.set()
        # close() alone would leave accept() waiting.
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for sock in self._open:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(LIMIT)

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._serve, args=(sock, self._next_script()))
            thread.daemon = True
            self._threads.append(thread)
            thread.start()

    def _next_script(self) -> tuple[Step, ...]:
        if self._scripts:
            self._last = self._scripts.pop(0)
        return self._last

    def _serve(self, sock: socket.socket, steps: tuple[Step, ...]) -> None:
        received = bytearray()
        self.received.append(received)
        sock.settimeout(LIMIT)
        try:
            sock = self._tls.wrap_socket(sock, server_side=True) if self._tls else sock
            self._open.append(sock)
            connection = Connection(sock, received, self._stopping)
            for number, step in enumerate(steps, 1):
                if number == len(steps) and isinstance(step, _Sending):
                    _hold_back(sock)
                step(connection)
        except OSError as fault:
            # The other side hung up: what most of these tests are about.
            self.faults.append(fault)
        finally:
            sock.close()


def _hold_back(sock: socket.socket) -> None:
    """What is sent now goes out with the end of the connection. Else a client that keeps the
    connection could send its next request before that comes, which nobody would answer."""
    option = getattr(socket, "TCP_CORK", None) or getattr(socket, "TCP_NOPUSH", None)
    if option is not None:
        sock.setsockopt(socket.IPPROTO_TCP, option, 1)


def _listen(host: str) -> socket.socket:
    """On the loopback address that is named, or on every one for a board that is elsewhere."""
    if ":" in host:
        return socket.create_server((host, 0), family=socket.AF_INET6)
    return socket.create_server((host if host == "127.0.0.1" else "0.0.0.0", 0))


def _context(pair: KeyPair) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pair.certificate, pair.key)
    return context
