"""Passthrough of datagrams, and of a server."""

import socket
import time

from espat_host.client.board import Board
from espat_host.local_world.payload import content
from host_tests.any_board.sockets.datagram_peer import Peer
from host_tests.any_board.sockets.links import OK, PATIENCE
from host_tests.any_board.sockets.passing import QUIET, again, begin, end, silence
from host_tests.conftest import Target


def all_of(peer: Peer, size: int) -> list[bytes]:
    """Datagrams, until so many bytes have come."""
    found: list[bytes] = []
    while sum(map(len, found)) < size:
        found.append(peer.receive())
    return found


def test_datagrams(joined: Board, peer: Peer) -> None:
    """What comes together is one, and of what is long no byte is lost."""
    assert joined.ask(f'AT+CIPSTART="UDP","{peer.host}",{peer.port}') == b"CONNECT\r\n" + OK
    begin(joined)
    for size in (1, 300, 768):
        data = content(size, size)
        joined.write(data)
        assert all_of(peer, size) == [data]
        peer.send(data)
        joined.expect(data)
    data = content(20_000, 5)
    joined.write(data)
    found = all_of(peer, len(data))
    assert b"".join(found) == data
    assert max(map(len, found)) <= 768
    end(joined)
    assert joined.ask("AT+CIPSTATE?").startswith(b'+CIPSTATE:0,"UDP"')


def test_a_peer_without_a_port_takes_nothing(joined: Board, peer: Peer) -> None:
    """Nobody is told of datagrams that nobody takes."""
    assert joined.ask(f'AT+CIPSTART="UDP","{peer.host}",{peer.port}') == b"CONNECT\r\n" + OK
    begin(joined)
    peer.sock.close()
    for _ in range(5):
        joined.write(b"hello")
        time.sleep(0.1)
    end(joined)
    assert joined.ask("AT+CIPSTATE?").startswith(b'+CIPSTATE:0,"UDP"')


def test_a_server_of_one(joined: Board, target: Target, on_a_real_board: bool) -> None:
    """Its client may go, and the next one comes into the same passthrough."""
    assert joined.ask("AT+CIPMUX=1") == OK
    assert joined.ask("AT+CIPSERVERMAXCONN=1") == OK
    port = 0x2000 + time.monotonic_ns() % 0x2000
    assert joined.ask(f"AT+CIPSERVER=1,{port}") == OK
    assert joined.ask("AT+CIPMODE=1") == OK
    address = board_address(joined) if on_a_real_board else target.host_address
    with socket.create_connection((address, port)) as client:
        joined.expect(b"0,CONNECT\r\n")
        again(joined)
        greet(joined, client)
    for _ in range(2):
        silence(QUIET)  # one that comes before the last one has gone is one too many
        with socket.create_connection((address, port)) as client:
            greet(joined, client)
    silence(QUIET)
    with socket.create_connection((address, port)) as client:
        greet(joined, client)
        end(joined)
        assert joined.ask("AT+CIPSTATE?").startswith(b'+CIPSTATE:0,"TCP"')
        assert joined.ask("AT+CIPMODE=0") == OK
        client.sendall(b"framed")
        joined.expect(b"\r\n+IPD,0,6:framed\r\n")
    joined.expect(b"0,CLOSED\r\n")


def board_address(board: Board) -> str:
    return board.ask("AT+CIFSR").decode().partition('STAIP,"')[2].partition('"')[0]


def greet(board: Board, client: socket.socket) -> None:
    client.settimeout(PATIENCE)
    client.sendall(b"from the client")
    board.expect(b"from the client", PATIENCE)
    board.write(b"from the host")
    came = b""
    while len(came) < len(b"from the host"):
        came += client.recv(100)
    assert came == b"from the host"
