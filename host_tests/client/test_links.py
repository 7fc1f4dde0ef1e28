"""connect() on a board with this firmware: what it returns is as good as a socket."""

import gc
import http.client
import socket
import threading
import time
from collections.abc import Callable

import pytest

from espat_host import (
    Board,
    BoardClosed,
    BoardInUse,
    BoardRestarted,
    ConnectError,
    Link,
    LinkClosed,
    LinkError,
    LinkTimeout,
)
from espat_host.client.board import BadRequest
from espat_host.local_world.payload import content
from espat_host.local_world.raw_server import (
    Connection,
    RawServer,
    echo,
    pause,
    reset,
    send,
    silence,
)
from espat_host.local_world.servers import Servers
from espat_host.sim import SimBoard

OK = b"\r\nOK\r\n"
SIZE = 100_000
DATA = content(SIZE, 9)


@pytest.fixture
def board(joined: Board) -> Board:
    joined.start()
    return joined


def connect(board: Board, server: RawServer, timeout: float = 20.0, tls: bool = False) -> Link:
    return board.connect(server.host, server.port, tls=tls, timeout=timeout)


def read(link: Link, size: int) -> bytes:
    data = bytearray()
    while len(data) < size:
        piece = link.recv(size - len(data))
        assert piece
        data += piece
    return bytes(data)


def test_there_and_back(board: Board, raw_server: RawServer) -> None:
    raw_server.script(echo)
    with connect(board, raw_server) as link:
        assert link.getpeername() == (raw_server.host, raw_server.port)
        link.sendall(b"hello")
        assert link.recv(2) == b"he"
        assert link.recv(1000) == b"llo"
        assert link.send(memoryview(b"x" * 5000)) == 2048
        buffer = bytearray(3000)
        count = link.recv_into(buffer)
        assert buffer[:count] == b"x" * count
        assert read(link, 2048 - count) == b"x" * (2048 - count)
        assert link.recv(0) == b""
        assert link.send(b"") == 0
    assert board.ask("AT+CIPSTATE?") == OK
    link.close()
    with pytest.raises(LinkClosed, match="open another one"):
        link.recv(1)
    with pytest.raises(LinkClosed):
        link.sendall(b"more")


def test_a_slow_reader_loses_nothing(board: Board, raw_server: RawServer) -> None:
    """The peer is stopped by its window: what has not been read is still there."""
    sent = threading.Event()

    def pour(connection: Connection) -> None:
        connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        connection.sock.sendall(DATA)
        sent.set()

    raw_server.script(pour)
    link = connect(board, raw_server)
    time.sleep(0.5)
    assert board.free_memory() > 0
    with link, link.makefile("rb") as file:
        assert file.read() == DATA
        assert file.read() == b""
    assert sent.wait(30)


def test_much_to_send(board: Board, raw_server: RawServer) -> None:
    done = threading.Event()
    raw_server.script(silence, lambda connection: done.set())
    with connect(board, raw_server) as link:
        link.sendall(DATA)
    assert done.wait(30)
    assert raw_server.received[0] == DATA


def test_several_at_once(board: Board, raw_server: RawServer) -> None:
    raw_server.script(echo)
    links = [connect(board, raw_server) for _ in range(5)]
    take_turns(links)
    assert board.ask("AT+CIPSTATE?").count(b"+CIPSTATE:") == 5
    links[1].close()
    before = len(board.unsolicited)
    assert connect(board, raw_server).number == 1
    take_turns(links[2:])
    assert list(board.unsolicited)[before:] == []


def take_turns(links: list[Link], between: Callable[[], object] = lambda: None) -> None:
    for turn in range(3):
        for link in links:
            link.sendall(b"%d to %d" % (turn, link.number))
        between()
        for link in reversed(links):
            assert link.recv(100) == b"%d to %d" % (turn, link.number)


def test_beside_requests(board: Board, raw_server: RawServer, servers: Servers) -> None:
    raw_server.script(echo)

    def request() -> None:
        assert board.get(f"{servers.http}/bytes-stream/5000?seed=5").size == 5000
        assert board.request("AT+CWSTATE?").ok

    take_turns([connect(board, raw_server) for _ in range(3)], request)


def test_the_standard_library_over_it(board: Board, servers: Servers) -> None:
    """http.client closes what it reads from, and reads on."""
    host, port = servers.http.removeprefix("http://").split(":")
    connection = http.client.HTTPConnection(host, int(port))
    for path, close in (("/bytes-stream/30000?seed=5", False), ("/get?a=1", True)):
        if connection.sock is None:
            connection.sock = board.connect(host, int(port))
        headers = {"Connection": "close"} if close else {}
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        assert answer.status == 200
        body = answer.read()
        assert body == content(30000, 5) or b'"a": "1"' in body or b'"a":"1"' in body
    connection.close()
    assert board.ask("AT+CIPSTATE?") == OK


