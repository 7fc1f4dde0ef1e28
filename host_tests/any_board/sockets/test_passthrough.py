"""Passthrough: AT+CIPMODE=1, AT+CIPSEND alone, +++, and what becomes of a link that ends."""

import time
from collections.abc import Callable
from itertools import pairwise

import pytest

from espat_host.client.board import Board
from espat_host.local_world.payload import content, payload
from espat_host.local_world.raw_server import Connection, RawServer
from host_tests.any_board.sockets import links
from host_tests.any_board.sockets.links import ERROR, OK, PATIENCE, PROMPT, echo, start
from host_tests.any_board.sockets.passing import (
    QUIET,
    WAIT,
    again,
    begin,
    close_after,
    echoed,
    end,
    silence,
)
from host_tests.client.waiting import wait_until

MB = 1_000_000
NO_LINK = b"ERR CODE:0x010a0000\r\n" + ERROR


def test_there_and_back(joined: Board, raw_server: RawServer) -> None:
    raw_server.script(echo)
    start(joined, raw_server)
    assert joined.ask("AT+CIPMODE?") == b"+CIPMODE:0\r\n" + OK
    begin(joined)
    echoed(joined, b"hello")
    echoed(joined, b"AT\r\nAT+RST\r\nAT+HTTPABORT\r\n")
    echoed(joined, bytes(range(256)))
    end(joined)
    assert joined.ask("AT+CIPMODE?") == b"+CIPMODE:1\r\n" + OK
    assert joined.ask("AT+CIPSTATE?").startswith(b'+CIPSTATE:0,"TCP"')
    again(joined)
    echoed(joined, b"again")
    end(joined)
    assert joined.ask("AT+CIPMODE=0") == OK
    links.send(joined, b"framed")
    joined.expect(b"\r\n+IPD,6:framed\r\n")
    assert joined.ask("AT+CIPCLOSE") == b"CLOSED\r\n" + OK


def test_data_in_one_write_with_its_command(joined: Board, raw_server: RawServer) -> None:
    raw_server.script(echo)
    start(joined, raw_server)
    assert joined.ask("AT+CIPMODE=1") == OK
    joined.write(b"AT+CIPSEND\r\nAT\r\n")
    joined.expect(PROMPT + b"AT\r\n")
    end(joined)


def test_what_comes_before_it_is_begun(joined: Board, raw_server: RawServer) -> None:
    """Data goes out as it is, whatever AT+CIPDINFO and AT+CIPRECVTYPE say; only AT+CIPSENDEX sends
    (docs/wire.md 6.7)."""
    raw_server.script(echo)
    joined.ask("AT+SYSLOG=1")
    assert joined.ask("AT+CIPDINFO=1") == OK
    assert joined.ask("AT+CIPRECVTYPE=1") == OK
    assert joined.ask("AT+CIPMODE=1") == OK
    start(joined, raw_server)
    assert joined.ask("AT+CIPSEND=5") == NO_LINK
    assert joined.ask("AT+CIPSENDL=5") == NO_LINK
    joined.send_line("AT+CIPSENDEX=5")
    joined.expect(PROMPT)
    joined.write(b"hello")
    joined.expect(links.sent(5) + b"hello")


@pytest.mark.parametrize(
    "pieces",
    [
        (b"+++\r\n",),
        (b"++++",),
        (b"++",),
        (b"+",),
        (b"x+++",),
        (b"+++x",),
        (b"+ ++",),
        (b"+", b"+", b"+"),
        (b"++", b"+"),
        (b"+++" * 100,),
    ],
)
def test_what_does_not_end_it(
    joined: Board, raw_server: RawServer, pieces: tuple[bytes, ...]
) -> None:
    """All that is not three of them, alone, is data."""
    raw_server.script(echo)
    start(joined, raw_server)
    begin(joined)
    for piece in pieces:
        silence(QUIET)
        joined.write(piece)
    joined.expect(b"".join(pieces))
    end(joined)
    wait_until(lambda: raw_server.received[0] == b"".join(pieces))


