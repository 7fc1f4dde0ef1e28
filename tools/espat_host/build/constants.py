"""Constants become the values they stand for before the firmware is compiled.

A module-level name takes a board's memory three times: its text, its place in the module, and one
place in each module that imports it. So whole numbers in capitals are written where they are used,
in all modules, and their definitions go. Other constants are the linker's (names.py).
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator

from espat_host.build.source_edits import Source

_CONSTANT = re.compile(r"_?[A-Z][A-Z0-9_]*")
Numbers = dict[str, int]


def inline(texts: dict[str, str]) -> dict[str, str]:
    """The modules of one package, by dotted name, with their constants in place."""
    numbers = _numbers(texts)
    return {name: _Module(name, text, numbers).inlined() for name, text in texts.items()}


def _numbers(texts: dict[str, str]) -> dict[str, Numbers]:
    """The whole numbers that each module defines; those that stand on others take a round more."""
    trees = {name: ast.parse(text) for name, text in texts.items()}
    found: dict[str, Numbers] = {name: {} for name in texts}
    known = -1
    while known < (known := sum(map(len, found.values()))):
        for name, tree in trees.items():
            scope = _imported(tree, found) | found[name]
            once = Counter(_stored(tree))
            for constant, value in _definitions(tree):
                number = _value(value, scope) if once[constant] == 1 else None
                if number is not None:
                    found[name][constant] = number
    return found


def _definitions(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            target, value = node.targets[0], node.value
            pairs = [(target, value)]
            if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
                pairs = list(zip(target.elts, value.elts, strict=True))
            for one, its in pairs:
                if isinstance(one, ast.Name) and _CONSTANT.fullmatch(one.id):
                    yield one.id, its


def _stored(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg


def _value(node: ast.expr, scope: Numbers) -> int | None:
    """The number that an expression of numbers and constants is, else None."""
    for part in ast.walk(node):
        plain = isinstance(part, (ast.BinOp, ast.UnaryOp, ast.operator, ast.unaryop, ast.Load))
        number = isinstance(part, ast.Constant) and type(part.value) is int
        if not (plain or number or (isinstance(part, ast.Name) and part.id in scope)):
            return None
    value = eval(compile(ast.Expression(node), "", "eval"), {}, dict(scope))
    return value if type(value) is int else None


def _imported(tree: ast.Module, found: dict[str, Numbers]) -> Numbers:
    """Constants by the names under which a module imports them."""
    return {
        alias.asname or alias.name: found[node.module][alias.name]
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module in found
        for alias in node.names
        if alias.name in found[node.module]
    }


class _Module:
    def __init__(self, name: str, text: str, numbers: dict[str, Numbers]) -> None:
        self._source = Source(text)
        self._tree = self._source.tree
        self._numbers = numbers
        self._own = numbers[name]
        self._scope = _imported(self._tree, numbers) | self._own
        # Modules that the module imports as a whole, by the names it knows them by.
        self._modules = {
            alias.asname or alias.name: f"{node.module}.{alias.name}"
            for node in ast.walk(self._tree)
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
            if f"{node.module}.{alias.name}" in numbers
        }

    def inlined(self) -> str:
        for node in ast.walk(self._tree):
            number = self._number(node)
            if number is not None:
                self._source.replace(node, str(number) if number >= 0 else f"({number})")
        used = {
            node.id
            for node in ast.walk(self._tree)
            if isinstance(node, ast.Name) and self._number(node) is None
        } - self._only_for_numbers()
        for node in ast.walk(self._tree):
            if isinstance(node, ast.ImportFrom):
                self._trim_import(node, used)
        for node in self._tree.body:
            if isinstance(node, ast.Assign):
                self._trim_definition(node)
        return self._source.changed()

    def _number(self, node: ast.AST) -> int | None:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            return self._scope.get(node.id)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            return self._numbers.get(self._modules.get(node.value.id, ""), {}).get(node.attr)
        return None

    def _only_for_numbers(self) -> set[str]:
        """Imported modules of which only constants are used."""
        uses = Counter(n.id for n in ast.walk(self._tree) if isinstance(n, ast.Name))
        gone = Counter(
            node.value.id
            for node in ast.walk(self._tree)
            if isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and self._number(node) is not None
        )
        return {name for name, count in gone.items() if uses[name] == count}

    def _trim_import(self, node: ast.ImportFrom, used: set[str]) -> None:
        def gone(alias: ast.alias) -> bool:
            name = alias.asname or alias.name
            return name not in used and (name in self._scope or name in self._modules)

        kept = [alias for alias in node.names if not gone(alias)]
        if len(kept) < len(node.names):
            names = ", ".join(a.name + (f" as {a.asname}" if a.asname else "") for a in kept)
            self._source.replace(node, f"from {node.module} import {names}" if kept else "pass")

    def _trim_definition(self, node: ast.Assign) -> None:
        pairs = list(_definitions(ast.Module([node], [])))
        gone = [name for name, _ in pairs if name in self._own]
        if gone and len(gone) == len(pairs):
            self._source.replace(node, "pass")
