"""Time and memory for bodies from 1 KB to 100 MB: the time grows in a straight line, the memory
does not grow at all."""

from __future__ import annotations

import statistics

from espat_host.bench.figures import Figure, Point
from espat_host.bench.line import Line
from espat_host.bench.server import Server
from espat_host.bench.stage import firmware

GROUP = "Growth"
_KB, _MB = 1000, 1_000_000
_SIZES = [_KB, 10 * _KB, 100 * _KB, _MB, 10 * _MB, 100 * _MB]


def measure(server: Server, quick: bool) -> list[Point]:
    """One point for each size."""
    sizes = _SIZES[:4] if quick else _SIZES
    points = []
    with firmware() as (sim, client), Line(sim.port) as line:
        client.free_memory()
        line.ask(_get(server, _KB), _KB)  # what a first request leaves is no growth
        for size in sizes:
            times = [line.ask(_get(server, size), size).seconds for _ in range(_repeats(size))]
            points.append(Point(size, statistics.median(times), client.free_memory()))
    return points


def summary(points: list[Point]) -> list[Figure]:
    """The straight line, in two numbers."""
    last, before = points[-1], points[-2]
    ratio = (last.seconds / last.size) / (before.seconds / before.size)
    held = points[0].free - min(point.free for point in points)
    name = f"time per byte, {_size(last.size)} against {_size(before.size)}"
    return [
        Figure(GROUP, name, "ratio", ratio),
        Figure(GROUP, "memory held after the largest body", "bytes", held),
    ]


def _get(server: Server, size: int) -> str:
    return f'AT+HTTPCGET="{server.url(False, size)}"'


def _repeats(size: int) -> int:
    return 1 if size > 10 * _MB else 3


def _size(size: int) -> str:
    return f"{size // _MB} MB" if size >= _MB else f"{size // _KB} KB"
