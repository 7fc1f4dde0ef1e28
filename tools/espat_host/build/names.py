"""Short names for what a linked program calls its own.

MicroPython keeps the text of every global, attribute and parameter in the board's memory, once per
different name and for ever, unless its image has it. Of a linked program only the names of
MicroPython's own things have to stay; all others are given by how often they are used: to globals
and attributes those that an image has in any case (name_supply.py), then the shortest in capitals,
to what belongs to a function alone small letters. Constants are `_K0`, `_K1` ..., which
MicroPython's compiler puts in their places (docs: "const()") and does not keep.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from espat_host.build import name_supply
from espat_host.build.foreign_names import asked_of_modules, foreign
from espat_host.build.name_supply import Supply
from espat_host.build.scopes import ATTRIBUTE, OURS, Statement

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_LONGEST = 255  # a longer text is shared


def is_plain(node: ast.stmt) -> bool:
    """Whether a statement gives one name to a constant that cannot change, and of which each unit
    may have its own."""
    if not (isinstance(node, ast.Assign) and len(node.targets) == 1):
        return False
    try:
        return isinstance(node.targets[0], ast.Name) and _is_fixed(ast.literal_eval(node.value))
    except ValueError:
        return False


def of_symbols(
    statements: Sequence[Statement],
    kept: Mapping[str, str],
    given: Collection[str],
    supply: Supply,
) -> dict[str, str]:
    """The names of a unit's symbols. `kept`: those that have one; `given`: all of the units from
    which this one imports, so that none of them is given twice."""
    free = supply.symbols({*given, *kept.values()})
    uses = Counter(
        node.id
        for one in statements
        for node in ast.walk(one.node)
        if isinstance(node, ast.Name) and OURS in node.id
    )
    found = dict(kept)
    for one in sorted(statements, key=lambda one: -max(uses[name] for name in one.symbols())):
        for symbol in sorted(one.symbols() - found.keys()):
            found[symbol] = f"_K{len(found)}" if is_plain(one.node) else next(free)
    return found


def of_attributes(
    statements: Sequence[Statement], supply: Supply, of_modules: Collection[str]
) -> dict[str, dict[str, str]]:
    """The names of all attributes that the program makes, and of no other's, for each module.
    `of_modules`: those by which it asks for what a module has. One with an underscore is its
    module's own and may have the name of another module's; classes that inherit from another
    module's share them all."""
    nodes = [node for one in statements for node in ast.walk(one.node)]
    uses = Counter(one.attr for one in nodes if isinstance(one, ast.Attribute))
    spelled = {one.value for one in nodes if isinstance(one, ast.Constant)}
    others = foreign() | asked_of_modules(statements)
    own = {name for name in {*_made(nodes), *of_modules} - spelled - others if name[:2] != "__"}
    by_use = sorted(own, key=lambda name: (-uses[name], name))
    shared = _shared_privately(statements)
    public = [name for name in by_use if name[0] != "_" or name in shared]
    names = dict(zip(public, supply.attributes(()), strict=False))
    found = {}
    for module in {one.module for one in statements}:
        used = _used([one for one in statements if one.module == module])
        free = supply.attributes({names[name] for name in used if name in names})
        mine = [name for name in by_use if name in used and name not in names]
        found[module] = names | dict(zip(mine, free, strict=False))
    return found


def _used(statements: Sequence[Statement]) -> set[str]:
    """The attributes that they make or ask for."""
    nodes = [node for one in statements for node in ast.walk(one.node)]
    return set(_made(nodes)) | {one.attr for one in nodes if isinstance(one, ast.Attribute)}


def _shared_privately(statements: Sequence[Statement]) -> set[str]:
    """Names with an underscore that more than one module may see: those of classes which other
    modules' classes stand on, and what stands on them."""
    inherits = [
        (one.module, base.id.partition(OURS)[0])
        for one in statements
        for node in ast.walk(one.node)
        if isinstance(node, ast.ClassDef)
        for base in node.bases
        if isinstance(base, ast.Name) and OURS in base.id
    ]
    related = {module for pair in inherits if pair[0] != pair[1] for module in pair}
    nodes = [node for one in statements if one.module in related for node in ast.walk(one.node)]
    return set(_made(nodes))


def keywords(statements: Iterable[Statement]) -> set[str]:
    """Parameters that some call names."""
    nodes = (node for one in statements for node in ast.walk(one.node))
    return {one.arg for one in nodes if isinstance(one, ast.keyword) and one.arg}


class Renamer(ast.NodeTransformer):
    """Gives one statement the names of its unit; `fixed`: those of parameters that stay."""

    def __init__(
        self, symbols: Mapping[str, str], attributes: Mapping[str, str], fixed: set[str]
    ) -> None:
        self._symbols, self._attributes, self._fixed = symbols, attributes, fixed
        self._own: dict[str, str] | None = None  # of the present function

    def visit(self, node: ast.AST) -> ast.AST:
        if self._own is None and isinstance(node, (*_FUNCTIONS, ast.Lambda, ast.ListComp)):
            self._own = self._locals(node)
            try:
                return super().visit(node)
            finally:
                self._own = None
        return super().visit(node)

    def generic_visit(self, node: ast.AST) -> ast.AST:
        for name in ("id", "name", "arg", "attr"):
            old = getattr(node, name, None)
            if isinstance(old, str) and not isinstance(node, (ast.keyword, ast.alias)):
                setattr(node, name, self._new(old, name == "attr"))
        return super().generic_visit(node)

    def visit_Nonlocal(self, node: ast.Nonlocal) -> ast.AST:
        node.names = [self._new(name, False) for name in node.names]
        return node

    def _new(self, name: str, attribute: bool) -> str:
        if attribute or name.startswith(ATTRIBUTE):
            plain = name.removeprefix(ATTRIBUTE)
            return self._attributes.get(plain, plain)
        return self._symbols[name] if OURS in name else (self._own or {}).get(name, name)

    def _locals(self, function: ast.AST) -> dict[str, str]:
        found: dict[str, None] = {}
        imported: set[str] = set()
        for node in ast.walk(function):
            if isinstance(node, ast.arg):
                found[node.arg] = None
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                found[node.id] = None
            elif isinstance(node, (*_FUNCTIONS, ast.ExceptHandler)) and node.name:
                found[node.name] = None
            elif isinstance(node, ast.alias):
                imported.add(node.asname or node.name)
        own = [name for name in found if OURS not in name and not name.startswith(ATTRIBUTE)]
        kept = self._fixed | imported
        short = name_supply.local(kept)
        return {name: next(short) for name in own if name not in kept}


def _is_fixed(value: object) -> bool:
    if isinstance(value, tuple):
        return all(map(_is_fixed, value))
    return isinstance(value, int) or (isinstance(value, (bytes, str)) and len(value) <= _LONGEST)


def _made(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr
        elif isinstance(node, (*_FUNCTIONS, ast.ClassDef)) and node.name.startswith(ATTRIBUTE):
            yield node.name.removeprefix(ATTRIBUTE)
        elif isinstance(node, ast.Name) and node.id.startswith(ATTRIBUTE):
            yield node.id.removeprefix(ATTRIBUTE)
