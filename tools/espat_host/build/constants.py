"""Constants become the values they stand for before the firmware is compiled.

A module-level name takes a board's memory three times: its text, its place in the module, and one
place in each module that imports it. So whole numbers in capitals are written where they are used,
in all modules, and their definitions go. Other constants are the linker's (names.py).
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterable, Iterator

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
    nodes = {name: list(ast.walk(tree)) for name, tree in trees.items()}
    imports = {name: _imports(each) for name, each in nodes.items()}
    stored = {name: Counter(_stored(each)) for name, each in nodes.items()}
    found: dict[str, Numbers] = {name: {} for name in texts}
    known = -1
    while known < (known := sum(map(len, found.values()))):
        for name, tree in trees.items():
            scope = _imported(imports[name], found) | found[name]
            for constant, value in _definitions(tree):
                number = _value(value, scope) if stored[name][constant] == 1 else None
                if number is not None:
                    found[name][constant] = number
    return found


def _imports(nodes: Iterable[ast.AST]) -> list[ast.ImportFrom]:
    return [node for node in nodes if isinstance(node, ast.ImportFrom)]


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


def _stored(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
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


def _imported(imports: Iterable[ast.ImportFrom], found: dict[str, Numbers]) -> Numbers:
    """Constants by the names under which a module imports them."""
    return {
        alias.asname or alias.name: found[node.module][alias.name]
        for node in imports
        if node.module in found
        for alias in node.names
        if alias.name in found[node.module]
    }


class _Module:
    def __init__(self, name: str, text: str, numbers: dict[str, Numbers]) -> None:
        self._source = Source(text)
        self._nodes = list(ast.walk(self._source.tree))
        self._imports = _imports(self._nodes)
        self._numbers = numbers
        self._own = numbers[name]
        self._scope = _imported(self._imports, numbers) | self._own
        # Modules that the module imports as a whole, by the names it knows them by.
        self._modules = {
            alias.asname or alias.name: f"{node.module}.{alias.name}"
            for node in self._imports
            for alias in node.names
            if f"{node.module}.{alias.name}" in numbers
        }

    def inlined(self) -> str:
        for node in self._nodes:
            number = self._number(node)
            if number is not None:
                self._source.replace(node, str(number) if number >= 0 else f"({number})")
        used = {
            node.id
            for node in self._nodes
            if isinstance(node, ast.Name) and self._number(node) is None
        } - self._only_for_numbers()
        for each in self._imports:
            self._trim_import(each, used)
        for node in self._source.tree.body:
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
        uses = Counter(node.id for node in self._nodes if isinstance(node, ast.Name))
        gone = Counter(
            node.value.id
            for node in self._nodes
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