def test_what_ends_it_may_come_in_pieces(joined: Board, raw_server: RawServer) -> None:
    raw_server.script(echo)
    start(joined, raw_server)
    begin(joined)
    silence(QUIET)
    for _ in range(3):
        joined.write(b"+")
    silence(WAIT)
    assert joined.ask("AT") == OK


def test_all_that_was_sent_before_is_sent(joined: Board, raw_server: RawServer) -> None:
    """What gathers for a second does not keep the host, nor get lost."""
    raw_server.script(echo)
    assert joined.ask("AT+TRANSINTVL=1000") == OK
    start(joined, raw_server)
    begin(joined)
    for _ in range(10):
        joined.write(b"the last words")
        end_time = time.monotonic()
        silence(QUIET)
        joined.write(b"+++")
        joined.expect(b"the last words")
        took = time.monotonic() - end_time
        silence(WAIT)
        assert joined.ask("AT") == OK
        if took < 0.9:  # a busy PC may need a second for other reasons
            break
        begin(joined)
    assert took < 0.9


@pytest.mark.parametrize(("gather", "least", "most"), [(1000, 0.9, PATIENCE), (0, 0, 0.5)])
def test_how_long_it_gathers(
    joined: Board, raw_server: RawServer, gather: int, least: float, most: float
) -> None:
    raw_server.script(echo)
    assert joined.ask(f"AT+TRANSINTVL={gather}") == OK
    start(joined, raw_server)
    begin(joined)
    began = time.monotonic()
    for byte in b"abc":
        joined.write(bytes((byte,)))
        time.sleep(0.01)
    joined.expect(b"abc")
    assert least <= time.monotonic() - began < most
    end(joined)


def one_link(board: Board, server: RawServer) -> None:
    start(board, server)


def no_link(board: Board, server: RawServer) -> None:
    assert board.ask("AT+CIPMODE=1") == OK


def several(board: Board, server: RawServer) -> None:
    assert board.ask("AT+CIPMUX=1") == OK


def one_of_several(board: Board, server: RawServer) -> None:
    several(board, server)
    start(board, server, 3)


def two_links(board: Board, server: RawServer) -> None:
    several(board, server)
    start(board, server, 0)
    start(board, server, 1)


def a_server_of_five(board: Board, server: RawServer) -> None:
    several(board, server)
    assert board.ask("AT+CIPSERVER=1") == OK


def two_links_and_a_server_of_one(board: Board, server: RawServer) -> None:
    several(board, server)
    assert board.ask("AT+CIPSERVERMAXCONN=1") == OK
    start(board, server, 0)
    start(board, server, 1)


def a_peer_that_changes(board: Board, server: RawServer) -> None:
    line = f'AT+CIPSTART="UDP","{server.host}",{server.port},5001,2'
    assert board.ask(line) == b"CONNECT\r\n" + OK
    assert board.ask("AT+CIPMODE=1") == OK


@pytest.mark.parametrize(
    ("prepare", "line"),
    [
        (one_link, "AT+CIPSEND"),
        (no_link, "AT+CIPSEND"),
        (no_link, "AT+CIPMUX=1"),
        (several, "AT+CIPMODE=1"),
        (one_of_several, "AT+CIPMODE=1"),
        (two_links, "AT+CIPMODE=1"),
        (a_server_of_five, "AT+CIPMODE=1"),
        (two_links_and_a_server_of_one, "AT+CIPMODE=1"),
        (a_peer_that_changes, "AT+CIPSEND"),
    ],
)
def test_wrong_orders(
    joined: Board, raw_server: RawServer, prepare: Callable[[Board, RawServer], None], line: str
) -> None:
    raw_server.script(echo)
    joined.ask("AT+SYSLOG=1")
    prepare(joined, raw_server)
    assert joined.ask(line) == NO_LINK


