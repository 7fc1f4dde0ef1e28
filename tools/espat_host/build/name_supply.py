"""Which names there are for what is a program's own: those that cost a board nothing first."""

from __future__ import annotations

import ast
import itertools
import keyword
import string
from collections.abc import Collection, Iterable, Iterator

from espat_host.build.foreign_names import foreign
from espat_host.build.known_names import KNOWN
from espat_host.build.scopes import ATTRIBUTE, OURS, Statement

# Letters for what belongs to a function alone; those that an image knows come first.
_LOCAL = "erstndfivwyabcghjklmopquxz"
# Modules whose names are as short as those given here.
_TAKEN = {"os", "gc", "io", "re", *keyword.kwlist}


class Supply:
    """The names for a program of these statements; what they spell themselves is none of them."""

    def __init__(self, statements: Iterable[Statement]) -> None:
        self._spelled = set(_spelled(statements))
        known = [name for name in KNOWN if name not in self._spelled]
        # A class of ours may stand on one that has an attribute of this name.
        self._attributes = [name for name in known if name not in foreign()]
        self._symbols = list(dict.fromkeys([*self._attributes, *known]))

    def symbols(self, taken: Collection[str]) -> Iterator[str]:
        """Names of globals. Most are those of attributes, too, which a unit then has once."""
        return self._free(self._symbols, taken)

    def attributes(self, taken: Collection[str]) -> Iterator[str]:
        return self._free(self._attributes, taken)

    def _free(self, known: list[str], taken: Collection[str]) -> Iterator[str]:
        for name in itertools.chain(known, _shortest(string.ascii_uppercase)):
            if name not in taken and name not in self._spelled:
                yield name


def local(taken: Collection[str]) -> Iterator[str]:
    """Names of what belongs to a function alone; none of them is a global's."""
    return (name for name in _shortest(_LOCAL) if name not in taken)


def _spelled(statements: Iterable[Statement]) -> Iterator[str]:
    """All that the program calls by name and the linker's own marks do not tell to be ours."""
    for one in statements:
        for name, line in one.foreign.items():
            yield from (name, *line.replace(".", " ").split())
        for node in ast.walk(one.node):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value
            for field in ("id", "attr", "arg", "name", "asname"):
                word = getattr(node, field, None)
                if isinstance(word, str) and OURS not in word:
                    yield word.removeprefix(ATTRIBUTE)


def _shortest(first: str) -> Iterator[str]:
    """All names that begin with one of these letters, the short ones first."""
    rest = string.ascii_letters + string.digits
    for length in itertools.count(0):
        for start in first:
            for letters in itertools.product(rest, repeat=length):
                name = start + "".join(letters)
                if name not in _TAKEN:
                    yield name