def test_the_peer_ends(board: Board, raw_server: RawServer) -> None:
    raw_server.script(send(b"last words"))
    with connect(board, raw_server) as link:
        assert link.recv(4) == b"last"
        assert link.recv(1000) == b" words"
        assert link.recv(1000) == link.recv(1) == b""
        with pytest.raises(LinkClosed, match="peer"):
            link.sendall(b"more")


def test_the_peer_resets(board: Board, raw_server: RawServer) -> None:
    raw_server.script(pause(0.1), reset)
    with connect(board, raw_server) as link:
        assert link.recv(10) == b""


def test_time_limits(board: Board, raw_server: RawServer) -> None:
    raw_server.script(silence)
    with connect(board, raw_server, timeout=0.2) as link:
        began = time.monotonic()
        with pytest.raises(TimeoutError, match=r"link 0 for 0\.2 s"):
            link.recv(1)
        assert time.monotonic() - began < 5
        link.settimeout(0)
        assert link.gettimeout() == 0
        with pytest.raises(LinkTimeout):
            link.recv(1)
        with pytest.raises(BadRequest, match="limit"):
            link.settimeout(None)
        assert board.request("AT").ok


def test_what_cannot_be_connected(board: Board, raw_server: RawServer) -> None:
    raw_server.stop()
    with pytest.raises(ConnectError, match="refused") as caught:
        connect(board, raw_server)
    assert isinstance(caught.value, ConnectionError)
    assert caught.value.command == "AT+CIPSTART"
    with pytest.raises(ConnectError, match="resolved"):
        board.connect("nowhere.invalid", 80)
    assert board.ask("AT+CIPSTATE?") == OK


@pytest.mark.parametrize(
    ("host", "port", "timeout", "fault"),
    [
        ("", 80, 5, "1 to 64"),
        ("x" * 65, 80, 5, "1 to 64"),
        ("grün.example", 80, 5, "ASCII"),
        ("a b", 80, 5, "ASCII"),
        ("a", 0, 5, "port"),
        ("a", 65536, 5, "port"),
        ("a", 80, 0, "timeout"),
        ("a", 80, 61, "timeout"),
    ],
)
def test_what_is_refused_at_once(
    dut: Board, host: str, port: int, timeout: float, fault: str
) -> None:
    with pytest.raises(BadRequest, match=fault):
        dut.connect(host, port, timeout=timeout)
    assert not dut.waiting()


def test_what_a_board_does_not_have(board: Board, raw_server: RawServer) -> None:
    raw_server.script(echo)
    link = connect(board, raw_server)
    with pytest.raises(OSError, match="file descriptor"):
        link.fileno()
    with pytest.raises(LinkError, match="both directions"):
        link.shutdown(socket.SHUT_WR)
    link.shutdown(socket.SHUT_RDWR)
    assert link.recv(1) == b""
    assert board.ask("AT+CIPSTATE?") == OK


def test_a_link_that_was_opened_by_hand(board: Board, raw_server: RawServer) -> None:
    raw_server.script(silence)
    board.command(f'AT+CIPSTART="TCP","{raw_server.host}",{raw_server.port}')
    with pytest.raises(LinkError, match="AT\\+CIPCLOSE"):
        connect(board, raw_server)
    board.command("AT+CIPCLOSE")
    connect(board, raw_server).close()


def test_whose_turn_it_is(board: Board, raw_server: RawServer, servers: Servers) -> None:
    raw_server.script(echo)
    link = connect(board, raw_server)
    stream = board.stream(f"{servers.http}/bytes-stream/5000?seed=5")
    next(stream)
    with pytest.raises(BoardInUse):
        link.recv(1)
    assert sum(map(len, stream)) > 0
    link.sendall(b"hello")
    assert link.recv(5) == b"hello"


def test_a_file_that_is_forgotten(board: Board, raw_server: RawServer) -> None:
    raw_server.script(echo)
    link = connect(board, raw_server)
    file = link.makefile("rwb")
    link.close()
    file.write(b"hello\n")
    file.flush()
    assert file.readline() == b"hello\n"
    del file
    gc.collect()
    assert board.ask("AT+CIPSTATE?") == OK


@pytest.mark.sim_only
def test_the_board_restarts(board: Board, raw_server: RawServer, sim: SimBoard) -> None:
    raw_server.script(echo)
    link = connect(board, raw_server)
    sim.reset()
    with pytest.raises(BoardRestarted):
        link.recv(1)
    with pytest.raises(LinkClosed, match="restarted"):
        link.recv(1)
    link.close()


def test_a_board_that_is_closed(board: Board, raw_server: RawServer) -> None:
    raw_server.script(echo)
    link = connect(board, raw_server)
    board.close()
    with pytest.raises(BoardClosed):
        link.recv(1)
    link.close()


@pytest.mark.sim_only
def test_tls(board: Board, tls_raw_server: RawServer) -> None:
    tls_raw_server.script(echo)
    with connect(board, tls_raw_server, tls=True) as link:
        link.sendall(DATA[:5000])
        assert read(link, 5000) == DATA[:5000]
