"""A prompt for AT commands: a terminal for a person, line by line for a pipe."""

import sys
from collections.abc import Iterable, Mapping
from typing import BinaryIO

from espat_host.client.board import Board
from espat_host.console.streams import stdin_lines

ANSWER_LIMIT = 60.0


def converse(
    board: Board,
    title: str,
    *,
    baud: int = 115200,
    files: Mapping[str, bytes] | None = None,
    ask_first: bool = True,
    stamps: bool = False,
) -> None:
    """Talk to a board with whatever stdin is. Raises BoardError, KeyboardInterrupt."""
    if not sys.stdin.isatty() or not sys.stdout.isatty():
        pipe_to(board, stdin_lines(), sys.stdout.buffer)
        return
    # It takes a moment to import.
    from espat_host.term.run import run

    run(board, title, baud=baud, files=files, ask_first=ask_first, stamps=stamps)


def pipe_to(board: Board, lines: Iterable[bytes], out: BinaryIO) -> None:
    """Send each line, print its answer, and so on to the end of the input."""
    for line in lines:
        if command := line.rstrip(b"\r\n"):
            out.write(board.ask(command))
            out.flush()
