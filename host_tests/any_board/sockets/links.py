"""Links of a board, as a host works with them; and what their peers do."""

import re
from dataclasses import dataclass, field

from espat_host.client.board import Board
from espat_host.local_world.raw_server import Connection, RawServer
from espat_host.local_world.raw_server import echo as echo

OK = b"\r\nOK\r\n"
ERROR = b"\r\nERROR\r\n"
PROMPT = b"\r\nOK\r\n\r\n>"
PATIENCE = 30.0


def take(connection: Connection) -> None:
    """Take what comes."""
    connection.finish_reading()


def hold(connection: Connection) -> None:
    """Take nothing, and say nothing."""
    connection.stopping.wait(10 * PATIENCE)


def start(board: Board, server: RawServer, number: int | None = None, kind: str = "TCP") -> None:
    """Open a link; with a number if AT+CIPMUX=1."""
    own = "" if number is None else f"{number},"
    answer = board.ask(f'AT+CIPSTART={own}"{kind}","{server.host}",{server.port}', PATIENCE)
    assert answer == own.encode() + b"CONNECT\r\n" + OK


def prompt(board: Board, length: int, number: int | None = None) -> None:
    own = "" if number is None else f"{number},"
    board.send_line(f"AT+CIPSEND={own}{length}")
    board.expect(PROMPT, PATIENCE)


def send(board: Board, data: bytes, number: int | None = None) -> None:
    prompt(board, len(data), number)
    board.write(data)
    board.expect(sent(len(data)), PATIENCE)


def sent(length: int) -> bytes:
    return b"\r\nRecv %d bytes\r\n\r\nSEND OK\r\n" % length


@dataclass
class Inbox:
    """What the board passes on unasked: `data` of each link, the links that were `closed`, and the
    `lines` between."""

    board: Board
    data: dict[int, bytearray] = field(default_factory=dict)
    closed: list[int] = field(default_factory=list)
    lines: list[bytes] = field(default_factory=list)
    frames: int = 0

    def read(self) -> None:
        """One line, or one frame."""
        line = self.board.read_until(b"\n", PATIENCE)
        head = re.match(rb"\+IPD,(?:(\d),)?(\d+)(?:,\"[\d.]+\",\d+)?:", line)
        if head is None:
            found = re.fullmatch(rb"(?:(\d),)?CLOSED\r\n", line)
            if found:
                self.closed.append(int(found[1] or 0))
            elif line != b"\r\n":
                self.lines.append(line)
            return
        self.frames += 1
        missing = int(head[2]) + 2 - (len(line) - head.end())
        data = line[head.end() :] + (self.board.read(missing, PATIENCE) if missing > 0 else b"")
        assert data.endswith(b"\r\n")
        self.data.setdefault(int(head[1] or 0), bytearray()).extend(data[:-2])

    def until(self, number: int, length: int) -> bytes:
        """Read on until so many bytes of a link are there."""
        while len(self.data.get(number, b"")) < length:
            self.read()
        return bytes(self.data.get(number, b""))
