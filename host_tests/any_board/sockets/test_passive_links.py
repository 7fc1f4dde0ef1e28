"""Passive mode: the host is told that there is something, and asks for it."""

import pytest

from espat_host.client.board import Board
from espat_host.local_world.payload import content
from espat_host.local_world.raw_server import RawServer, pause, send
from host_tests.any_board.sockets import links
from host_tests.any_board.sockets.links import ERROR, OK, echo, start


@pytest.fixture
def passive(joined: Board) -> Board:
    assert joined.ask("AT+CIPRECVTYPE=1") == OK
    return joined


def take(board: Board, wanted: int, own: str = "") -> bytes:
    """The data of one AT+CIPRECVDATA, b"" if it is answered ERROR."""
    answer = board.ask(f"AT+CIPRECVDATA={own}{wanted}")
    if answer == ERROR:
        return b""
    head, _, data = answer.partition(b",")
    assert data.endswith(OK)
    assert head == b"+CIPRECVDATA:%d" % (len(data) - len(OK))
    return data.removesuffix(OK)


def test_it_is_told_once(passive: Board, raw_server: RawServer) -> None:
    raw_server.script(send(b"hello"), links.take)
    start(passive, raw_server)
    passive.expect(b"\r\n+IPD,5\r\n")
    passive.expect_silence()
    assert passive.ask("AT+CIPRECVLEN?") == b"+CIPRECVLEN:5\r\n" + OK
    assert take(passive, 2) == b"he"
    passive.expect(b"\r\n+IPD,3\r\n")  # again: a part is left
    assert take(passive, 100) == b"llo"
    assert take(passive, 100) == b""
    assert passive.ask("AT+CIPRECVLEN?") == b"+CIPRECVLEN:0\r\n" + OK
    passive.expect_silence()


def test_the_end_comes_behind_the_data(passive: Board, raw_server: RawServer) -> None:
    raw_server.script(send(b"hello"))
    start(passive, raw_server)
    passive.expect(b"\r\n+IPD,5\r\n")
    passive.expect_silence(0.3)
    assert take(passive, 5) == b"hello"
    passive.expect(b"CLOSED\r\n")
    assert passive.ask("AT+CIPRECVDATA=5") == ERROR


def test_who_sends_is_told(passive: Board, raw_server: RawServer) -> None:
    raw_server.script(send(b"hello"), links.take)
    assert passive.ask("AT+CIPDINFO=1") == OK
    start(passive, raw_server)
    passive.expect(b"\r\n+IPD,5\r\n")
    sender = b'"%s",%d' % (raw_server.host.encode(), raw_server.port)
    assert passive.ask("AT+CIPRECVDATA=9") == b"+CIPRECVDATA:5," + sender + b",hello" + OK


def test_much_data_waits_with_its_peer(passive: Board, raw_server: RawServer) -> None:
    data = content(100_000, 3)
    raw_server.script(send(data), links.take)
    start(passive, raw_server)
    got = bytearray()
    while len(got) < len(data):
        line = passive.read_until(b"\r\n")
        if not line.startswith(b"+IPD,"):
            continue
        while piece := take_between(passive, 1500, got):
            got += piece
    assert got == data


def take_between(board: Board, wanted: int, got: bytearray) -> bytes:
    """As take(), where a report may come before the answer."""
    board.send_line(f"AT+CIPRECVDATA={wanted}")
    while True:
        line = board.read_until(b"\n")
        if line.endswith(b"ERROR\r\n"):
            return b""
        if line.startswith(b"+CIPRECVDATA:"):
            break
        assert line == b"\r\n" or line.startswith(b"+IPD,"), line
    head, _, data = line.partition(b",")
    missing = int(head.partition(b":")[2]) + len(OK) - len(data)
    data += board.read(missing) if missing > 0 else b""
    assert data.endswith(OK)
    return data.removesuffix(OK)


def test_the_settings_of_each_link(joined: Board, raw_server: RawServer) -> None:
    assert joined.ask("AT+CIPRECVTYPE?") == b"+CIPRECVTYPE:0,0,0\r\n" + OK
    assert joined.ask("AT+CIPMUX=1") == OK
    assert joined.ask("AT+CIPRECVTYPE=2,1,1") == OK
    told = [b"+CIPRECVTYPE:%d,%s\r\n" % (n, b"1,1" if n == 2 else b"0,0") for n in range(5)]
    assert joined.ask("AT+CIPRECVTYPE?") == b"".join(told) + OK
    raw_server.script(echo)
    start(joined, raw_server, 1)
    start(joined, raw_server, 2)
    links.send(joined, b"one", 1)
    joined.expect(b"\r\n+IPD,1,3:one\r\n")
    links.send(joined, b"two", 2)
    joined.expect(b"\r\n+IPD,2,3\r\n")
    assert joined.ask("AT+CIPRECVLEN?") == b"+CIPRECVLEN:0,0,3,0,0\r\n" + OK
    assert take(joined, 9, "2,") == b"two"
    assert joined.ask("AT+CIPRECVTYPE=5,1") == OK
    assert joined.ask("AT+CIPRECVMODE?") == b"+CIPRECVMODE:1\r\n" + OK
    assert joined.ask("AT+CIPRECVMODE=0") == OK
    assert joined.ask("AT+CIPRECVTYPE?").count(b",0,0\r\n") == 5
    links.send(joined, b"two", 2)
    joined.expect(b"\r\n+IPD,2,3:two\r\n")


def test_back_to_active_mode_with_data(passive: Board, raw_server: RawServer) -> None:
    raw_server.script(send(b"hello"), pause(0.3), send(b"more"), links.take)
    start(passive, raw_server)
    passive.expect(b"\r\n+IPD,5\r\n")
    assert passive.ask("AT+CIPRECVTYPE=0") == OK
    passive.expect(b"\r\n+IPD,5:hello\r\n")
    passive.expect(b"\r\n+IPD,4:more\r\n")
