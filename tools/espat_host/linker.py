"""The firmware's modules as a few units, each one file: what a board loads.

An import at the top of a module means "with me", one in a function "when this runs". So the first
unit is what starts the firmware, with all that it needs, and the imports in a function make
another one, named after that function, of what they need besides. Of a module a unit gets the
statements that are needed; what two units need besides the first one is in both.

Inside a unit nothing is public, so names are short (names.py). `Unit.lines` leads back.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from . import names
from .scopes import OURS, Later, LinkError, Module, Statement, statements


@dataclass
class Unit:
    """`text` is its source. `lines` has the (module, line) that each of its lines came from."""

    name: str
    text: str = ""
    lines: list[tuple[str, int]] = field(default_factory=list)

    def add(self, text: str, origins: Iterable[tuple[str, int]]) -> None:
        self.text += text + "\n"
        self.lines.extend(origins)


def link(texts: Mapping[str, str], root: str, listed: str) -> list[Unit]:
    """The units of the program that the symbol `root`, "module:name", starts; the first one has
    the name of its module. The constant `listed` becomes a tuple of (dotted name, name) of the
    others."""
    return _Linker(texts, root, listed).units()


class _Linker:
    def __init__(self, texts: Mapping[str, str], root: str, listed: str) -> None:
        self._modules = {name: Module(name, text, texts) for name, text in texts.items()}
        every = list(statements(self._modules))
        place = {name: place for place, name in enumerate(self._import_order())}
        self._statements = sorted(every, key=lambda one: place[one.module])
        self._where = {symbol: one for one in every for symbol in one.symbols()}
        self._first, self._root = root.partition(OURS)[0], root
        self._core = self._closure([root], set())
        self._units = self._find_units()
        self._put_down(listed)
        self._attributes = names.of_attributes(every)
        self._fixed = names.keywords(every)
        self._core_names = names.of_symbols(self._chosen(self._core), self._kept(), {})
        self._names = {name: self._names_of(symbols) for name, symbols in self._units.items()}

    def units(self) -> list[Unit]:
        core = self._written(self._first, self._core, self._core_names)
        return [core] + [self._written(n, s, self._names[n]) for n, s in self._units.items()]

    def _kept(self) -> dict[str, str]:
        return {self._root: self._root.partition(OURS)[2]}

    def _closure(self, roots: Iterable[str], core: set[str]) -> set[str]:
        """The symbols and all that they need, but for what `core` has; constants always."""
        found: set[str] = set()
        waiting = list(roots)
        while waiting:
            one = waiting.pop()
            if one not in found and (one not in core or self._is_plain(one)):
                statement = self._where[one]
                found |= statement.symbols()
                waiting.extend(statement.needs)
                brought = {name for later in statement.later for name in later.needs}
                waiting.extend(filter(self._is_plain, brought))
        return found

    def _is_plain(self, symbol: str) -> bool:
        return names.is_plain(self._where[symbol].node)

    def _find_units(self) -> dict[str, set[str]]:
        """The symbols of all units but the first, by name. A unit may ask for another one."""
        found: dict[str, set[str]] = {}
        waiting = [self._core]
        while waiting:
            for later in self._laters(waiting.pop()):
                unit = found.setdefault(self._unit_of(later), set())
                new = self._closure(later.needs, self._core) - unit
                if not all(map(self._is_plain, new)):
                    unit |= new
                    waiting.append(unit)
        return {name: symbols for name, symbols in found.items() if symbols}

    def _laters(self, symbols: set[str]) -> Iterator[Later]:
        for one in self._chosen(symbols):
            yield from one.later

    def _unit_of(self, later: Later) -> str:
        return f"{self._first.partition('.')[0]}.{later.function.strip('_')}"

    def _put_down(self, listed: str) -> None:
        if listed in self._where:
            rows = tuple((name, name.rpartition(".")[2]) for name in self._units)
            value = ast.parse(repr(rows), mode="eval").body
            self._where[listed].node.value = value  # type: ignore[attr-defined]

    def _names_of(self, symbols: set[str]) -> dict[str, str]:
        """The names in a unit beside the first one, which has those that it shares."""
        needed = {one for symbol in symbols for one in self._where[symbol].needs} - symbols
        kept = {one: self._core_names[one] for one in needed}
        return names.of_symbols(self._chosen(symbols), kept, self._core_names)

    def _chosen(self, symbols: set[str]) -> list[Statement]:
        """The statements in the order in which Python would run them."""
        wanted = {id(self._where[one]) for one in symbols}
        return [one for one in self._statements if id(one) in wanted]

    def _import_order(self) -> list[str]:
        done: dict[str, None] = {}

        def visit(name: str) -> None:
            for other in self._modules[name].imports:
                if other != name and other not in done:
                    visit(other)
            done[name] = None

        for name in self._modules:
            visit(name)
        return list(done)

    def _written(self, name: str, symbols: set[str], called: Mapping[str, str]) -> Unit:
        unit = Unit(name)
        chosen = self._chosen(symbols)
        for line in self._imports(name, chosen, called, symbols):
            unit.add(line, [(name, 0)])
        brought = {one for later in self._laters(symbols) for one in later.needs} - called.keys()
        called = {**called, **{one: f"_{place}" for place, one in enumerate(sorted(brought))}}
        for one in chosen:
            node = self._renamed(one.node, called)
            text = ast.unparse(node)
            unit.add(text, [(one.module, line) for line in _origins(node, text)])
        return unit

    def _renamed(self, statement: ast.stmt, called: Mapping[str, str]) -> ast.stmt:
        """A copy as it stands in a unit whose symbols are `called` so."""
        node = copy.deepcopy(statement)
        if isinstance(node, ast.Assign) and names.is_plain(node):
            node.value = ast.Call(ast.Name("const"), [node.value], [])
        node = _Imports(lambda later: self._replaced(later, called)).visit(node)
        renamer = names.Renamer(called, self._attributes, self._fixed)
        return renamer.visit(node)  # type: ignore[return-value]

    def _imports(
        self, unit: str, chosen: list[Statement], called: Mapping[str, str], symbols: set[str]
    ) -> list[str]:
        """What stands at the top of a unit."""
        found: dict[str, str] = {"const": "from micropython import const"}
        for one in chosen:
            for name, line in one.foreign.items():
                if found.setdefault(name, line) != line:
                    raise LinkError(f"{name} is {line!r} and {found[name]!r} in {unit}")
        shared = sorted(name for symbol, name in called.items() if symbol not in symbols)
        if shared and symbols is not self._core:
            found[""] = f"from {self._first} import {', '.join(shared)}"
        return list(found.values())

    def _replaced(self, later: Later, called: Mapping[str, str]) -> ast.stmt:
        """What an import in a function becomes."""
        unit = self._unit_of(later)
        missing = [one for one in sorted(later.needs) if called[one][1:].isdigit()]
        if not missing:
            return ast.copy_location(ast.Pass(), later)
        pairs = [ast.alias(self._names[unit][one], called[one]) for one in missing]
        return ast.copy_location(ast.ImportFrom(unit, pairs, 0), later)


class _Imports(ast.NodeTransformer):
    def __init__(self, replaced: Callable[[Later], ast.stmt]) -> None:
        self._replaced = replaced

    def visit_Later(self, node: Later) -> ast.stmt:
        return self._replaced(node)


def _origins(node: ast.stmt, text: str) -> list[int]:
    """For each line of the text that a statement became, the line where it was."""
    lines = [node.lineno] * (text.count("\n") + 1)
    for old, new in _pairs(node, ast.parse(text).body[0]):
        lines[new.lineno - 1] = old.lineno
    return lines


def _pairs(old: ast.AST, new: ast.AST) -> Iterator[tuple[ast.stmt, ast.stmt]]:
    if isinstance(old, ast.stmt) and isinstance(new, ast.stmt):
        yield old, new
    for block in ("body", "handlers", "orelse", "finalbody"):
        inner, other = getattr(old, block, None), getattr(new, block, None)
        if isinstance(inner, list) and isinstance(other, list):
            for one, its in zip(inner, other, strict=True):
                yield from _pairs(one, its)
