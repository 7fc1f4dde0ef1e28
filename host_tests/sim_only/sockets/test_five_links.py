"""Five links at once, each with a peer that sends and takes as fast as it can: every byte comes,
once and in its place, at the speed of a real line."""

import itertools
import threading
from collections.abc import Callable, Iterator

import pytest

from espat_host.client.board import Board
from espat_host.local_world.payload import content
from espat_host.local_world.raw_server import Connection, RawServer, Step
from espat_host.sim import SimBoard
from host_tests.any_board.sockets.links import OK, PATIENCE, Inbox, start
from host_tests.client.waiting import wait_until

pytestmark = [pytest.mark.sim_only, pytest.mark.timeout(3600)]

LINKS = 5
MB = 1_000_000
PIECES = (2048, 1, 1460, 4096, 777)  # of AT+CIPSEND
PEER, HOST = 100, 200  # seeds


def both_ways(data: bytes, begin: threading.Event) -> Step:
    """Once it may begin, send this while taking all that comes."""

    def step(connection: Connection) -> None:
        begin.wait()
        connection.sock.settimeout(None)
        sender = threading.Thread(target=connection.sock.sendall, args=(data,), daemon=True)
        sender.start()
        connection.finish_reading()

    return step


def pieces(data: bytes, first: int) -> Iterator[bytes]:
    """The data as a host sends it, in pieces of several lengths."""
    at, turn = 0, first
    while at < len(data):
        size = PIECES[turn % len(PIECES)]
        yield data[at : at + size]
        at, turn = at + size, turn + 1


def send(board: Board, inbox: Inbox, number: int, piece: bytes) -> None:
    """AT+CIPSEND, while the others talk."""
    board.send_line(f"AT+CIPSEND={number},{len(piece)}")
    await_line(inbox, b"OK\r\n")
    board.expect(b"\r\n>", PATIENCE)
    board.write(piece)
    await_line(inbox, b"SEND OK\r\n")


def await_line(inbox: Inbox, wanted: bytes) -> None:
    while wanted not in inbox.lines:
        inbox.read()
        assert b"ERROR\r\n" not in inbox.lines
        assert b"SEND FAIL\r\n" not in inbox.lines
    inbox.lines.clear()


@pytest.mark.parametrize(
    "rate",
    [
        pytest.param(115_200, marks=pytest.mark.soak(12_000, 100_000, hours=MB)),
        pytest.param(921_600, marks=pytest.mark.soak(30_000, 300_000, hours=MB)),
        pytest.param(3_000_000, marks=pytest.mark.soak(30_000, MB)),
    ],
)
def test_every_byte_of_five_links(
    boot: Callable[..., SimBoard],
    connect: Callable[..., Board],
    raw_server: RawServer,
    rate: int,
    amount: int,
) -> None:
    sim = boot(baud_pacing=True)
    board = connect(sim)
    board.join("espressif", "1234567890")
    assert board.ask(f"AT+UART_CUR={rate},8,1,0,1") == OK
    board.synchronise()  # what comes while the port changes over is lost
    assert board.ask("AT+CIPMUX=1") == OK
    begin = threading.Event()
    for number in range(LINKS):
        raw_server.script(both_ways(content(amount, PEER + number), begin))
        start(board, raw_server, number)
    begin.set()
    inbox = Inbox(board)
    ours = [content(amount, HOST + number) for number in range(LINKS)]
    for turn in itertools.zip_longest(*map(pieces, ours, range(LINKS))):
        for number, piece in enumerate(turn):
            if piece:
                send(board, inbox, number, piece)
    for number in range(LINKS):
        assert inbox.until(number, amount) == content(amount, PEER + number)
    assert inbox.closed == []
    wait_until(lambda: [len(data) for data in raw_server.received] == [amount] * LINKS)
    assert raw_server.received == ours
    assert board.ask("AT+CIPCLOSE=5").endswith(OK)
    assert sim.starts == 1
