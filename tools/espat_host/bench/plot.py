"""The main figures as a picture."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from espat_host.bench.figures import Figure, Results

_OURS, _THEIRS, _LIMIT = "#1f6f8b", "#b9c4c9", "#c0392b"


def draw(results: Results, target: Path) -> None:
    """Write the PNG. Needs the dependency group `bench`, which `make bench` installs."""
    # Here: the rest works without it, and it takes a second to load.
    from matplotlib.figure import Figure as Picture

    picture = Picture(figsize=(10, 8), layout="constrained")
    (streaming, wire), (loop, growth) = picture.subplots(2, 2)
    _streaming(streaming, _of(results, "Streaming"))
    _wire(wire, _of(results, "Wire"))
    _loop(loop, _of(results, "Loop"))
    _growth(growth, results)
    target.parent.mkdir(parents=True, exist_ok=True)
    # Without its date: the same figures make the same file.
    picture.savefig(target, dpi=100, metadata={"Software": None})


def _of(results: Results, group: str) -> list[Figure]:
    return [figure for figure in results.figures if figure.group == group]


def _streaming(axes: Any, figures: list[Figure]) -> None:
    kinds = list(dict.fromkeys(figure.name for figure in figures))
    rivals = list(dict.fromkeys(figure.against for figure in figures))
    shown = [rival for rival in rivals if rival != "the port alone"]
    width = 0.8 / len(shown)
    for index, rival in enumerate(shown):
        rows = [figure for figure in figures if figure.against == rival]
        places = [kinds.index(row.name) + index * width for row in rows]
        axes.bar(places, [row.ratio for row in rows], width * 0.9, label=f"against {rival}")
    axes.axhline(1, color=_LIMIT, linewidth=0.8)
    axes.set_yscale("log")
    labels = [name.replace(", chunks of ", "\n").removesuffix(" bytes") for name in kinds]
    axes.set_xticks(range(len(kinds)), labels)
    axes.set_title("Streaming: how many times as fast")
    axes.legend(fontsize=7)


def _wire(axes: Any, figures: list[Figure]) -> None:
    names = [figure.name for figure in figures]
    axes.barh(names, [100 * (figure.value or 0) for figure in figures], color=_OURS)
    for place, figure in enumerate(figures):
        if figure.target is not None:
            axes.plot([100 * figure.target] * 2, [place - 0.4, place + 0.4], color=_LIMIT)
    axes.invert_yaxis()
    axes.set_xlim(80, 101)
    axes.set_title("Wire: % of the line's time in use (red: target)")


def _loop(axes: Any, figures: list[Figure]) -> None:
    names = [figure.name.removeprefix("longest gap during ") for figure in figures]
    axes.barh(names, [figure.value or 0 for figure in figures], color=_OURS)
    axes.axvline(50, color=_LIMIT, linewidth=0.8)
    axes.invert_yaxis()
    axes.tick_params(axis="y", labelsize=6)
    axes.set_title("Loop: longest gap in ms (red: limit)")


def _growth(axes: Any, results: Results) -> None:
    sizes = [point.size / 1_000_000 for point in results.growth]
    axes.loglog(sizes, [point.seconds for point in results.growth], "o-", color=_OURS)
    axes.set_xlabel("MB of body")
    axes.set_ylabel("seconds", color=_OURS)
    memory = axes.twinx()
    memory.plot(sizes, [point.free / 1024 for point in results.growth], "s--", color=_THEIRS)
    memory.set_ylim(0, 1.3 * max(point.free for point in results.growth) / 1024)
    memory.set_ylabel("KB of heap free after it")
    axes.set_title("Growth: time and memory for a body")
