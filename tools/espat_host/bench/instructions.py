"""Instructions for a command and for a KB of body, counted by valgrind: a figure that a busy PC
does not change. Without valgrind it is reported as not measured."""

from __future__ import annotations

import re
import shlex
import shutil
import stat
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from espat_host.bench.figures import Figure
from espat_host.bench.line import Line
from espat_host.bench.server import Server
from espat_host.bench.stage import RIVALS, WATCHED, WORLD
from espat_host.client.board import Board
from espat_host.sim import SimBoard, SimError
from espat_host.sim.process import micropython

GROUP = "Instructions"
_LIMIT = 120.0
_COMMANDS = 200
_SIZE, _LITTLE = 1_000_000, 10_000
_TITLES = ("AT", "1 KB of body, chunks of 2048", "1 KB of body, chunks of 512")

Work = Callable[[Line], object]


def measure(server: Server, quick: bool) -> list[Figure]:
    """For both boards: a run with the work less one with less of it, in which as much is loaded."""
    if quick or not shutil.which("valgrind"):
        why = "not measured: " + ("quick" if quick else "there is no valgrind")
        return [Figure(GROUP, title, "", None, note=why) for title in _TITLES]
    rows = []
    for boot, ours in ((_espat, True), (_rivals, False)):
        rows.append(
            [(boot(much) - boot(little)) / units for much, little, units in _work(server, ours)]
        )
    against = ("echo of a line", "bare loop", "bare loop")
    return [
        Figure(GROUP, title, "instructions", mine, other, theirs, mine / theirs)
        for title, mine, other, theirs in zip(_TITLES, rows[0], against, rows[1], strict=True)
    ]


def _work(server: Server, ours: bool) -> list[tuple[Work, Work, float]]:
    """Much, little, and how many units lie between."""

    def body(size: int, chunk: int) -> Work:
        get = f'AT+HTTPCGET="{server.url(False, size)}",,{chunk}'
        bare = f"bare {server.plain} 0 {size} {chunk}"
        return lambda line: line.ask(get if ours else bare, size)

    def commands(count: int) -> Work:
        def work(line: Line) -> None:
            for _ in range(count):
                line.ask("AT" if ours else "echo AT")

        return work

    kb = (_SIZE - _LITTLE) / 1024
    return [
        (commands(_COMMANDS + 1), commands(1), _COMMANDS),
        *((body(_SIZE, chunk), body(_LITTLE, chunk), kb) for chunk in (2048, 512)),
    ]


def _espat(work: Work) -> int:
    def run(sim: SimBoard) -> None:
        with Board(sim.port, timeout=_LIMIT) as client:
            client.synchronise(_LIMIT)
            client.join("espressif", "1234567890", _LIMIT)
            with Line(sim.port) as line:
                line.ask("AT+BENCH=0")
                work(line)
            client.send_line("AT+BENCH=9")
            client.expect("\r\nOK\r\n")

    return _counted(WATCHED, run)


def _rivals(work: Work) -> int:
    def run(sim: SimBoard) -> None:
        with Line(sim.port) as line:
            line.ask("", 7, b"ready\r\n")
            work(line)
            line.tell("end")

    return _counted(RIVALS, run)


def _counted(program: Path, run: Callable[[SimBoard], None]) -> int:
    """The instructions of a board's whole life."""
    with tempfile.TemporaryDirectory(prefix="espat-bench-") as folder:
        counts = Path(folder) / "counts"
        interpreter = _under_valgrind(Path(folder) / "micropython", counts)
        sim = SimBoard(world=WORLD, program=program, micropython=str(interpreter), heap="8m")
        try:
            sim.start(_LIMIT)
            run(sim)
            _await_end(sim)
        finally:
            sim.stop()
        found = re.search(r"^(?:summary|totals): (\d+)", counts.read_text(), re.MULTILINE)
        if not found:
            raise RuntimeError("valgrind has counted nothing")
        return int(found[1])


def _await_end(sim: SimBoard) -> None:
    with suppress(SimError):  # a program that ends is a crash to the launcher
        sim.wait()


def _under_valgrind(script: Path, counts: Path) -> Path:
    """An interpreter for the simulated board that counts its instructions."""
    tool = f"valgrind --quiet --tool=callgrind --callgrind-out-file='{counts}'"
    script.write_text(f'#!/bin/sh\nexec {tool} {shlex.join(micropython())} "$@"\n')
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    return script
