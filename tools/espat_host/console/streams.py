"""Standard streams that somebody has closed (`<&-`, `>&-`).

The next file that is opened would take such a place, a board's port for example, and what is
written to stdout would go there. So the place is taken, by what refuses to be read, or written."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO, cast


def take_closed_places() -> None:
    """stdin and stdout are there then, and raise OSError when they are used."""
    for number, flags in ((0, os.O_WRONLY), (1, os.O_RDONLY), (2, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, flags)  # the lowest number that is free
    sys.stdin = sys.stdin or _text(0, "r")
    sys.stdout = sys.stdout or _text(1, "w")
    sys.stderr = sys.stderr or _text(2, "w")


class StdinFault(Exception):
    """It cannot be read."""


@contextmanager
def reading_stdin() -> Iterator[None]:
    """Around a read. Raises StdinFault."""
    try:
        yield
    except OSError as error:
        sentence = f"standard input cannot be read: {error.strerror}"
        raise StdinFault(f"{sentence}; is it closed?") from error


def stdin_lines() -> Iterator[bytes]:
    """Line by line, as they come. Raises StdinFault."""
    while True:
        with reading_stdin():
            line = sys.stdin.buffer.readline()
        if not line:
            return
        yield line


def forget_stdout() -> None:
    """Nobody reads it, or it is full: what Python still holds for it has no other place to go."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def _text(number: int, mode: str) -> TextIO:
    return cast(TextIO, open(number, mode, closefd=False))