def test_the_peer_ends(joined: Board, raw_server: RawServer) -> None:
    """The board connects again and says nothing of it; data goes on on the new connection."""
    raw_server.script(close_after(5))
    raw_server.script(close_after(6))
    raw_server.script(echo)
    start(joined, raw_server)
    begin(joined)
    joined.write(b"first")
    wait_until(lambda: len(raw_server.received) == 2)
    joined.write(b"second")
    wait_until(lambda: len(raw_server.received) == 3)
    echoed(joined, b"third")
    assert raw_server.received == [b"first", b"second", b"third"]
    end(joined)
    assert joined.ask("AT+CIPSTATE?").startswith(b'+CIPSTATE:0,"TCP"')


def test_what_is_told_of_it(joined: Board, raw_server: RawServer) -> None:
    """AT+SYSMSG, bits 2 and 0."""
    raw_server.script(close_after(5))
    raw_server.script(echo)
    assert joined.ask("AT+SYSMSG=5").endswith(OK)
    start(joined, raw_server)
    begin(joined)
    joined.write(b"first")
    joined.expect(b"CLOSED\r\nCONNECT\r\n", PATIENCE)
    echoed(joined, b"second")
    silence(QUIET)
    joined.write(b"+++")
    joined.expect(b"\r\n+QUITT\r\n")
    assert joined.ask("AT") == OK
    raw_server.stop()
    joined.expect(b"CLOSED\r\n")


def test_the_host_ends_it_while_there_is_no_link(joined: Board, raw_server: RawServer) -> None:
    raw_server.script(echo)
    joined.ask("AT+SYSLOG=1")
    start(joined, raw_server)
    begin(joined)
    raw_server.stop()
    joined.write(b"lost")
    end(joined)
    assert joined.ask("AT+CIPSEND") == NO_LINK
    assert joined.ask("AT+CIPSTATE?") == OK


@pytest.mark.timeout(120)
def test_a_host_that_is_held_may_end_it(joined: Board, raw_server: RawServer) -> None:
    """Without a link the board holds the host for ten seconds; then it drops what it has no room
    for, or no +++ would come through."""
    raw_server.script(echo)
    start(joined, raw_server)
    begin(joined)
    raw_server.stop()
    joined.write(bytes(20_000))
    time.sleep(12)
    end(joined)


def test_interval(joined: Board, raw_server: RawServer) -> None:
    """AT+CIPRECONNINTV: tenths of a second between two attempts."""
    times = []

    def note(connection: Connection) -> None:
        times.append(time.monotonic())

    raw_server.script(close_after(1))
    raw_server.script(note)
    assert joined.ask("AT+CIPRECONNINTV=10") == OK
    start(joined, raw_server)
    begin(joined)
    joined.write(b"x")
    wait_until(lambda: len(times) >= 4)
    end(joined)
    assert all(1.0 <= later - earlier < 3.0 for earlier, later in pairwise(times))


def test_flow_control(joined: Board, raw_server: RawServer) -> None:
    """A peer that takes nothing holds the host, and a host that reads nothing holds the peer."""
    up, down = content(300_000, 1), content(300_000, 2)

    def slow(connection: Connection) -> None:
        connection.stopping.wait(2)
        connection.sock.sendall(down)
        connection.finish_reading()

    raw_server.script(slow)
    start(joined, raw_server)
    begin(joined)
    joined.write(up)
    time.sleep(1)
    assert joined.read(len(down), PATIENCE) == down
    wait_until(lambda: len(raw_server.received[0]) >= len(up))
    assert raw_server.received[0] == up
    end(joined)


@pytest.mark.timeout(3600)
@pytest.mark.soak(MB, 20 * MB, real=MB, hours=100 * MB)
def test_both_ways_at_once(joined: Board, raw_server: RawServer, amount: int) -> None:
    """As fast as the port takes it: nothing is lost or doubled, and memory is steady."""
    raw_server.script(echo)
    start(joined, raw_server)
    before = joined.free_memory()
    begin(joined)
    came = 0
    for number, block in enumerate(payload(amount, 3)):
        joined.write(block)
        assert joined.read(len(block), PATIENCE) == block, number
        came += len(block)
    assert came == amount
    end(joined)
    assert abs(joined.free_memory() - before) <= 2048
