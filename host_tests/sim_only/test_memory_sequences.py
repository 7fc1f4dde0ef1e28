"""Sequences of ordinary commands in the memory of a plain chip: every command gets one result code,
the board does not start again, and the network is there afterwards."""

import itertools
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from espat_host.client.board import Board
from espat_host.client.replies import Reply
from espat_host.local_world.ntp_server import NtpServer
from espat_host.local_world.servers import Servers
from espat_host.sim import SimBoard, SimError
from espat_host.sim.measures import Measures
from host_tests.any_board import maxima

World = dict[str, Any]

pytestmark = pytest.mark.sim_only

NO_MEMORY = b"700a"
MIXED = 60
STEADY = 2048  # how much the heaps may move between two rounds of the same commands
# A family each, and none that needs a name server.
OTHERS = (
    "AT+CWLAP",
    "AT+SYSRAM?",
    'AT+FS=1,4,"."',
    "AT+CWSTAPROTO?",
    "AT+SYSFLASH?",
    "AT+CIPSNTPTIME?",
    "AT+UART_CUR?",
    "AT+GMR",
)


@dataclass
class Used:
    """A joined board that is used; `starts` is how often it had started by then."""

    sim: SimBoard
    board: Board
    http: str
    https: str
    starts: int

    def ok(self, line: str, data: bytes | None = None) -> Reply:
        """A command that must succeed."""
        reply = self.board.request(line, data)
        assert reply.ok, (line, reply.raw, self.log())
        return reply

    def answered(self, line: str, data: bytes | None = None) -> Reply:
        """A command that must have one result code, whichever."""
        return maxima.answered(self.board, line, data)

    def get(self, url: str | None = None) -> None:
        reply = self.ok(f'AT+HTTPCGET="{url or self.http}/bytes/3000"')
        assert len(reply.body) == 3000

    def log(self) -> str:
        return self.sim.log_path.read_text(errors="replace")

    def is_well(self) -> None:
        """It lives, its network too, and it has been alive all the time."""
        self.ok("AT")
        self.get()
        assert self.sim.starts == self.starts, self.log()
        assert "Traceback" not in self.log(), self.log()


@pytest.fixture
def used(sim: SimBoard, joined: Board, servers: Servers) -> Used:
    joined.ask("AT+SYSLOG=1")
    return Used(sim, joined, servers.http, servers.https, sim.starts)


@pytest.fixture
def time_server(world: World) -> Iterator[NtpServer]:
    with NtpServer() as server:
        world["hosts"]["ntp.test"] = {"address": "127.0.0.1", "ports": {"123": server.port}}
        yield server


def test_the_first_request_is_https(used: Used) -> None:
    used.get(used.https)
    used.get(used.https)
    used.is_well()


def test_a_filter_that_is_on(used: Used) -> None:
    assert maxima.add_filter(used.board, 1).ok
    used.ok("AT+SYSMSGFILTER=1")
    used.get()
    used.get(used.https)
    used.is_well()


def test_requests_between_other_families(time_server: NtpServer, used: Used) -> None:
    used.get()
    used.ok("AT+CWLAP")
    used.get()
    used.ok('AT+CIPSNTPCFG=1,0,"ntp.test"')
    used.get()
    used.get(used.https)
    used.is_well()


def test_a_request_beside_the_access_point(used: Used) -> None:
    used.ok("AT+CWMODE=3")
    used.get()
    used.get(used.https)
    used.is_well()


def test_eight_filters_that_come_one_by_one(used: Used) -> None:
    """What is too many is refused, and nothing is lost of the others."""
    added = 0
    for number in range(maxima.FILTERS):
        reply = maxima.add_filter(used.board, number)
        assert reply.ok or NO_MEMORY in reply.raw, reply.raw
        added += reply.ok
        used.ok(OTHERS[number % len(OTHERS)])
    assert added
    used.ok("AT+SYSMSGFILTER=1")
    assert len(used.ok("AT+SYSMSGFILTERCFG?").raw.split(b"+SYSMSGFILTERCFG:")) == added + 1
    used.is_well()
    used.ok("AT+SYSMSGFILTERCFG=0")
    used.get(used.https)
    used.is_well()


