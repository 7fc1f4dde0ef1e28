"""What the firmware takes of a board's memory, measured on the simulated board: see
docs/memory.md for what the numbers mean."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field

from . import dialogues, firmware
from .board import Board
from .checkout import ROOT
from .servers import Servers
from .sim import SimBoard

# 64 KB on a chip, and at most twice that on the simulated board with its 64 bits. What 32 bits make
# of the same was measured by hand: docs/memory.md.
BUDGET = 2 * 64 * 1024
# More than a chip has: what is measured is need, and the scale weighs after every collection. Less
# than what lets all code stay loaded (Memory.is_plenty).
HEAP = 1024 * 1024
UPLOAD = bytes(20_000)
PROBE = ROOT / "tools" / "size_probe.py"


class SizeError(RuntimeError):
    """The board did not do what was to be measured."""


@dataclass(frozen=True)
class Peak:
    """The most live bytes during one command, in bytes."""

    command: str
    plain: int
    tls: int | None


@dataclass
class Sizes:
    """All in bytes but `lines`. Memory is what lives on the heap of the 64-bit interpreter."""

    lines: int
    mpy: int
    buffers: int
    imported: int
    boot_peak: int
    ready: int
    after: int = 0  # when all HTTP commands have run and their code has gone
    peaks: list[Peak] = field(default_factory=list)

    @property
    def worst(self) -> int:
        """The largest of all peaks."""
        return max(max(peak.plain, peak.tls or 0) for peak in self.peaks)

    def over_budget(self) -> list[str]:
        """A sentence for each number that is too large."""
        moments = (
            ("after boot", self.ready),
            ("after all HTTP commands", self.after),
            ("at the worst moment of a command", self.worst),
        )
        return [
            f"{number:,} bytes are live {when}, the budget is {BUDGET:,}"
            for when, number in moments
            if number > BUDGET
        ]


class Scale:
    """The board that weighs itself."""

    def __init__(self, sim: SimBoard, board: Board) -> None:
        self._sim, self._board = sim, board
        self._read = 0

    def told(self, what: str, timeout: float = 10.0) -> int:
        """The next number of that name in the log."""
        limit = time.monotonic() + timeout
        while time.monotonic() < limit:
            found = re.compile(rf"^size: {re.escape(what)} (\d+)$", re.MULTILINE).search(
                self._sim.log_path.read_text(errors="replace"), self._read
            )
            if found:
                self._read = found.end()
                return int(found[1])
            time.sleep(0.01)
        raise SizeError(f"the board did not tell the size {what!r}; see {self._sim.log_path}")

    def peak(self, line: str, data: bytes | None = None) -> int:
        """The most live bytes while this command runs, which must succeed."""
        reply = self._board.request(line, data, timeout=30)
        if reply.result not in (b"OK", b"SEND OK", b"SET OK"):
            raise SizeError(f"{line!r} was answered {reply.raw!r}")
        return self.told("peak of " + re.split("[=?]", line)[0])

    def rest(self) -> int:
        """What is live when the code of the last command has gone."""
        # Another family, so that what HTTP has left goes; its own code is in the number.
        self._board.ask("AT+CIFSR")
        return self.told("after AT+CIFSR")


def measure() -> Sizes:
    """All numbers; takes some seconds."""
    modules = firmware.bytecode()
    sources = sorted((ROOT / "firmware").rglob("*.py"))
    with ExitStack() as stack:
        servers = stack.enter_context(Servers())
        world = dialogues.local_world(servers)
        sim = stack.enter_context(SimBoard(program=PROBE, heap=HEAP, world=world))
        board = stack.enter_context(Board(sim.port, log=sim.log_path))
        scale = Scale(sim, board)
        sizes = Sizes(
            lines=sum(len(path.read_text().splitlines()) for path in sources),
            mpy=sum(path.stat().st_size for path in modules.rglob("espat/**/*.mpy")),
            buffers=scale.told("buffers"),
            imported=scale.told("import"),
            boot_peak=scale.told("boot-peak"),
            ready=scale.told("ready"),
        )
        board.synchronise()
        board.join(dialogues.ACCESS_POINT["ssid"], dialogues.ACCESS_POINT["password"])
        # Twice: names stay in MicroPython's memory for ever, so the second round is the worse.
        _peaks(scale, servers)
        sizes.peaks = list(_peaks(scale, servers))
        sizes.after = scale.rest()
    return sizes


def _peaks(scale: Scale, servers: Servers) -> Iterator[Peak]:
    """Every HTTP command and both file transfers, without TLS and with it."""
    for name in _COMMANDS:
        plain, tls = (_peak(scale, name, url) for url in (servers.http, servers.https))
        yield Peak(name, plain, tls)
    for line, data in _PRESETS:
        yield Peak(line.split("=")[0], scale.peak(line, data), None)


def _peak(scale: Scale, name: str, server: str) -> int:
    line, data = _COMMANDS[name]
    if "{length}" in line and data is None:
        data = f"{server}/{'post' if 'FS_TO' in line else 'bytes/8000'}".encode()
    scale.rest()
    return scale.peak(line.format(url=server, length=len(data or b"")), data)


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
_URL = b"http://httpbin.org/get"
_PRESETS: tuple[tuple[str, bytes | None], ...] = (
    (f"AT+HTTPURLCFG={len(_URL)}", _URL),
    ("AT+HTTPCHEAD=7", b"X-Yz: 1"),
    ("AT+HTTPURLCFG=0", None),
    ("AT+HTTPCHEAD=0", None),
    ("AT+HTTPCFG=0", None),
)
