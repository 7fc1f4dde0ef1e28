"""docs/benchmarks.md, made from the figures."""

from __future__ import annotations

from pathlib import Path

from espat_host.bench.figures import Results
from espat_host.bench.report import cells, number, verdict

_ABOUT = """\
# Benchmarks

Made by `make bench ARGS=--docs`; what stands here and in the picture came out of one run of it.
Numbers depend on the PC, ratios hardly do, so the ratios are what to read: the firmware on one
simulated board, a rival on a second one like it, in turns, and the median of the ratios of
neighbouring runs. The boards have one of the PC's processors for themselves, the server and the
reader the others; still, two runs of `make bench` may differ by a fifth.

- **bare loop**: `sock.readinto(data)`, `uart.write(buf)`, again and again, in the same interpreter
  on the same simulated UART, without limits or anything else going on: what a program reaches that
  waits in each call. One that does something else while the port or the server is busy may be
  faster. The header and the CR LF of a chunk stand ready in `buf` around the data, so that as many
  bytes go the same way. With TLS the same over the TLS socket.
- **bare loop, no frames**: the same with the data alone. Linux takes 2048 bytes for a terminal in
  one step, and a chunk of 2048 with its frame in two (drivers/tty/tty_io.c, iterate_tty_write):
  what lies between the two loops is the PC's pseudo-terminal, which no board has.
- **requests, raw.read(n)** and **requests, content**: MicroPython's `requests`, its undocumented
  stream read piece by piece, and the whole body as its documentation has it, 32 KB at a time
  because more does not fit beside it into a chip's heap; with TLS that is a handshake for each 32
  KB.
- **the port alone**: only writes. So fast does the PC empty the port.
- `aiohttp` of micropython-lib is not here: it is installed by `mip` from micropython.org; PyPI,
  Debian and npm, which this project installs from, do not have it.

A gap of the loop is the longest time between two turns of a task that asks for one every
millisecond. The PC's own scheduler is in it, and a processor faster than the chip's: it shows
that nothing waits in the wrong place, not what a chip needs. "Allocated" is what the heap has
grown by between the first and the last byte of a body while the collector is held back.
Instructions are valgrind's, whole programs with the simulated board's modules in them, less those
of a run with less of the same work.

![the main figures](images/benchmarks.png)
"""


def write(results: Results, target: Path) -> None:
    """Write the page for these figures."""
    lines = [_ABOUT, *_figures(results), *_growth(results)]
    target.write_text("\n".join(lines) + "\n")


def _figures(results: Results) -> list[str]:
    lines = []
    group = ""
    for figure in results.figures:
        if figure.group != group:
            group = figure.group
            lines += ["", f"## {group}", ""]
            lines += _row("", "espat", "unit", "against", "theirs", "ratio", "target", "")
            lines += _row("---", "---:", "---", "---", "---:", "---:", "---:", "---")
        lines += _row(*cells(figure), verdict(figure))
    return lines


def _growth(results: Results) -> list[str]:
    lines = ["", *_row("body", "seconds", "heap free after it"), *_row("---:", "---:", "---:")]
    for point in results.growth:
        lines += _row(f"{point.size:,}", number(point.seconds), f"{point.free:,}")
    return lines


def _row(*cells: str) -> list[str]:
    return [f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"]
