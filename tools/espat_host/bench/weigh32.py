"""What compiled modules take of a heap with 32-bit objects, as a chip has them: `make weigh`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import click
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from espat_host.bench.micropython32 import Micropython32Error, run
from espat_host.build import firmware
from espat_host.build.checkout import SourcesNeeded

NAME = 4 + 2 + 1  # bytes of a name beside its text: where that is, its hash, its length
PROGRAMS = {"main", "boot"}  # to import them is to run the firmware


@dataclass(frozen=True)
class Weight:
    """What one module has brought onto the heap: bytes, and `names`, a count."""

    module: str
    mpy: int  # its file
    code: int  # all that is no name
    names: int  # those that MicroPython did not know before
    name_bytes: int  # what these fill of its table of names
    room: int  # by how much the free places of that table grew; below zero if it filled some

    @property
    def heap(self) -> int:
        """What it costs wherever the table of names happens to grow."""
        return self.code + self.name_bytes

    @property
    def live(self) -> int:
        """Live bytes after its import minus those before."""
        return self.heap + self.room


class _Mark(NamedTuple):
    """What one tell_weight() of tools/weigh32_chip.py tells: bytes, and `names`, a count."""

    live: int
    names: int
    texts: int
    table: int  # of names, with their texts


def weigh(files: Mapping[str, bytes], order: Iterable[str]) -> list[Weight]:
    """Import modules in this order in one interpreter, so that what they share counts once.
    `files`: path on the board, with `lib/` in front or without -> content."""
    order = list(order)
    # The first telling leaves something behind; it is made before anything is weighed.
    imports = ["pass", "pass", *(f"__import__({name!r})" for name in order)]
    lines = run(
        _on_board(files),
        [step for one in imports for step in (one, "gc.collect()", "tell_weight()")],
    )
    marks = [_mark(live, names) for live, names in zip(lines[::2], lines[1::2], strict=True)]
    sizes = {_module(path): len(content) for path, content in files.items()}
    return [
        _weight(name, sizes.get(name, 0), before, after)
        for name, (before, after) in zip(order, pairwise(marks[1:]), strict=True)
    ]


def import_order(files: Mapping[str, bytes], wanted: Iterable[str] = ()) -> list[str]:
    """The modules that importing `wanted` (without any: all) one after the other brings, each
    behind those it needs. `files`: as for `weigh`."""
    present = {_module(path) for path in files if path.endswith(".mpy")} - PROGRAMS
    names = sorted(set(wanted) or present)
    lines = run(_on_board(files), [f"tell_needs({names!r})"])
    needs = {name: came for name, *came in map(str.split, lines)}

    def size(name: str) -> tuple[int, str]:
        return len(needs[name]), name

    # What a module needs, needs less than it does.
    order = [needed for name in names for needed in sorted(needs[name], key=size)]
    return [name for name in dict.fromkeys(order) if name in present]


def _on_board(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """All below `lib`, where a board has them: MicroPython keeps the path of each."""
    return {f"lib/{path.removeprefix('lib/')}": content for path, content in files.items()}


def _mark(live: str, names: str) -> _Mark:
    _, *counts = map(int, re.findall(r"=(\d+)", names))
    return _Mark(int(live), *counts)


def _weight(name: str, mpy: int, before: _Mark, after: _Mark) -> Weight:
    came = _Mark(*(new - old for old, new in zip(before, after, strict=True)))
    name_bytes = came.texts + NAME * came.names
    code, room = came.live - came.table, came.table - name_bytes
    return Weight(name, mpy, code, came.names, name_bytes, room)


def _module(path: str) -> str:
    """The name of the module in a file."""
    stem = path.removeprefix("lib/").rpartition(".")[0].removesuffix("/__init__")
    return stem.replace("/", ".")


def table(weights: list[Weight]) -> Table:
    """The numbers for the eye, with their sums; "New" counts the names."""
    shown = Table("Module", ".mpy", "Heap", "= code", "+ names", "New", box=SIMPLE, pad_edge=False)
    for column in shown.columns[1:]:
        column.justify = "right"
    rows = [(w.mpy, w.heap, w.code, w.name_bytes, w.names) for w in weights]
    names = [weight.module for weight in weights]
    sums = tuple(map(sum, zip(*rows, strict=True)))
    for name, numbers in zip([*names, f"all {len(names)}"], [*rows, sums], strict=True):
        shown.add_row(name, *[f"{number:,}" for number in numbers])
    return shown


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("folder", type=click.Path(exists=True, file_okay=False), required=False)
@click.argument("wanted", metavar="[MODULE]...", nargs=-1)
def main(folder: str | None, wanted: tuple[str, ...]) -> None:
    """Bytes that the compiled modules in FOLDER take of a chip's heap, in the order of import: all
    of them, or MODULE with what it needs. FOLDER is by default this firmware, compiled."""
    root = Path(folder) if folder else firmware.bytecode()
    files = {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*.mpy")}
    try:
        weights = weigh(files, import_order(files, wanted))
    except (Micropython32Error, SourcesNeeded) as error:
        raise click.ClickException(str(error)) from error
    console = Console()
    console.print(table(weights))
    live, room = sum(w.live for w in weights), sum(w.room for w in weights)
    console.print(f"On the heap: {live:,}, of which the table of names has {room:,} free.")


if __name__ == "__main__":
    main()
