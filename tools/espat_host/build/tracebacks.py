"""A traceback of a board, read back to files, lines and names of the source.

A board runs what the linker has made of the source: one file for many modules, other names. A line
`File "espat.run", line 1041, in sqrt` of its log is a place in a unit; which place of the source
that was, the same source tells, when it is linked again.
"""

from __future__ import annotations

import ast
import functools
import re
from pathlib import Path

from espat_host.build import firmware
from espat_host.build.checkout import FIRMWARE
from espat_host.client import reason_texts

_PLACE = re.compile(r'File "(espat[._]\w+)", line (\d+), in (\S+)')
_FAILURE = re.compile(r"^(?:update )?failed: (0x7[0-9a-f]{3})\b", re.MULTILINE)
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def read_back(log: str) -> str:
    """The text with all places in units as places in the source of this checkout, and with the
    sentences for the reasons of failures."""
    return _FAILURE.sub(_with_reason, _PLACE.sub(_place, log))


def _with_reason(found: re.Match[str]) -> str:
    return f"{found[0]} ({reason_texts.text(int(found[1], 16))})"


def _place(found: re.Match[str]) -> str:
    unit, line, name = found[1], int(found[2]), found[3]
    lines = _units().get(unit, [])
    module, origin = lines[line - 1] if 0 < line <= len(lines) else ("", 0)
    path = _source(module) if origin else None
    if path is None:
        return found[0]
    # The module's own code has no name in a unit either: MicroPython calls it <module>.
    whole = name if name.startswith("<") else _name_at(path, origin)
    return f'File "{path.relative_to(FIRMWARE.parent).as_posix()}", line {origin}, in {whole}'


@functools.cache
def _units() -> dict[str, list[tuple[str, int]]]:
    return {unit.name: unit.lines for unit in [*firmware.units(), *firmware.starters()]}


def _source(module: str) -> Path | None:
    path = FIRMWARE / (module.replace(".", "/") + ".py")
    return path if path.is_file() else None


def _name_at(path: Path, line: int) -> str:
    """The innermost function at a line, with the classes and functions around it."""
    names: list[str] = []
    scope: ast.AST = ast.parse(path.read_text(encoding="utf-8"))
    while True:
        inner = [
            node
            for node in ast.walk(scope)
            if node is not scope
            and isinstance(node, _SCOPES)
            and node.lineno <= line <= (node.end_lineno or 0)
        ]
        if not inner:
            return ".".join(names) or "<module>"
        scope = min(inner, key=lambda node: node.lineno)
        names.append(scope.name)
