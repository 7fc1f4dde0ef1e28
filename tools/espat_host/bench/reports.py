"""What reports cost: the same body with all of AT+HTTPREPORT, and with none."""

from __future__ import annotations

import statistics
from collections.abc import Callable

from espat_host.bench.figures import Figure, interleaved, median_ratio
from espat_host.bench.stage import Stage
from espat_host.bench.streaming import GROUP, MB

_ALL, _NONE = 15, 0
_LEAST = 0.95  # of the throughput without


def measure(stage: Stage, quick: bool) -> list[Figure]:
    """Plain, with chunks of 2048 bytes."""
    size, repeats = (MB // 2, 2) if quick else (4 * MB, 11)
    command = f'AT+HTTPCGET="{stage.server.url(False, size)}"'

    def rate(mask: int) -> Callable[[], float]:
        def run() -> float:
            stage.espat.ask(f"AT+HTTPREPORT={mask}")
            return size / stage.espat.ask(command, size).seconds / MB

        return run

    taken = interleaved(repeats, [("without", rate(_NONE)), ("with", rate(_ALL))])
    stage.espat.ask(f"AT+HTTPREPORT={_NONE}")
    return [
        Figure(
            GROUP, "HTTP, all reports on", "MB/s", statistics.median(taken["with"]), "none",
            statistics.median(taken["without"]), median_ratio(taken["with"], taken["without"]),
            _LEAST, judged="ratio", samples=repeats,
        )
    ]  # fmt: skip
