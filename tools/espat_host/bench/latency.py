"""How long a host waits: for OK, and for a small body."""

from __future__ import annotations

import statistics
from collections.abc import Callable

from espat_host.bench.figures import Figure, interleaved, median_ratio
from espat_host.bench.line import Line
from espat_host.bench.stage import Stage

GROUP = "Latency"
_SMALL = 100
_US = 1_000_000


def measure(stage: Stage, quick: bool) -> list[Figure]:
    """Each beside the same by a bare loop."""
    repeats = 20 if quick else 300
    plain = stage.server.plain
    get = f'AT+HTTPCLIENT=2,0,"{stage.server.url(False, _SMALL)}",,,1'
    task = f"{plain} 0 {_SMALL} 512"
    figures = [
        _pair(stage, "AT to OK", "AT", "echo AT", "echo of a line", repeats, target=2.0),
        _pair(stage, "GET of 100 bytes, kept connection", get, f"kept {task}", "bare socket",
              repeats),
    ]  # fmt: skip
    # A header of the host's own that asks for the end of the connection, and so for a new one.
    closing = f'{get},"Connection: close"'
    stage.espat.ask(closing)
    name = "GET of 100 bytes, new connection"
    figures.append(_pair(stage, name, closing, f"new {task}", "bare socket", repeats))
    return figures


def _pair(
    stage: Stage,
    name: str,
    command: str,
    task: str,
    against: str,
    repeats: int,
    target: float | None = None,
) -> Figure:
    def time(line: Line, text: str) -> Callable[[], float]:
        return lambda: line.ask(text).seconds * _US

    taken = interleaved(
        repeats, [("rival", time(stage.rivals, task)), ("espat", time(stage.espat, command))]
    )
    ours, theirs = taken["espat"], taken["rival"]
    return Figure(
        GROUP, name, "us", statistics.median(ours), against, statistics.median(theirs),
        median_ratio(ours, theirs), target, most=True, judged="ratio", samples=repeats,
    )  # fmt: skip
