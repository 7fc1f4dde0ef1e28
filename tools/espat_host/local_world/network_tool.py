"""The PC of ESP-AT's examples for sockets, 192.168.3.102, and the network tool on it: whatever it
is told, over TCP, UDP or TLS, it says `test`."""

import socket
import socketserver
import ssl
import threading
from contextlib import suppress

from espat_host.local_world.certificates import Authority
from espat_host.sim.lifetime import Running

ADDRESSES = ("192.168.3.102", "192.168.3.103")
PORTS, TLS_PORTS = ("8080", "1000"), ("8070",)
_SAYS = b"test"
_TRIES = 20  # for a port that is free for TCP and UDP


class _Stream(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        with suppress(OSError):  # the other side may end as it likes
            while self.request.recv(4096):
                self.request.sendall(_SAYS)


class _Datagram(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        _, sock = self.request
        sock.sendto(_SAYS, self.client_address)


class _TcpServer(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    tls: ssl.SSLContext | None = None

    def get_request(self) -> tuple[socket.socket, object]:
        sock, address = super().get_request()
        if self.tls is not None:
            # The handshake belongs to the connection's own thread.
            sock = self.tls.wrap_socket(sock, server_side=True, do_handshake_on_connect=False)
        return sock, address


class NetworkTool(Running):
    """`port`: for TCP and UDP; `tls_port`. `bind`: the address to listen on."""

    def __init__(self, bind: str, authority: Authority) -> None:
        self._servers: list[socketserver.BaseServer] = []
        self.port = self._plain(bind)
        self.tls_port = self._secure(bind, authority)
        self._threads = [
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
            for server in self._servers
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        for server, thread in zip(self._servers, self._threads, strict=True):
            if thread.is_alive():
                server.shutdown()
                thread.join()
            server.server_close()

    def _plain(self, bind: str) -> int:
        for _ in range(_TRIES - 1):
            with suppress(OSError):
                return self._pair(bind)
        return self._pair(bind)

    def _pair(self, bind: str) -> int:
        """One port for both."""
        tcp = _TcpServer((bind, 0), _Stream)
        port = int(tcp.server_address[1])
        try:
            udp = socketserver.UDPServer((bind, port), _Datagram)
        except OSError:
            tcp.server_close()
            raise
        self._servers += [tcp, udp]
        return port

    def _secure(self, bind: str, authority: Authority) -> int:
        pair = authority.issue(*ADDRESSES, bind, label="tool")
        server = _TcpServer((bind, 0), _Stream)
        server.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server.tls.load_cert_chain(pair.certificate, pair.key)
        self._servers.append(server)
        return int(server.server_address[1])
