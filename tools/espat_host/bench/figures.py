"""Figures, and what is expected of them. A ratio says more than a number: it holds on any PC."""

from __future__ import annotations

import platform
import statistics
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

SCHEMA = 1


@dataclass
class Figure:
    """One row of the table. `value` is the firmware's, `rival` that of `against`, `ratio` the
    median of the ratios of neighbouring runs. `target`: at least that, or with `most` at most."""

    group: str
    name: str
    unit: str
    value: float | None
    against: str = ""
    rival: float | None = None
    ratio: float | None = None
    target: float | None = None
    most: bool = False
    judged: str = "value"
    samples: int = 1
    note: str = ""
    passed: bool | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        judged = self.ratio if self.judged == "ratio" else self.value
        if self.target is not None and judged is not None:
            self.passed = judged <= self.target if self.most else judged >= self.target


@dataclass
class Point:
    """One size of the growth: seconds for the body, free bytes of heap on the board after it."""

    size: int
    seconds: float
    free: int


@dataclass
class Results:
    """All of one run."""

    quick: bool
    machine: str = field(default_factory=lambda: f"{platform.system()} {platform.machine()}")
    figures: list[Figure] = field(default_factory=list)
    growth: list[Point] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {"schema": SCHEMA, **asdict(self)}

    @property
    def missed(self) -> list[Figure]:
        """What is not as it should be."""
        return [figure for figure in self.figures if figure.passed is False]


def from_dict(data: dict[str, Any]) -> Results:
    """The opposite of as_dict()."""
    figures = [
        Figure(**{name: value for name, value in row.items() if name != "passed"})
        for row in data["figures"]
    ]
    points = [Point(**row) for row in data["growth"]]
    return Results(data["quick"], data["machine"], figures, points)


def interleaved(
    repeats: int, runs: Sequence[tuple[str, Callable[[], float]]]
) -> dict[str, list[float]]:
    """Every run in turn, again and again, so that a busy moment of the PC meets all of them."""
    taken: dict[str, list[float]] = {name: [] for name, _ in runs}
    for _ in range(repeats):
        for name, run in runs:
            taken[name].append(run())
    return taken


def median_ratio(ours: list[float], theirs: list[float]) -> float:
    """The median of the ratios of neighbours."""
    return statistics.median(a / b for a, b in zip(ours, theirs, strict=True))