def fill(used: Used) -> None:
    maxima.fill(used.board)
    used.answered(f'AT+HTTPCGET="{used.http}/bytes/3000"')
    used.answered(f'AT+HTTPCGET="{used.https}/bytes/3000"')


@pytest.fixture
def full(used: Used) -> Used:
    """A board in which everything is kept that a host can have kept."""
    fill(used)
    assert used.sim.starts == used.starts, used.log()
    return used


def test_what_frees_memory_works_without_any(full: Used) -> None:
    maxima.empty(full.board)
    full.get(full.https)
    full.is_well()


def test_a_full_board_changes_its_mode(full: Used) -> None:
    full.ok("AT+CWMODE=1")
    full.answered("AT+CWMODE=3")
    full.ok("AT+CWMODE=1")


def test_the_first_filter_leaves_room_for_every_family(
    sim: SimBoard, connect: Callable[..., Board]
) -> None:
    """Its code is counted, too."""
    board = connect(sim)
    assert board.ask("AT+CWMODE=1").endswith(b"OK\r\n")
    assert board.request(f"AT+HTTPURLCFG={len(maxima.URL)}", maxima.URL).ok
    added = False
    for size in range(6000, 0, -40):
        if board.request(f"AT+USERRAM=1,{size}").ok:
            added = maxima.add_filter(board, 1).ok
            assert board.request("AT+CWMODE?").ok, size
        if added:
            break
        board.request("AT+USERRAM=0")
    assert added


def test_a_full_board_restarts(full: Used) -> None:
    full.board.restart()
    assert full.sim.starts == full.starts + 1
    full.board.join("espressif", "1234567890")
    full.get(full.https)


@pytest.mark.timeout(240)
@pytest.mark.parametrize("heap", range(230, 400, 10))
def test_one_result_code_in_any_heap(
    heap: int,
    boot: Callable[..., SimBoard],
    connect: Callable[..., Board],
    servers: Servers,
) -> None:
    """A plain request, then the first one with TLS, on a board with one heap of that many KB: it
    may have no room for them, but it says so, once. (A board that does not come up is no matter
    here.)"""
    try:
        sim = boot(heap=f"{heap}k")
    except SimError:
        return
    board = connect(sim)
    if not board.request("AT+CWMODE=1").ok:
        return
    if not board.request('AT+CWJAP="espressif","1234567890"').ok:
        return
    for url in (servers.http, servers.https):
        board.request(f'AT+HTTPCGET="{url}/bytes/3000"')
        assert board.ask("AT") == b"\r\nOK\r\n"
    assert sim.starts == 1


def test_a_refusal_is_no_traceback(used: Used) -> None:
    used.ok("AT+CWMODE=3")
    assert used.answered("AT+CWAPPROTO=31").result == b"ERROR"
    used.ok("AT+CWMODE=1")
    used.is_well()


def test_all_families_with_tls_between(time_server: NtpServer, used: Used) -> None:
    others = itertools.cycle(
        (
            *OTHERS,
            "AT+CWMODE=3",
            "AT+CWMODE=1",
            "AT+SYSMFG?",
            "AT+USERRAM=1,2048",  # not while a time server is asked: that wants 2 KB more
            "AT+USERRAM=0",
            'AT+CIPSNTPCFG=1,0,"ntp.test"',
            'AT+PING="127.0.0.1"',
            "AT+CIPSTA?",
            "AT+CIPSNTPCFG=0",
        )
    )
    for count in range(MIXED):
        if count % 3 == 2:
            used.get(used.https)
        else:
            line = next(others)
            reply = used.answered(line)
            assert NO_MEMORY not in reply.raw, (line, reply.raw, used.log())
    first = measured(used)
    for _ in range(2):
        used.ok("AT+CWLAP")
        used.get(used.https)
    last = measured(used)
    assert abs(last.python_live - first.python_live) < STEADY
    assert abs(last.system_free - first.system_free) < STEADY


def measured(used: Used) -> Measures:
    """After a plain request, whose connection is kept."""
    used.is_well()
    used.sim.measure_anew()
    assert used.board.ask("AT") == b"\r\nOK\r\n"
    time.sleep(0.3)  # it is written when the board waits
    return used.sim.measures
