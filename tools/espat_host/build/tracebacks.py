"""A traceback of a board, read back to files, lines and names of the source.

A board runs what the linker has made of the source: one file for many modules, other names, and the
first line of each function for all its lines. A line `File "espat.run", line 1041, in sqrt` of its
log is a function in a unit; which function of the source that was, and in what lines it stands, the
same source tells, when it is linked again.
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
    file = path.relative_to(FIRMWARE.parent).as_posix()
    if name.startswith("<"):  # the module's own code, which has all its lines
        return f'File "{file}", line {origin}, in {name}'
    whole, end = _function_at(path, origin)
    return f'File "{file}", lines {origin}-{end}, in {whole}'


@functools.cache
def _units() -> dict[str, list[tuple[str, int]]]:
    return {unit.name: unit.lines for unit in firmware.units()}


def _source(module: str) -> Path | None:
    path = FIRMWARE / (module.replace(".", "/") + ".py")
    return path if path.is_file() else None


def _function_at(path: Path, line: int) -> tuple[str, int]:
    """The innermost function at a line, with the classes and functions around it, and its last
    line."""
    names: list[str] = []
    scope: ast.AST = ast.parse(path.read_text(encoding="utf-8"))
    end = line
    while True:
        inner = [
            node
            for node in ast.walk(scope)
            if node is not scope
            and isinstance(node, _SCOPES)
            and node.lineno <= line <= (node.end_lineno or 0)
        ]
        if not inner:
            return ".".join(names) or "<module>", end
        scope = min(inner, key=lambda node: node.lineno)
        names.append(scope.name)
        end = scope.end_lineno or line
