"""Whom a board sends datagrams to."""

import socket


class Peer:
    """A socket for datagrams; `board`: where the last one came from."""

    def __init__(self, host: str) -> None:
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sock.bind((host, 0))
        self.sock.settimeout(10)
        self.host, self.port = self.sock.getsockname()
        self.board = ("", 0)

    def receive(self) -> bytes:
        data, self.board = self.sock.recvfrom(65536)
        return data

    def send(self, data: bytes, board: tuple[str, int] | None = None) -> None:
        self.sock.sendto(data, board or self.board)
