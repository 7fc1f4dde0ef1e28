"""A passthrough over TLS: as over TCP, and its link comes again as often as it ends."""

import pytest

from espat_host.client.board import Board
from espat_host.local_world.raw_server import RawServer, send
from espat_host.sim import SimBoard
from host_tests.any_board.sockets.links import (
    OK,
    PATIENCE,
    echo,
    hold,
    start,
)
from host_tests.any_board.sockets.passing import (
    again,
    begin,
    close_after,
    echoed,
    end,
    end_with_echo,
)
from host_tests.client.waiting import wait_until

pytestmark = pytest.mark.sim_only

TIMES = 8


def test_there_and_back(joined: Board, tls_raw_server: RawServer) -> None:
    tls_raw_server.script(echo)
    start(joined, tls_raw_server, kind="SSL")
    begin(joined)
    echoed(joined, b"hello")
    echoed(joined, bytes(range(256)) * 16)
    end(joined)
    assert joined.ask("AT+CIPSTATE?").startswith(b'+CIPSTATE:0,"SSL"')
    again(joined)
    echoed(joined, b"again")
    end(joined)
    assert joined.ask("AT+CIPCLOSE") == b"CLOSED\r\n" + OK


def test_what_the_server_says_first(joined: Board, tls_raw_server: RawServer) -> None:
    """It comes with the end of the handshake, and nothing comes behind it."""
    assert joined.ask("AT+CIPMODE=1") == OK
    tls_raw_server.script(send(b"220 ready\r\n"), hold)
    start(joined, tls_raw_server, kind="SSL")
    joined.expect(b"220 ready\r\n", PATIENCE)


def await_connections(server: RawServer, count: int) -> None:
    wait_until(lambda: len(server.received) == count)


def test_the_peer_ends(sim: SimBoard, joined: Board, tls_raw_server: RawServer) -> None:
    """Time and again: each session gives back what it took."""
    for _ in range(TIMES):
        tls_raw_server.script(close_after(5))
    tls_raw_server.script(echo)
    start(joined, tls_raw_server, kind="SSL")
    begin(joined)
    for number in range(TIMES):
        joined.write(b"%05d" % number)
        await_connections(tls_raw_server, number + 2)
    echoed(joined, b"the last")
    assert tls_raw_server.received[:TIMES] == [b"%05d" % number for number in range(TIMES)]
    end(joined)
    assert joined.ask("AT+CIPSTATE?").startswith(b'+CIPSTATE:0,"SSL"')
    assert joined.ask("AT+CIPCLOSE") == b"CLOSED\r\n" + OK
    assert sim.measures.growths == 1
    assert sim.starts == 1


def test_a_passthrough_that_the_start_begins(joined: Board, tls_raw_server: RawServer) -> None:
    tls_raw_server.script(echo)
    line = f'AT+SAVETRANSLINK=1,"{tls_raw_server.host}",{tls_raw_server.port},"SSL"'
    assert joined.ask(line) == OK
    joined.send_line("AT+RST")
    joined.read_until(b"\r\nready\r\n", PATIENCE)
    joined.read_until(b"\r\n>", PATIENCE)
    echoed(joined, b"hello")
    end_with_echo(joined)
    assert joined.ask("AT+CIPSTATE?").startswith(b'+CIPSTATE:0,"SSL"')
