"""Runs the Python programs of the pages. A comment behind a print() is what it prints."""

import contextlib
import io
import re
from pathlib import Path

from host_tests.documents.likeness import Mismatch
from host_tests.documents.pages import Block
from host_tests.documents.shell import inside

PORT = '"/tmp/espat"'
_TOLD = re.compile(r"print\(.*\)  # (.+)$", re.MULTILINE)


def play(block: Block, port: str, folder: Path) -> None:
    """Run a program in `folder`, with the board at `port`."""
    source = block.text.replace(PORT, repr(port))
    printed = io.StringIO()
    with inside(folder), contextlib.redirect_stdout(printed):
        exec(compile(source, block.place, "exec"), {"__name__": "__main__"})
    for told in _TOLD.findall(block.text):
        if told not in printed.getvalue():
            raise Mismatch(block.place, "the program", told, printed.getvalue())
