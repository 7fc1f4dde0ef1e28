"""A board is one thread's at a time, does one command at a time, and none after close()."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from espat_host import Board, BoardClosed, BoardInUse, PortLost
from host_tests.client.esp_at import OK, EspAt, Script

URL = "http://example.com/x"
GET = b"AT+HTTPCGET="
CHUNK = b"+HTTPCGET:4,abcd\r\n"
LIMIT = 20.0

Call = Callable[[Board], object]
CALLS: dict[str, Call] = {
    "get": lambda board: board.get(URL),
    "stream": lambda board: next(iter(board.stream(URL))),
    "head": lambda board: board.head(URL),
    "post": lambda board: board.post(URL, b"x"),
    "size": lambda board: board.size(URL),
    "join": lambda board: board.join("net", "secret"),
    "status": lambda board: board.status(),
    "version": lambda board: board.version(),
    "command": lambda board: board.command("AT"),
    "request": lambda board: board.request("AT"),
    "ask": lambda board: board.ask("AT"),
    "listen": lambda board: board.listen(),
    "wait_for": lambda board: board.wait_for("WIFI GOT IP", 1),
    "start": lambda board: board.start(),
    "restart": lambda board: board.restart(),
}


class Gate:
    """An answer that does not come before it is let in."""

    def __init__(self) -> None:
        self.asked, self.opened = threading.Event(), threading.Event()

    def __call__(self, peer: EspAt) -> None:
        self.asked.set()
        self.opened.wait(LIMIT)
        peer.say(CHUNK + OK)


@pytest.mark.parametrize("name", CALLS)
def test_another_thread_is_told(name: str) -> None:
    gate = Gate()
    with EspAt({GET: gate}) as peer, Board.open(peer.port) as board, ThreadPoolExecutor(1) as pool:
        running = pool.submit(board.get, URL)
        assert gate.asked.wait(LIMIT)
        sent = len(peer.lines)
        with pytest.raises(BoardInUse, match="another thread"):
            CALLS[name](board)
        assert len(peer.lines) == sent
        gate.opened.set()
        assert running.result(LIMIT).body == b"abcd"
        assert board.command("AT").ok


def test_threads_one_after_the_other() -> None:
    with EspAt({GET: CHUNK + OK}) as peer, Board.open(peer.port) as board:
        lock = threading.Lock()

        def get() -> bytes:
            with lock:
                return board.get(URL).body

        with ThreadPoolExecutor(4) as pool:
            bodies = [pool.submit(get) for _ in range(12)]
            assert [one.result(LIMIT) for one in bodies] == [b"abcd"] * 12


@pytest.mark.parametrize("name", CALLS)
def test_in_the_middle_of_a_stream(name: str) -> None:
    with EspAt({GET: CHUNK * 3 + OK}) as peer, Board.open(peer.port) as board:
        chunks = iter(board.stream(URL))
        assert next(chunks) == b"abcd"
        sent = len(peer.lines)
        with pytest.raises(BoardInUse, match="not read to its end"):
            CALLS[name](board)
        assert len(peer.lines) == sent
        assert list(chunks) == [b"abcd"] * 2
        assert board.command("AT").ok


def test_abandoning_a_stream() -> None:
    with EspAt({GET: CHUNK * 3 + OK}) as peer, Board.open(peer.port) as board:
        chunks = iter(board.stream(URL))
        assert next(chunks) == b"abcd"
        assert not board.abandon()
        assert board.command("AT").ok
        del chunks
        assert board.command("AT").ok


def test_a_stream_from_an_event_loop() -> None:
    """Each chunk may come from another thread."""

    async def read(board: Board) -> bytes:
        chunks = board.stream(URL)
        body = bytearray()
        while chunk := await asyncio.to_thread(next, chunks, b""):
            body += chunk
        return bytes(body)

    with EspAt({GET: CHUNK * 50 + OK}) as peer, Board.open(peer.port) as board:
        assert asyncio.run(read(board)) == b"abcd" * 50
        assert board.command("AT").ok


def test_a_sink_that_asks() -> None:
    with EspAt({GET: CHUNK * 3 + OK}) as peer, Board.open(peer.port) as board:
        with pytest.raises(BoardInUse, match="a sink or on_unsolicited"):
            board.get(URL, sink=lambda data: board.command("AT"))
        assert board.command("AT").ok


def test_a_report_that_is_answered_with_a_command() -> None:
    """Between commands that works, in the middle of one it cannot."""
    script: Script = {GET: [b"\r\nWIFI DISCONNECT\r\n" + CHUNK + OK, CHUNK + OK]}
    with EspAt(script) as peer, Board.open(peer.port) as board:
        board.on_unsolicited = lambda text: board.command("AT")
        with pytest.raises(BoardInUse, match="a sink or on_unsolicited"):
            board.get(URL)
        peer.say(b"\r\nWIFI GOT IP\r\n")
        board.wait_for("WIFI GOT IP", LIMIT)
        assert board.get(URL).body == b"abcd"


@pytest.mark.parametrize("name", CALLS)
def test_after_close(name: str) -> None:
    with EspAt({}) as peer:
        board = Board.open(peer.port)
        board.close()
        board.close()
        for _ in range(2):
            with pytest.raises(BoardClosed, match=r"Board\.open"):
                CALLS[name](board)


def test_a_stream_whose_board_is_closed() -> None:
    with EspAt({GET: CHUNK * 3}) as peer:
        with Board.open(peer.port) as board:
            chunks = iter(board.stream(URL))
            assert next(chunks) == b"abcd"
            left = iter(board.stream("http://example.com/other"))
        with pytest.raises(BoardClosed):
            list(chunks)
        with pytest.raises(BoardClosed):
            list(left)
        with Board.open(peer.port) as board:
            chunks = iter(board.stream(URL))
            assert next(chunks) == b"abcd"
        del chunks  # an exception there would be a warning, and that an error


def test_close_in_another_thread() -> None:
    gate = Gate()
    with EspAt({GET: gate}) as peer, ThreadPoolExecutor(1) as pool:
        board = Board.open(peer.port)
        running = pool.submit(board.get, URL)
        assert gate.asked.wait(LIMIT)
        board.close()
        with pytest.raises(PortLost):
            running.result(LIMIT)
        with pytest.raises(BoardClosed):
            board.get(URL)
        gate.opened.set()
