"""The firmware's modules as a few units, each one file: what a board loads.

An import at the top of a module means "with me". So there is a unit of what starts the firmware,
with all that it needs, others of what is always there besides, and one for each module at the top
of the package that nobody imports: the program asks for it by its name. Of a module a unit gets the
statements that are needed; what two units need besides what is always there is in both.

Inside a unit nothing is public, so names are short (names.py). `Unit.lines` leads back.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from espat_host.build import names
from espat_host.build.name_supply import Supply
from espat_host.build.scopes import OURS, Later, LinkError, Module, Statement, statements
from espat_host.build.source_edits import Source


@dataclass
class Unit:
    """`text` is its source. `lines` has the (module, line) that each of its lines came from."""

    name: str
    text: str = ""
    lines: list[tuple[str, int]] = field(default_factory=list)

    def add(self, text: str, origins: Iterable[tuple[str, int]]) -> None:
        self.text += text + "\n"
        self.lines.extend(origins)


def link(texts: Mapping[str, str], roots: Sequence[str], told: str) -> list[Unit]:
    """The units of a program, called like the modules that they begin with. `roots`: the symbols,
    "module:name", with which those begin that are always there; each may use those before it. The
    others are reached by attributes. The constant `told` becomes True."""
    return _Linker(texts, roots, told).units()


class _Linker:
    def __init__(self, texts: Mapping[str, str], roots: Sequence[str], told: str) -> None:
        self._modules = {name: Module(name, text, texts) for name, text in texts.items()}
        every = list(statements(self._modules))
        place = {name: place for place, name in enumerate(self._import_order())}
        self._statements = sorted(every, key=lambda one: place[one.module])
        self._where = {symbol: one for one in every for symbol in one.symbols()}
        self._asked = self._not_imported(every, roots)
        self._owner: dict[str, str] = {}  # the unit of each symbol that is always there
        self._units = self._find_resident(roots) | self._find_units()
        if told in self._where:
            self._where[told].node.value = ast.Constant(True)  # type: ignore[attr-defined]
        self._supply = Supply(every)
        asked = {one: one.partition(OURS) for symbols in self._asked.values() for one in symbols}
        of_modules = [name for _, _, name in asked.values()]
        self._attributes = names.of_attributes(every, self._supply, of_modules)
        self._kept = {root: root.partition(OURS)[2] for root in roots}
        for symbol, (module, _, name) in asked.items():
            self._kept[symbol] = self._attributes[module].get(name, name)
        self._fixed = names.keywords(every)
        self._names: dict[str, dict[str, str]] = {}
        for name, symbols in self._units.items():
            self._names[name] = self._names_of(symbols)

    def units(self) -> list[Unit]:
        return [self._written(name, symbols) for name, symbols in self._units.items()]

    def _not_imported(
        self, every: Iterable[Statement], roots: Sequence[str]
    ) -> dict[str, set[str]]:
        """What the modules at the top of the package have that no other one, and no root, brings:
        their symbols."""
        brought = {other for module in self._modules.values() for other in module.imports}
        brought |= {root.partition(OURS)[0] for root in roots}
        found: dict[str, set[str]] = {}
        for one in every:
            if one.module.count(".") == 1 and one.module not in brought:
                found[one.module] = found.get(one.module, set()) | one.symbols()
        return found

    def _closure(self, roots: Iterable[str], core: Collection[str]) -> set[str]:
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

    def _find_resident(self, roots: Sequence[str]) -> dict[str, set[str]]:
        """The symbols of the units that are always there, by name."""
        found: dict[str, set[str]] = {}
        for root in roots:
            name = root.partition(OURS)[0]
            symbols = self._closure([root], self._owner.keys())
            found[name] = found.get(name, set()) | symbols
            self._owner |= dict.fromkeys(symbols - self._owner.keys(), name)
        return found

    def _find_units(self) -> dict[str, set[str]]:
        """The same of the units that are asked for by name."""
        found = {
            name: self._closure(symbols, self._owner.keys())
            for name, symbols in self._asked.items()
        }
        for symbols in found.values():
            for one, later in self._laters(symbols | self._owner.keys()):
                if not later.needs <= self._owner.keys():
                    raise LinkError(
                        f"{one.module}:{later.lineno}: imports what is not always there"
                    )
        return found

    def _laters(self, symbols: set[str]) -> Iterator[tuple[Statement, Later]]:
        for one in self._chosen(symbols):
            yield from ((one, later) for later in one.later)

    def _names_of(self, symbols: set[str]) -> dict[str, str]:
        """The names in a unit; what it takes from others is called as it is there."""
        needed = {one for symbol in symbols for one in self._where[symbol].needs} - symbols
        shared = {one: self._names[self._owner[one]][one] for one in needed}
        given = {name for unit in set(self._owner.values()) for name in self._given(unit)}
        given.update(self._kept.values())
        kept = {root: name for root, name in self._kept.items() if root in symbols}
        return names.of_symbols(self._chosen(symbols), kept | shared, given, self._supply)

    def _given(self, unit: str) -> Iterable[str]:
        return self._names.get(unit, {}).values()

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

    def _written(self, name: str, symbols: set[str]) -> Unit:
        unit, called = Unit(name), self._names[name]
        chosen = self._chosen(symbols)
        for line in self._imports(name, chosen, symbols):
            unit.add(line, [(name, 0)])
        brought = {one for _, later in self._laters(symbols) for one in later.needs} - called.keys()
        called = {**called, **{one: f"_{place}" for place, one in enumerate(sorted(brought))}}
        for one in chosen:
            node = self._renamed(one, called)
            text = _unparsed(node)
            unit.add(text, [(one.module, line) for line in _origins(node, text)])
        return unit

    def _renamed(self, statement: Statement, called: Mapping[str, str]) -> ast.stmt:
        """A copy as it stands in a unit whose symbols are `called` so."""
        node = copy.deepcopy(statement.node)
        if isinstance(node, ast.Assign) and names.is_plain(node):
            # The compiler knows it by its name alone (py/parse.c): it is not imported.
            node.value = ast.Call(ast.Name("const"), [node.value], [])
        node = _Imports(lambda later: self._replaced(later, called)).visit(node)
        attributes = self._attributes[statement.module]
        renamer = names.Renamer(called, attributes, self._fixed)
        return renamer.visit(node)  # type: ignore[return-value]

    def _imports(self, unit: str, chosen: list[Statement], symbols: set[str]) -> list[str]:
        """What stands at the top of a unit."""
        found: dict[str, str] = {}
        for one in chosen:
            for name, line in one.foreign.items():
                if found.setdefault(name, line) != line:
                    raise LinkError(f"{name} is {line!r} and {found[name]!r} in {unit}")
        shared = sorted(self._names[unit].keys() - symbols)
        return [*found.values(), *self._from_others(shared, self._owner, self._names[unit])]

    def _from_others(
        self, symbols: list[str], owner: Mapping[str, str], called: Mapping[str, str]
    ) -> list[str]:
        """The imports that bring these symbols from their units."""
        lines = []
        for unit in sorted({owner[one] for one in symbols}):
            pairs = []
            for one in symbols:
                if owner[one] == unit:
                    there, here = self._names[unit][one], called[one]
                    pairs.append(there if there == here else f"{there} as {here}")
            lines.append(f"from {unit} import {', '.join(pairs)}")
        return lines

    def _replaced(self, later: Later, called: Mapping[str, str]) -> ast.stmt:
        """What an import in a function becomes."""
        missing = [one for one in sorted(later.needs) if called[one][1:].isdigit()]
        lines = self._from_others(missing, self._owner, called)
        if len(lines) > 1:
            raise LinkError(f"line {later.lineno}: imports from two units: {lines}")
        return ast.copy_location(ast.parse(lines[0] if lines else "pass").body[0], later)


def _unparsed(node: ast.stmt) -> str:
    """ast.unparse() without the brackets that it puts behind `a, b =`: with them the compiler makes
    a tuple, each time (py/compile.c, compile_expr_stmt)."""
    source = Source(ast.unparse(node))
    for one in ast.walk(source.tree):
        if isinstance(one, ast.Assign) and isinstance(one.targets[0], ast.Tuple):
            several = one.value
            if isinstance(several, ast.Tuple):
                source.replace(several, ", ".join(map(ast.unparse, several.elts)))
    return source.changed()


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
