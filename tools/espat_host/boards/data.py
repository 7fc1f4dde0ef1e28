"""A board folder read as data: `board.py` holds constants and nothing else.

The file is never run here: it is parsed, so that a board with a mistake is a sentence and no
traceback. What its fields mean is in boards/README.md.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from espat_host.boards.chips import CHIPS, Chip
from espat_host.build.checkout import BOARDS

OUTPUTS = ("TX", "RTS")
UART_PINS = ("TX", "RX", "CTS", "RTS")


class BoardDataError(Exception):
    """The folder holds no board that can be read; the text names folder, line and reason."""


@dataclass(frozen=True)
class BoardData:
    """One folder. `fields` holds what board.py says, by name; it may be wrong in every way that
    board_rules looks for, and right once they have nothing to say."""

    name: str
    folder: Path
    fields: dict[str, Any]

    @property
    def chip(self) -> Chip:
        return CHIPS[self.fields["CHIP"]]

    @property
    def real(self) -> bool:
        """Whether an image can be built for it: the simulated board has no manifest."""
        return (self.folder / "manifest.py").is_file()

    @property
    def port_board(self) -> str:
        """MicroPython's name of the board, for its download page and its build."""
        return str(self.fields.get("MICROPYTHON", self.name))

    @property
    def download_page(self) -> str:
        return f"https://micropython.org/download/{self.port_board}/"

    def pin(self, role: str) -> int | None:
        """The pin in one of UART_PINS; None where the board has none."""
        return self.fields[role]


def read(folder: Path) -> BoardData:
    """The board in one folder; raises BoardDataError."""
    path = folder / "board.py"
    try:
        tree = ast.parse(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BoardDataError(f"{folder.name}: board.py cannot be read: {error.strerror}") from error
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        raise BoardDataError(f"{folder.name}: board.py, line {line}: this is no Python") from error
    fields: dict[str, Any] = {}
    for statement in tree.body:
        name, value = _constant(folder, statement)
        if name in fields:
            raise BoardDataError(f"{folder.name}: {name} is there twice; leave one of them")
        fields[name] = value
    return BoardData(folder.name, folder, fields)


def read_all(boards: Path = BOARDS) -> list[BoardData]:
    """Every folder with a board.py, by name; raises BoardDataError, also when there is none."""
    folders = sorted(path.parent for path in boards.glob("*/board.py"))
    if not folders:
        raise BoardDataError(f"there is no board in {boards}: no folder has a board.py")
    return [read(folder) for folder in folders]


def _constant(folder: Path, statement: ast.stmt) -> tuple[str, Any]:
    """NAME = constant, and arithmetic with numbers."""
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=expression):
            try:
                return name, _value(expression)
            except (TypeError, ValueError, ArithmeticError) as error:
                problem = f"the value of {name} is no constant"
                raise BoardDataError(
                    f"{folder.name}: board.py, line {statement.lineno}: {problem}"
                ) from error
    problem = "only lines such as TX = 17 belong here"
    raise BoardDataError(f"{folder.name}: board.py, line {statement.lineno}: {problem}")


def _value(expression: ast.expr) -> Any:
    match expression:
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            a, b = _value(left), _value(right)
            if type(a) is int and type(b) is int:
                return a * b
            raise TypeError
    return ast.literal_eval(expression)
