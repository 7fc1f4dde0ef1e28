"""The numbers of `espat size` for the eye."""

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from espat_host.bench import size
from espat_host.bench.size import Sizes


def show(sizes: Sizes) -> None:
    """Print all of them."""
    console = Console()
    for table in (_heaps(sizes), _flash(sizes), _files(sizes)):
        console.print(table)


def _heaps(sizes: Sizes) -> Table:
    table = _table("A chip's two heaps", "State", "Live", "of", "Free", "Least", "In one piece")
    for state in (sizes.ready, sizes.joined, *sizes.requests):
        m = state.measures
        live, total = m.python_most, m.python_total
        numbers = (live, total, m.system_free, m.system_least, m.largest_least)
        table.add_row(state.name, *[f"{number:,}" for number in numbers])
    table.caption = (
        "Live: on MicroPython's heap, at most. Free, and least, and the largest block at least: "
        f"of the system heap. Budget: joined {size.JOINED:,} free, a request {size.WORST:,} least."
    )
    return table


def _flash(sizes: Sizes) -> Table:
    table = _table("The flash", "Reads", "Count", "Budget")
    first = sizes.first_http
    for what, count, budget in (
        ("until ready", sizes.ready.reads, size.TO_READY),
        (f"first HTTP command ({first.name})", first.reads, size.FIRST_HTTP),
    ):
        table.add_row(what, f"{count:,}", f"{budget:,}")
    return table


def _files(sizes: Sizes) -> Table:
    table = _table("Files", "Unit", "Bytes")
    for name, count in sorted(sizes.units.items(), key=lambda unit: -unit[1]):
        table.add_row(name, f"{count:,}")
    files, total = len(sizes.files), sum(sizes.files.values())
    table.add_section()
    table.add_row(f"all {files} files, with main.py and the like", f"{total:,}")
    table.caption = f"Budget: {size.FILES} files."
    return table


def _table(title: str, first: str, *numbers: str) -> Table:
    table = Table(first, title=title, box=SIMPLE, pad_edge=False, title_justify="left")
    table.caption_justify = "left"
    for name in numbers:
        table.add_column(name, justify="right")
    return table
