"""docs/benchmarks.md, made from the figures."""

from __future__ import annotations

from pathlib import Path

from espat_host.bench.figures import Results
from espat_host.bench.report import cells, number, verdict

_ABOUT = """\
# Benchmarks

`make bench ARGS=--docs` makes this page and the picture, from one run. The numbers depend on
the PC. The ratios hardly do, so read the ratios. The firmware runs on one simulated board, a
rival on a second one like it, in turns. A ratio is the median of the ratios of neighbouring
runs. The boards have one of the PC's processors for themselves, the server and the reader have
the others. Still, two runs of `make bench` may differ by a fifth.

These are the rivals:

- **bare loop**: `sock.readinto(data)`, `uart.write(buf)`, again and again, in the same
  interpreter on the same simulated UART, without limits and with nothing else going on. That
  is what a program reaches that waits in each call. A program that does something else while
  the port or the server is busy may be faster. The header and the CR LF of a chunk stand ready
  in `buf` around the data, so that as many bytes go the same way. With TLS the loop reads from
  the TLS socket.
- **bare loop, no frames**: the same with the data alone. Linux takes 2048 bytes for a terminal
  in one step, and a chunk of 2048 with its frame in two (drivers/tty/tty_io.c,
  iterate_tty_write). So the difference between the two loops is the PC's pseudo-terminal,
  which no board has.
- **requests, raw.read(n)**: MicroPython's `requests`, with its undocumented stream read piece
  by piece.
- **requests, content**: the same, with the whole body as its documentation shows it, 32 KB at
  a time, because more does not fit beside it into a chip's heap. With TLS that takes a
  handshake for each 32 KB.
- **the port alone**: it only writes. That is how fast the PC empties the port.

`aiohttp` of micropython-lib is not here. `mip` installs it from micropython.org, and PyPI,
Debian and npm, from which this project installs, do not have it.

A gap of the loop is the longest time between two turns of a task that asks for one every
millisecond. The PC's own scheduler is in it, and the PC's processor is faster than the chip's.
So it shows that nothing waits in the wrong place, and not what a chip needs. "Allocated" is
what the heap has grown by between the first and the last byte of a body, while the collector
is held back. "Instructions" are valgrind's, of whole programs with the modules of the
simulated board, less those of a run with less of the same work.

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
