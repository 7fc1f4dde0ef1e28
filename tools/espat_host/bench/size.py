"""What the firmware takes of a chip: both heaps in every state, what it reads of the flash, its
files. The board is a simulated one onto which it was deployed (docs/simulated_memory.md)."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from espat_host.build import firmware
from espat_host.build.checkout import BOARDS
from espat_host.client.board import Board
from espat_host.dialogues import repertoire
from espat_host.local_world.servers import Servers
from espat_host.sim.flashed import FlashedBoard
from espat_host.sim.measures import Measures

# The budget. Free bytes of the system heap: idle in a network, at the worst moment of a request.
JOINED, WORST = 40 * 1024, 8 * 1024
GROWTHS = 1  # of MicroPython's heap: once, as planned; what it takes beyond that the network lacks
TO_READY, FIRST_HTTP = 3000, 300  # reads of the flash, 100 us each
FILES = 8
FIRST = "AT+HTTPCGET, TLS"

BOARD = "ESP32_GENERIC"  # the smallest of the chips
LIMIT = 30.0  # seconds, for a command
QUIET = 0.15  # seconds: so long the board has nothing to tell; it looks every 50 ms
UPLOAD = bytes(20_000)
FILE = bytes(8000)


class SizeError(RuntimeError):
    """The board did not do what was to be measured."""


@dataclass(frozen=True)
class State:
    """A state, or a request: what was most and least is that of this request alone."""

    name: str
    measures: Measures
    reads: int  # of the flash, in this request


@dataclass
class Sizes:
    """All but `requests` are from one start of the board."""

    files: dict[str, int]  # path on the board -> bytes
    ready: State
    joined: State
    requests: list[State] = field(default_factory=list)

    @property
    def units(self) -> dict[str, int]:
        """Unit of the package -> bytes of its .mpy."""
        folder = f"lib/{firmware.PACKAGE}/"
        return {Path(p).stem: n for p, n in self.files.items() if p.startswith(folder)}

    @property
    def first_http(self) -> State:
        """What stands for the first HTTP command after a start; no transfer of a file, which is
        looked for and read besides."""
        return next(state for state in self.requests if state.name == FIRST)

    @property
    def worst(self) -> State:
        """The request that leaves the least of the system heap."""
        return min(self.requests, key=lambda state: state.measures.system_least)

    def over_budget(self) -> list[str]:
        """A sentence for each budget that is broken."""
        return [*self._heaps(), *self._flash()]

    def _heaps(self) -> Iterator[str]:
        free, worst = self.joined.measures.system_free, self.worst
        if free < JOINED:
            yield f"{_free(free)} when the board has joined and is idle, the budget is {JOINED:,}"
        least = worst.measures.system_least
        if least < WORST:
            yield f"{_free(least)} at the worst moment of {worst.name}, the budget is {WORST:,}"
        for state in (self.ready, self.joined, *self.requests):
            growths = state.measures.growths
            if growths != GROWTHS:
                yield (
                    f"MicroPython's heap has grown {growths} times, to "
                    f"{state.measures.python_total:,} bytes, in the state {state.name}, "
                    f"the plan is {GROWTHS}"
                )

    def _flash(self) -> Iterator[str]:
        first = self.first_http
        for count, when, budget in (
            (self.ready.reads, "until the board is ready", TO_READY),
            (first.reads, f"for the first HTTP command ({first.name})", FIRST_HTTP),
        ):
            if count > budget:
                yield f"the flash is read {count:,} times {when}, the budget is {budget:,}"
        if len(self.files) > FILES:
            yield f"{len(self.files)} files are deployed, the budget is {FILES}"


def measure() -> Sizes:
    """All numbers; takes some ten seconds."""
    files = firmware.files(BOARDS / BOARD)
    with Servers() as servers:
        with _started(servers) as scale:
            ready = scale.state("ready", scale.begin)
            joined = _joined(scale)
        sizes = Sizes({path: len(data) for path, data in files.items()}, ready, joined)
        for name in _COMMANDS:
            for more, url in (("", servers.http), (", TLS", servers.https)):
                with _started(servers) as scale:
                    sizes.requests.append(_request(scale, name, more, url))
    return sizes


class Scale:
    """A board that has just started, and tells what it has measured."""

    def __init__(self, sim: FlashedBoard, board: Board) -> None:
        self._sim, self._board = sim, board
        self._reads = 0

    def state(self, name: str, go: Callable[[], object]) -> State:
        """The state in which the board is at rest after `go()`."""
        go()
        measures = self._at_rest()
        before, self._reads = self._reads, measures.flash_reads
        return State(name, measures, measures.flash_reads - before)

    def begin(self) -> None:
        """What was most and least begins anew."""
        self._at_rest()
        self._sim.measure_anew()
        self._board.synchronise()
        _wait_for(lambda: self._sim.measures_anew, "begin anew with what it measures")

    def join(self) -> None:
        self._board.join(repertoire.ACCESS_POINT["ssid"], repertoire.ACCESS_POINT["password"])

    def ask(self, line: str, data: bytes | None = None) -> None:
        """A command, which must succeed."""
        reply = self._board.request(line, data, timeout=LIMIT)
        if reply.result not in (b"OK", b"SEND OK", b"SET OK"):
            raise SizeError(f"{line!r} was answered {reply.raw!r}; see {self._sim.log_path}")

    def _at_rest(self) -> Measures:
        """What is measured when that does not change any more."""
        seen: list[Measures] = []
        since = time.monotonic()

        def quiet() -> bool:
            nonlocal since
            if seen[-1:] != [self._sim.measures]:
                seen.append(self._sim.measures)
                since = time.monotonic()
            return time.monotonic() - since > QUIET

        _wait_for(quiet, "come to rest")
        return seen[-1]


@contextmanager
def _started(servers: Servers) -> Iterator[Scale]:
    world = repertoire.local_world(servers)
    with (
        FlashedBoard(board=BOARD, world=world) as sim,
        Board(sim.port, log=sim.log_path) as board,
    ):
        board.synchronise()
        yield Scale(sim, board)


def _joined(scale: Scale) -> State:
    scale.join()
    return scale.state("joined", scale.begin)


def _request(scale: Scale, name: str, more: str, server: str) -> State:
    line, data = _COMMANDS[name]
    if "{length}" in line and data is None:
        data = f"{server}/{'post' if 'FS_TO' in line else 'bytes/8000'}".encode()
    if "FS_TO" in line:
        scale.ask(f'AT+FS=1,1,"f",0,{len(FILE)}', FILE)
    _joined(scale)
    command = line.format(url=server, length=len(data or b""))
    return scale.state(name + more, lambda: scale.ask(command, data))


def _wait_for(done: Callable[[], bool], what: str) -> None:
    limit = time.monotonic() + LIMIT
    while not done():
        if time.monotonic() > limit:
            raise SizeError(f"the board did not {what} in {LIMIT:g} s")
        time.sleep(0.01)


def _free(count: int) -> str:
    return f"{count:,} bytes of the system heap are free"


# What is measured: a line, and the data after its prompt; a URL if there is a length and no data.
_COMMANDS: dict[str, tuple[str, bytes | None]] = {
    "AT+HTTPCLIENT": ('AT+HTTPCLIENT=2,0,"{url}/bytes/8000",,,2', None),
    "AT+HTTPCLIENT post": ('AT+HTTPCLIENT=3,0,"{url}/post",,,2,"a=1"', None),
    "AT+HTTPGETSIZE": ('AT+HTTPGETSIZE="{url}/bytes/8000"', None),
    "AT+HTTPCGET": ('AT+HTTPCGET="{url}/bytes/8000"', None),
    "AT+HTTPCPOST": ('AT+HTTPCPOST="{url}/post",{length}', UPLOAD),
    "AT+HTTPCPUT": ('AT+HTTPCPUT="{url}/put",{length}', UPLOAD),
    "AT+HTTPGET_TO_FS": ('AT+HTTPGET_TO_FS="f",{length}', None),
    "AT+FS_TO_HTTP_SERVER": ('AT+FS_TO_HTTP_SERVER="f",{length}', None),
}
