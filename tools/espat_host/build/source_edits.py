"""Edits of a module's text at the places where `ast` found something; lines stay where they are,
so that tracebacks name the right ones."""

from __future__ import annotations

import ast
from typing import Any

# Any: what has a position is not one class in `ast`.
Node = Any


class Source:
    """The text of one module, and what is to be changed in it."""

    def __init__(self, text: str) -> None:
        self.tree = ast.parse(text)
        self._lines = text.encode().splitlines(keepends=True)
        starts = [0]
        for line in self._lines:
            starts.append(starts[-1] + len(line))
        self._starts = starts
        self._edits: dict[tuple[int, int], bytes] = {}

    def replace(self, node: Node, new: str) -> None:
        """Put `new` in the place of a node and of all edits in it; its lines stay, empty."""
        first, last = self._at(node)
        for start, end in list(self._edits):
            if first <= start and end <= last:
                del self._edits[start, end]
        lost = node.end_lineno - node.lineno - new.count("\n")
        self._edits[first, last] = new.encode() + b"\n" * lost

    def changed(self) -> str:
        """The text with all edits."""
        text = self._text()
        for (start, end), new in sorted(self._edits.items(), reverse=True):
            text = text[:start] + new + text[end:]
        return text.decode()

    def _text(self) -> bytes:
        return b"".join(self._lines)

    def _at(self, node: Node) -> tuple[int, int]:
        first = self._starts[node.lineno - 1] + node.col_offset
        return first, self._starts[node.end_lineno - 1] + node.end_col_offset
