"""The files in the repository that are made from others: the wiring pictures, the table of boards
in docs/wiring.md, and package.json for mip. `espat generate` writes them, a test compares them.
"""

from __future__ import annotations

import json
import runpy
from collections.abc import Iterator
from pathlib import Path

from espat_host.boards.data import UART_PINS, BoardData, read_all
from espat_host.boards.drawing import log_ports, svg
from espat_host.build.checkout import ROOT
from espat_host.build.written import Made

WIRING = Path("docs/wiring.md")
PICTURES = Path("docs/wiring")
PACKAGE = Path("package.json")
_BEGIN = "<!-- %s: made by `espat generate` -->\n"
_END = "<!-- end of %s -->\n"
_COLUMNS = ("Board", "Chip, modules", "UART", *UART_PINS, "Flow", "Log and REPL", "Image")


def texts(root: Path = ROOT) -> dict[Path, str]:
    """Path below `root` -> what it should hold; raises BoardDataError."""
    boards = [board for board in read_all(root / "boards") if board.real]
    found = {PICTURES / f"{board.name}.svg": svg(board) for board in boards}
    page = (root / WIRING).read_text(encoding="utf-8")
    page = _with_block(page, "boards", "".join(_table(boards)))
    found[WIRING] = _with_block(page, "pictures", "\n".join(map(_picture, boards)))
    found[PACKAGE] = package_json(root)
    return found


def made(root: Path = ROOT) -> Made:
    """All of them; raises BoardDataError."""
    return Made(texts(root), (PICTURES,))


def package_json(root: Path = ROOT) -> str:
    """What mip reads (MicroPython docs, "Package management"): [path on the board, path here].

    All modules but main.py: mip puts everything into lib, and MicroPython starts no main.py there.
    """
    firmware = root / "firmware"
    paths = [path.relative_to(firmware) for path in firmware.rglob("*.py")]
    modules = sorted(path for path in paths if path != Path("main.py"))
    urls = [[path.as_posix(), f"firmware/{path.as_posix()}"] for path in modules]
    version = runpy.run_path(str(firmware / "espat" / "__init__.py"))["__version__"]
    # A line for each file, so that a new module is one line of difference.
    lines = ",\n".join(f"    {json.dumps(url)}" for url in urls)
    return f'{{\n  "urls": [\n{lines}\n  ],\n  "deps": [],\n  "version": "{version}"\n}}\n'


def _with_block(page: str, name: str, text: str) -> str:
    """The page with `text` between the two comments that name the block."""
    begin, end = _BEGIN % name, _END % name
    before, found, rest = page.partition(begin)
    _, closed, after = rest.partition(end)
    if not found or not closed:
        raise ValueError(f"{WIRING} has lost one of the lines {begin.strip()} and {end.strip()}")
    return f"{before}{begin}\n{text}\n{end}{after}"


def _table(boards: list[BoardData]) -> Iterator[str]:
    yield f"| {' | '.join(_COLUMNS)} |\n"
    yield "|---" * len(_COLUMNS) + "|\n"
    for board in boards:
        yield f"| {' | '.join(_row(board))} |\n"


def _row(board: BoardData) -> list[str]:
    fields = board.fields
    pins = [board.pin(role) for role in UART_PINS]
    return [
        f"[{board.name}](wiring/{board.name}.svg)",
        f"{fields['CHIP']}: {', '.join(fields['MODULES'])}",
        str(fields["UART_ID"]),
        *("-" if pin is None else str(pin) for pin in pins),
        ("none", "RTS", "CTS", "RTS, CTS")[fields["FLOW"]],
        log_ports(board),
        f"[{board.port_board}]({board.download_page})",
    ]


def _picture(board: BoardData) -> str:
    pins = ", ".join(
        f"{role} GPIO{board.pin(role)}" for role in UART_PINS if board.pin(role) is not None
    )
    return f"![{board.name}: {pins}](wiring/{board.name}.svg)\n"
