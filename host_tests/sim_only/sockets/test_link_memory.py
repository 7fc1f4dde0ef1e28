"""Links within the chip's memory: MicroPython's heap does not grow, and nothing stays behind."""

import time

import pytest

from espat_host.client.board import Board
from espat_host.local_world.raw_server import RawServer
from espat_host.local_world.servers import Servers
from espat_host.sim import SimBoard
from espat_host.sim.measures import Measures
from host_tests.any_board.sockets import links
from host_tests.any_board.sockets.links import OK, echo, start

pytestmark = pytest.mark.sim_only
NOISE = 1024  # what the collector finds by chance, on the 64-bit board
# One of each family that hosts ask for between, the large ones among them.
OTHERS = ("AT+CWSTATE?", "AT+CIPSTA?", "AT+CWMODE?", 'AT+FS=0,4,"."', "AT+CIPSNTPTIME?")


def at_rest(sim: SimBoard) -> Measures:
    """What is measured when that does not change any more: the board writes it as it waits."""
    before, since = sim.measures, time.monotonic()
    while time.monotonic() - since < 0.5:
        time.sleep(0.05)
        if sim.measures != before:
            before, since = sim.measures, time.monotonic()
    return before


def test_five_links_and_all_else(
    sim: SimBoard, joined: Board, raw_server: RawServer, servers: Servers
) -> None:
    raw_server.script(echo)
    assert joined.ask("AT+CIPMUX=1") == OK
    for number in range(5):
        start(joined, raw_server, number)
    for number in range(5):
        for line in OTHERS:
            joined.ask(line)
        assert joined.request(f'AT+HTTPCGET="{servers.http}/get"').ok
        links.send(joined, b"hello" * 200, number)
        joined.expect(b"\r\n+IPD,%d,1000:" % number + b"hello" * 200 + b"\r\n")
    assert joined.ask("AT+CIPCLOSE=5").endswith(OK)
    assert at_rest(sim).growths == 1
    assert sim.starts == 1


def test_five_links_that_wait_to_be_read(
    sim: SimBoard, joined: Board, raw_server: RawServer
) -> None:
    raw_server.script(echo)
    assert joined.ask("AT+CIPMUX=1") == OK
    assert joined.ask("AT+CIPRECVTYPE=5,1") == OK
    for number in range(5):
        start(joined, raw_server, number)
    for number in range(5):
        joined.send_line(f"AT+CIPSEND={number},2000")
        joined.read_until(links.PROMPT, links.PATIENCE)  # what the others have may be told before
        joined.write(b"hello" * 400)
        joined.read_until(b"SEND OK\r\n")
    for _ in range(2):
        for number in range(5):
            joined.send_line(f"AT+CIPRECVDATA={number},1000")
            joined.read_until(b"+CIPRECVDATA:1000," + b"hello" * 200 + OK)
    assert at_rest(sim).growths == 1
    assert sim.starts == 1


@pytest.mark.parametrize("kind", ["TCP", "SSL"])
def test_memory_is_steady(
    sim: SimBoard, joined: Board, raw_server: RawServer, tls_raw_server: RawServer, kind: str
) -> None:
    server = tls_raw_server if kind == "SSL" else raw_server
    server.script(echo)
    levels = []
    for turn in range(12):
        start(joined, server, kind=kind)
        links.send(joined, b"hello" * 100)  # in one piece, beside TLS, too
        joined.expect(b"\r\n+IPD,500:" + b"hello" * 100 + b"\r\n")
        assert joined.ask("AT+CIPCLOSE") == b"CLOSED\r\n" + OK
        if turn in (3, 11):
            # The second of two families comes when what looks after links has ended, too.
            assert joined.ask("AT+SYSRAM?").endswith(OK)
            assert joined.ask("AT+CWMODE?").endswith(OK)
            levels.append(at_rest(sim))
    early, late = levels
    assert late.python_live - early.python_live < NOISE
    assert early.system_free == late.system_free
    assert late.growths == 1
