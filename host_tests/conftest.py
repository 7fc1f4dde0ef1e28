"""What the tests share: a local world, a board in it, and a client on its port.

The same tests run on a simulated board and, with --port, on a real one. A test that asks for the
fixtures `sim`, `boot` or `bare`, or carries the marker sim_only, needs the simulated world: on a
real board it is skipped by name.
"""

import copy
import gc
import importlib
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from espat_host.boards import ports, repl
from espat_host.build import firmware
from espat_host.build.bytecode import CompileError
from espat_host.client.board import Board, BoardError
from espat_host.dialogues import repertoire
from espat_host.local_world.raw_server import RawServer
from espat_host.local_world.servers import Servers
from espat_host.sim import SimBoard, process
from espat_host.sim.bare import BareBoard
from espat_host.sim.world import NETWORK
from host_tests.build import updates
from host_tests.sim import evidence, forked
from host_tests.sim.asked import AskedBoard, AskedBoards

GARBAGE = 20_000  # objects between two of its collections: a test makes a few thousand
HERE = Path(__file__).parent
World = dict[str, Any]
SIMULATED = {"sim", "boot", "bare"}
# A real board keeps what the last test left it in: it takes commands for the rest of an upload that
# was broken off, until the host has been silent for a minute (services/host_data.py).
SILENCE = 62.0
NO_FILTER = b"\r\nAT+SYSMSGFILTER=0"  # or the filter may hide every OK
REAL_BOARD_LIMIT = 600
PATIENCE = 30.0  # for one answer, on a PC that has much else to do

