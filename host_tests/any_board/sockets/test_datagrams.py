"""Links over UDP: datagrams whole and apart, and whom they go to."""

import re
from collections.abc import Iterator

import pytest

from espat_host.client.board import Board
from espat_host.local_world.payload import content
from host_tests.any_board.sockets import links
from host_tests.any_board.sockets.datagram_peer import Peer
from host_tests.any_board.sockets.links import ERROR, OK, PROMPT, Inbox
from host_tests.conftest import Target


@pytest.fixture
def other(target: Target) -> Iterator[Peer]:
    peer = Peer(target.host_address)
    with peer.sock:
        yield peer


def unused(peer: Peer) -> int:
    """A port that nobody has."""
    with Peer(peer.host).sock as free:
        return int(free.getsockname()[1])


def start(board: Board, peer: Peer, more: str = "") -> None:
    line = f'AT+CIPSTART="UDP","{peer.host}",{peer.port}{more}'
    assert board.ask(line) == b"CONNECT\r\n" + OK


def state(board: Board) -> tuple[int, int]:
    """The peer's port and our own, as AT+CIPSTATE tells them."""
    found = re.fullmatch(
        rb'\+CIPSTATE:0,"UDP","[\d.]+",(\d+),(\d+),0\r\n\r\nOK\r\n', board.ask("AT+CIPSTATE?")
    )
    assert found
    return int(found[1]), int(found[2])


def test_there_and_back(joined: Board, peer: Peer) -> None:
    start(joined, peer)
    links.send(joined, b"hello")
    assert peer.receive() == b"hello"
    assert state(joined) == (peer.port, peer.board[1])
    peer.send(b"and back")
    joined.expect(b"\r\n+IPD,8:and back\r\n")
    assert joined.ask("AT+CIPCLOSE") == b"CLOSED\r\n" + OK


def test_datagrams_stay_whole_and_apart(joined: Board, peer: Peer) -> None:
    start(joined, peer)
    for size in (1, 2, 1460, 1472, 2048):
        data = content(size, size)
        links.send(joined, data)
        assert peer.receive() == data
    sizes = (1472, 1, 700, 1471, 3)
    for size in sizes:
        peer.send(bytes([size % 251]) * size)
    for size in sizes:
        joined.expect(b"\r\n+IPD,%d:" % size + bytes([size % 251]) * size + b"\r\n")
    assert joined.ask("AT+CIPSEND=2049") == ERROR


def test_an_empty_datagram_ends_nothing(joined: Board, peer: Peer) -> None:
    start(joined, peer)
    links.send(joined, b"hello")
    peer.receive()
    peer.send(b"")
    peer.send(b"more")
    joined.expect(b"\r\n+IPD,4:more\r\n")


def test_the_local_port(joined: Board, peer: Peer) -> None:
    port = unused(peer)
    start(joined, peer, f",{port}")
    links.send(joined, b"hello")
    assert peer.receive() == b"hello"
    assert peer.board[1] == port
    assert state(joined) == (peer.port, port)


@pytest.mark.parametrize("mode", [0, 1, 2])
def test_who_is_sent_to(joined: Board, peer: Peer, other: Peer, mode: int) -> None:
    """Mode 0: nobody else; 1: who sends first; 2: who has sent last."""
    assert joined.ask("AT+CIPDINFO=1") == OK
    start(joined, peer, f",{unused(peer)},{mode}")
    links.send(joined, b"first")
    peer.receive()
    turns = [(other, b"a"), (peer, b"b"), (other, b"c")]
    for sender, data in turns:
        sender.send(data, peer.board)
        told = b'\r\n+IPD,1,"%s",%d:%s\r\n' % (sender.host.encode(), sender.port, data)
        joined.expect(told)
        wanted = {0: peer, 1: other, 2: sender}[mode]
        assert state(joined)[0] == wanted.port
        links.send(joined, b"to " + data)
        assert wanted.receive() == b"to " + data


def test_one_datagram_for_somebody_else(joined: Board, peer: Peer, other: Peer) -> None:
    start(joined, peer)
    joined.send_line(f'AT+CIPSEND=5,"{other.host}",{other.port}')
    joined.expect(PROMPT)
    joined.write(b"other")
    joined.expect(links.sent(5))
    assert other.receive() == b"other"
    links.send(joined, b"peer")
    assert peer.receive() == b"peer"


def test_passive_mode(joined: Board, peer: Peer) -> None:
    assert joined.ask("AT+CIPRECVTYPE=1") == OK
    start(joined, peer)
    links.send(joined, b"hello")
    peer.receive()
    peer.send(b"one")
    joined.expect(b"\r\n+IPD,3\r\n")
    peer.send(b"x" * 1472)
    assert joined.ask("AT+CIPRECVDATA=2000") == b"+CIPRECVDATA:3,one" + OK
    joined.expect(b"\r\n+IPD,1472\r\n")
    assert joined.ask("AT+CIPRECVDATA=2000") == b"+CIPRECVDATA:1472," + b"x" * 1472 + OK


def test_several_links(joined: Board, peer: Peer, other: Peer) -> None:
    assert joined.ask("AT+CIPMUX=1") == OK
    for number, one in ((1, peer), (2, other)):
        line = f'AT+CIPSTART={number},"UDP","{one.host}",{one.port}'
        assert joined.ask(line) == b"%d,CONNECT\r\n" % number + OK
        links.send(joined, b"hello", number)
        assert one.receive() == b"hello"
    other.send(b"two")
    joined.expect(b"\r\n+IPD,2,3:two\r\n")
    peer.send(b"one")
    joined.expect(b"\r\n+IPD,1,3:one\r\n")


@pytest.mark.timeout(900)
@pytest.mark.soak(300, 10_000)
def test_many_datagrams(joined: Board, peer: Peer, amount: int) -> None:
    """Each of them once and in order: the peer waits for the answer to eight."""
    start(joined, peer)
    links.send(joined, b"hello")
    peer.receive()
    inbox, expected = Inbox(joined), bytearray()
    for number in range(amount):
        data = b"%06d" % number * (1 + number % 40)
        peer.send(data)
        expected += data
        if number % 8 == 7:
            inbox.until(0, len(expected))
    assert inbox.until(0, len(expected)) == expected
    assert inbox.frames == amount


@pytest.mark.parametrize(
    "line",
    [
        'AT+CIPSTART="UDP","{}",1,,1',
        'AT+CIPSTART="UDP","{}",1,2,3',
        'AT+CIPSTART="UDP","{}",1,2,0,"9.9.9.9"',
        'AT+CIPSTART="UDP","{}",1,2,0,,1,1',
    ],
)
def test_what_is_refused(joined: Board, target: Target, line: str) -> None:
    assert joined.ask(line.format(target.host_address)) == ERROR
    assert joined.ask("AT+CIPSTATE?") == OK
