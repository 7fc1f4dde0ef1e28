"""Attributes of what is not the program's own: they keep their names."""

from __future__ import annotations

import ast
import asyncio
import builtins
import functools
import hashlib
import io
import os
import select
import socket
import ssl
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from espat_host.build.checkout import BOARDS, FIRMWARE
from espat_host.build.scopes import Statement

# What has attributes both here and in MicroPython.
_FOREIGN = (
    *(bytes, bytearray, dict, float, int, list, memoryview, set, str, tuple, OSError),
    *(io.BytesIO, io.StringIO, io.BufferedRandom, socket.socket, ssl.SSLContext, ssl.SSLSocket),
    *(asyncio.Event, asyncio.Lock, asyncio.Task, asyncio.StreamReader, asyncio.StreamWriter),
    *(asyncio, builtins, hashlib, io, os, select, socket, ssl, time),
)
_FOLDERS = (BOARDS / "sim", FIRMWARE)  # of the simulated chip's modules, of the starters
_SIMULATION = "sim"  # with which the modules of the simulated board begin that a chip has not


def asked_of_modules(statements: Iterable[Statement]) -> set[str]:
    """What the program asks of the modules that it imports and that are not its own."""
    found = set()
    for one in statements:
        nodes = list(ast.walk(one.node))
        inside = {node.asname or node.name for node in nodes if isinstance(node, ast.alias)}
        attributes = (node for node in nodes if isinstance(node, ast.Attribute))
        found |= {
            node.attr
            for node in attributes
            if isinstance(node.value, ast.Name) and node.value.id in {*inside, *one.foreign}
        }
    return found


@functools.cache
def foreign() -> frozenset[str]:
    """What objects have that are Python's, a chip's, a board's data or the starters'. What only
    MicroPython has, the simulated board asks for, and what only a chip has, it has itself."""
    sim, starters = map(_trees, _FOLDERS)
    found = {name for one in _FOREIGN for name in dir(one)}
    found |= _asked([*sim.values(), *starters.values()])
    for name, tree in sim.items():
        if not name.startswith(_SIMULATION):
            found |= {*_bound(tree.body), *_taken_over(tree, sim)}
    for tree in starters.values():
        found |= {name for one in _classes(tree) for name in _bound(one.body)}
    return frozenset(name for name in found if name[0] != "_")


def sources_of_foreign() -> bytes:
    """What foreign() is made from: to read it takes less time than to find the names in it."""
    texts = (path.read_bytes() for folder in _FOLDERS for path in sorted(folder.glob("*.py")))
    return repr(sys.version_info[:2]).encode() + b"".join(texts)


def _trees(folder: Path) -> dict[str, ast.Module]:
    return {path.stem: ast.parse(path.read_text(encoding="utf-8")) for path in folder.glob("*.py")}


def _asked(trees: list[ast.Module]) -> set[str]:
    """The attributes that these modules use and nothing in them has."""
    nodes = [node for tree in trees for node in ast.walk(tree)]
    attributes = [node for node in nodes if isinstance(node, ast.Attribute)]
    made = {node.attr for node in attributes if isinstance(node.ctx, ast.Store)}
    return {node.attr for node in attributes} - made - {n for t in trees for n in _bound(t.body)}


def _taken_over(tree: ast.Module, sim: Mapping[str, ast.Module]) -> Iterator[str]:
    """What the classes have that a module imports from one of the simulation."""
    for node in tree.body:
        if isinstance(node, ast.ImportFrom):
            names = {alias.name for alias in node.names}
            other = sim.get(node.module or "", ast.Module([], []))
            for one in _classes(other):
                if one.name in names:
                    yield from _bound(one.body)


def _classes(tree: ast.Module) -> Iterator[ast.ClassDef]:
    return (node for node in tree.body if isinstance(node, ast.ClassDef))


def _bound(body: Iterable[ast.stmt]) -> Iterator[str]:
    """The names that a module or a class has, with those in its classes."""
    for node in body:
        if isinstance(node, ast.ClassDef):
            yield from (node.name, *_bound(node.body))
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.name
        elif isinstance(node, ast.ImportFrom) and not str(node.module).startswith(_SIMULATION):
            yield from (alias.asname or alias.name for alias in node.names)
        elif isinstance(node, ast.Assign):
            parts = (part for target in node.targets for part in ast.walk(target))
            yield from (part.id for part in parts if isinstance(part, ast.Name))