# An example that takes long tells of a busy PC, not of the code that is tried with it.
settings.register_profile("espat", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("espat")
process.start = forked.start


@dataclass(frozen=True)
class Target:
    """Which board, in which network, and how it reaches this PC."""

    port: str | None
    ssid: str
    password: str
    host_address: str


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--soak", action="store_true", help="the long tests alone, and whole")
    parser.addoption("--hours", action="store_true", help="with --soak: those that take an hour")


@pytest.hookimpl(wrapper=True)
def pytest_sessionstart(session: pytest.Session) -> Iterator[None]:
    """The firmware is compiled once, before processes run tests that would all do it; while it is,
    they load theirs."""
    yield
    controls = not hasattr(session.config, "workerinput")
    if controls and session.config.getoption("numprocesses", None):
        with suppress(CompileError):  # which each test that needs it tells
            firmware.bytecode()
            firmware.modules()
            updates.marked()


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Iterator[None]:
    """Thousands of tests, which stay: Python's collector need not go through them."""
    gc.disable()
    _load_a_share(getattr(session.config, "workerinput", None))
    yield
    gc.enable()
    gc.freeze()
    gc.set_threshold(GARBAGE)


def _load_a_share(worker: dict[str, Any] | None) -> None:
    """What pytest makes of a module's asserts it keeps: so that not each process makes it all, each
    begins with other modules."""
    if worker is None:
        return
    number = int(worker["workerid"].removeprefix("gw"))
    for path in sorted(HERE.rglob("test_*.py"))[number :: worker["workercount"]]:
        with suppress(ImportError, SyntaxError):  # told when it is collected
            importlib.import_module(".".join(path.relative_to(HERE.parent).with_suffix("").parts))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    soak = config.getoption("--soak")
    items[:] = [item for item in items if _is_wanted(item, soak)]
    items[:] = _in_turns(items)
    if not config.getoption("espat_port"):
        return
    for item in items:
        item.add_marker(pytest.mark.timeout(REAL_BOARD_LIMIT))
        fixtures = set(getattr(item, "fixturenames", ()))
        if item.get_closest_marker("sim_only") or SIMULATED & fixtures:
            item.add_marker(pytest.mark.skip(reason="needs the simulated world"))


def _is_wanted(item: pytest.Item, soak: bool) -> bool:
    """A test without a short form, soak(0, ...), is for --soak alone."""
    marker = item.get_closest_marker("soak")
    if soak or marker is None:
        return soak == (marker is not None)
    return bool(marker.args[0])


def _in_turns(items: list[pytest.Item]) -> list[pytest.Item]:
    """The longest first, the other long ones, which mostly wait, in turns with those that keep a
    processor busy; none of them in the second half, or the last to begin is a long one."""
    long = sorted(filter(_limit, items), key=_limit, reverse=True)
    short = [item for item in items if not _limit(item)]
    step = max(1, len(short) // 2 // max(1, len(long)))
    ordered: list[pytest.Item] = []
    for number, item in enumerate(long):
        ordered += [item, *short[number * step : (number + 1) * step]]
    return ordered + short[len(long) * step :]


def _limit(item: pytest.Item) -> float:
    """Its own time limit in seconds, 0 if it has none: then it is not long."""
    marker = item.get_closest_marker("timeout")
    return float(marker.args[0]) if marker else 0.0


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    """A failure carries its evidence: what the board logged, and the last bytes on its port."""
    report = yield
    if report.failed:
        report.sections.extend(evidence.sections(item))
    return report


@pytest.fixture(scope="session")
def target(request: pytest.FixtureRequest) -> Target:
    """The board that the command line names."""
    option = request.config.getoption
    here = option("--host-address") or "127.0.0.1"
    ssid, password = option("espat_ssid"), option("espat_password")
    network = (ssid or NETWORK[0], NETWORK[1] if password is None else password)
    return Target(option("espat_port"), *network, here)


@pytest.fixture(scope="session")
def on_a_real_board(target: Target) -> bool:
    """Whether --port names a board, which is slower than a simulated one."""
    return target.port is not None


@pytest.fixture
def amount(request: pytest.FixtureRequest, on_a_real_board: bool) -> int:
    """How much a test with the marker soak(short, whole, real=..., hours=...) does: `short`, with
    --soak `whole`, with --hours beside it `hours`, on a real board `real`."""
    marker = request.node.get_closest_marker("soak")
    short, whole = marker.args
    if on_a_real_board:
        return int(marker.kwargs.get("real", short))
    if request.config.getoption("--soak") and request.config.getoption("--hours"):
        return int(marker.kwargs.get("hours", whole))
    return int(whole if request.config.getoption("--soak") else short)


@pytest.fixture(scope="session")
def servers(target: Target) -> Iterator[Servers]:
    """httpbin and its neighbours, plain and with TLS; `servers.http` and `servers.https`."""
    with Servers(target.host_address) as running:
        yield running


@pytest.fixture
def world(servers: Servers) -> World:
    """The simulated world a board boots into. Change the copy and give it to `sim.set_world`."""
    return copy.deepcopy(repertoire.local_world(servers))


@pytest.fixture
def boot(world: World, request: pytest.FixtureRequest) -> Iterator[Callable[..., SimBoard]]:
    """Boot simulated boards with SimBoard's options: `boot(heap=300_000, baud_pacing=True)`."""
    sims = request.node.stash.setdefault(evidence.SIMS, [])
    with ExitStack() as stack:

        def boot_one(**options: Any) -> SimBoard:
            sim: SimBoard = stack.enter_context(SimBoard(**{"world": world, **options}))
            sims.append(sim)
            return sim

        yield boot_one


@pytest.fixture
def sim(boot: Callable[..., SimBoard]) -> SimBoard:
    """A simulated board that has just booted."""
    return boot()


@pytest.fixture
def bare(request: pytest.FixtureRequest) -> Iterator[BareBoard]:
    """A simulated board with MicroPython's REPL and nothing on its flash."""
    with BareBoard() as board:
        request.node.stash.setdefault(evidence.SIMS, []).append(board)
        yield board


@pytest.fixture
def patient_repl(monkeypatch: pytest.MonkeyPatch) -> None:
    """The REPL's limits are made for a board on a wire; a PC that is busy needs more."""
    monkeypatch.setattr(repl, "SILENCE", 20.0)
    monkeypatch.setattr(repl, "INTERRUPT_LIMIT", 20.0)


@pytest.fixture
def patient_ports(monkeypatch: pytest.MonkeyPatch) -> None:
    """So are those of a look at a port: for a person who waits."""
    for limit in ("FIRST_LIMIT", "SECOND_LIMIT", "WRITE_LIMIT"):
        monkeypatch.setattr(ports, limit, 6.0)


@pytest.fixture
def connect() -> Iterator[Callable[..., Board]]:
    """Open boards by hand: `connect(sim)`; echo is off and nothing is left to read. The port is
    shared with the commands that a test starts."""
    with ExitStack() as stack:

        def open_one(board: SimBoard | str, **options: Any) -> Board:
            if isinstance(board, SimBoard):
                options.setdefault("log", board.log_path)
            port = board if isinstance(board, str) else board.port
            options = {"timeout": PATIENCE, "exclusive": False} | options
            client = stack.enter_context(Board(port, **options))
            _synchronise(client, patient=isinstance(board, str))
            return client

        yield open_one


def _synchronise(client: Board, patient: bool) -> None:
    """Until the board answers; a real one in three ways, each for another thing a test may have
    left: nothing, a message filter, an upload."""
    if patient:
        for silence in (0.0, 0.0, SILENCE):
            with suppress(BoardError):
                time.sleep(silence)
                client.synchronise(timeout=2)
                return
            _show_results(client)
    client.synchronise()


def _show_results(client: Board) -> None:
    """What is answered depends on what the board was left in, so this only waits a bit."""
    client.send_line(NO_FILTER)
    time.sleep(0.3)
    client.discard()


@pytest.fixture
def dut(target: Target, connect: Callable[..., Board], request: pytest.FixtureRequest) -> Board:
    """The board under test: just restarted, echo off, nothing left to read."""
    if target.port is None:
        return connect(request.getfixturevalue("sim"))
    client = connect(target.port)
    # Its memory outlives the last test: a saved network would be joined in the middle of this one.
    client.restart(b"AT+RESTORE")
    return client


@pytest.fixture(scope="session")
def asked_boards() -> Iterator[AskedBoards]:
    """The simulated boards that tests share which only ask."""
    boards = AskedBoards()
    yield boards
    boards.stop()


def _only_asked(like: str, prepare: Callable[[Board, Target], object]) -> Any:
    """A fixture as `like`, for tests that leave the board as it was: a simulated one is shared."""

    @pytest.fixture
    def fixture(
        target: Target,
        world: World,
        asked_boards: AskedBoards,
        connect: Callable[..., Board],
        request: pytest.FixtureRequest,
    ) -> Iterator[Board]:
        if target.port is not None:
            yield request.getfixturevalue(like)
            return

        def make() -> AskedBoard:
            return AskedBoard(world, lambda client: prepare(client, target))

        with asked_boards.asked(like, make, connect) as (sim, client):
            request.node.stash.setdefault(evidence.SIMS, []).append(sim)
            yield client

    return fixture


# Its files are in a folder that comes with the first command for them.
asked_dut = _only_asked("dut", lambda board, _: board.ask('AT+FS=1,4,"."'))
asked_joined = _only_asked("joined", lambda board, target: board.join(target.ssid, target.password))
asked_access_point = _only_asked("access_point", lambda board, _: board.ask("AT+CWMODE=3"))


@pytest.fixture
def roomy(boot: Callable[..., SimBoard], connect: Callable[..., Board]) -> Board:
    """A simulated board with PSRAM, for what a plain chip has no room for."""
    return connect(boot(heap="8m"))


@pytest.fixture
def joined(dut: Board, target: Target) -> Board:
    """The board under test, in its network."""
    dut.join(target.ssid, target.password)
    return dut


@pytest.fixture
def access_point(dut: Board) -> Board:
    """The board under test as station and access point."""
    assert dut.request("AT+CWMODE=3").ok
    return dut


@pytest.fixture
def raw_server(target: Target) -> Iterator[RawServer]:
    """A server without TLS that plays scripts, bad manners included."""
    with RawServer(host=target.host_address) as server:
        yield server


@pytest.fixture
def tls_raw_server(target: Target, servers: Servers) -> Iterator[RawServer]:
    """The same behind a certificate of the local authority."""
    pair = servers.authority.issue("localhost", target.host_address, label="raw")
    with RawServer(tls=pair, host=target.host_address) as server:
        yield server
