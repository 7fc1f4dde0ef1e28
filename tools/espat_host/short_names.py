"""Private names become short ones before the firmware is compiled.

MicroPython keeps the text of every attribute, method and parameter in the board's memory, once per
different name and for ever. What only its own module sees - names with one underscore in front,
and parameters that no call names - is called `_a`, `_b`, ... there; other modules use the same few
again. Names that a module shares with a subclass in another one are the same in both.
"""

from __future__ import annotations

import ast
import itertools
import string
from collections.abc import Iterator

from .source_edits import Source

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def shorten(texts: dict[str, str], closed: set[str]) -> dict[str, str]:
    """The modules, by dotted name, with short private names; parameters only where all calls are
    known, in the modules that are `closed`."""
    sources = {name: Source(text) for name, text in texts.items()}
    named = {
        keyword.arg
        for source in sources.values()
        for keyword in ast.walk(source.tree)
        if isinstance(keyword, ast.keyword) and keyword.arg
    }
    for family in _families(sources):
        trees = [sources[name].tree for name in family]
        taken = {identifier for tree in trees for identifier in _identifiers(tree)}
        private = {name for tree in trees for name in _private(tree)}
        short = dict(zip(sorted(private), _unused("_", taken), strict=False))
        for name in family:
            source = sources[name]
            _rename_private(source, short)
            if name in closed:
                _rename_parameters(source, _parameters(source.tree) - named, taken)
    return {name: source.changed() for name, source in sources.items()}


def _families(sources: dict[str, Source]) -> list[list[str]]:
    """Modules whose classes inherit from each other, together; the others alone."""
    family = {name: [name] for name in sources}
    for name, source in sources.items():
        origin = {}
        for node in ast.walk(source.tree):
            if isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    whole = f"{node.module}.{alias.name}"
                    origin[alias.asname or alias.name] = whole if whole in sources else node.module
        for node in ast.walk(source.tree):
            if isinstance(node, ast.ClassDef):
                for base in node.bases:
                    known = base.value if isinstance(base, ast.Attribute) else base
                    other = origin.get(known.id, "") if isinstance(known, ast.Name) else ""
                    if other in family and family[other] is not family[name]:
                        joined = family[other] + family[name]
                        for one in joined:
                            family[one] = joined
    return [names for name, names in family.items() if names[0] == name]


def _is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


def _identifiers(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        for field in ("id", "attr", "arg", "name", "asname"):
            value = getattr(node, field, None)
            if isinstance(value, str):
                yield value


def _private(tree: ast.Module) -> set[str]:
    """Private names that the module itself defines: not those that it imports under one."""
    found, imported = set(), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            found.add(node.attr)
        elif isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, ast.alias):
            imported.add(node.asname or node.name)
    # What getattr() is given, whole or the beginning of it.
    spelled = tuple(
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and _is_private(node.value)
    )
    own = {name for name in found - imported if _is_private(name)}
    return {name for name in own if not name.startswith(spelled)}


def _unused(prefix: str, taken: set[str]) -> Iterator[str]:
    """prefix + a, b, ..., aa, ab, ... but for what is taken."""
    for length in itertools.count(1):
        for letters in itertools.product(string.ascii_lowercase, repeat=length):
            name = prefix + "".join(letters)
            if name not in taken and name not in ("as", "if", "in", "is", "or"):
                yield name


def _rename_private(source: Source, short: dict[str, str]) -> None:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Name) and node.id in short:
            source.rename(node, node.id, short[node.id])
        elif isinstance(node, ast.arg) and node.arg in short:
            source.rename(node, node.arg, short[node.arg])
        elif isinstance(node, (*_FUNCTIONS, ast.ClassDef)) and node.name in short:
            source.rename(node, node.name, short[node.name])
        elif isinstance(node, ast.Attribute) and node.attr in short:
            source.rename_end(node, node.attr, short[node.attr])


def _parameters(tree: ast.Module) -> set[str]:
    """Parameters whose name is nothing else in the module."""
    names = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    other = set()
    for node in ast.walk(tree):
        if isinstance(node, (*_FUNCTIONS, ast.ClassDef, ast.ExceptHandler)):
            other.add(node.name)
        elif isinstance(node, ast.alias):
            other.add(node.asname or node.name)
    # What stands in a module or a class outside of functions is a global or an attribute.
    for scope in (node for node in ast.walk(tree) if isinstance(node, (ast.Module, ast.ClassDef))):
        for statement in scope.body:
            if not isinstance(statement, (*_FUNCTIONS, ast.ClassDef)):
                other |= set(_identifiers(ast.Module([statement], [])))
    return {name for name in names - other if not name.startswith("_")}


def _rename_parameters(source: Source, parameters: set[str], taken: set[str]) -> None:
    short = dict(zip(sorted(parameters), _unused("", taken), strict=False))
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Name) and node.id in short:
            source.rename(node, node.id, short[node.id])
        elif isinstance(node, ast.arg) and node.arg in short:
            source.rename(node, node.arg, short[node.arg])
