"""Plays the dialogues of the pages. `> ` is a line to the board, or the data it waits for; `< ` is
what it answers. The echo is off. `\\r` and `\\n` in data stand for these two bytes."""

import re
import select
import time

from espat_host.client.board import Board
from host_tests.documents.likeness import Mismatch, alike
from host_tests.documents.pages import Block

LIMIT = 60.0
QUIET = 0.1  # what may still come behind the last line
_NOTE = re.compile(r"   +\(.*\)$")


def play(board: Board, block: Block, stands_for: dict[str, bytes]) -> None:
    """Play a block from its first line to its last. `stands_for`: what is sent in the place of
    some words."""
    waiting = False
    for sent, shown in steps(block):
        data = sent.encode() if not waiting else _bytes(sent)
        for told, here in stands_for.items():
            data = data.replace(told.encode(), here)
        board.write(data) if waiting else board.send_line(data)
        came = answer(board, shown)
        if not alike(shown, came):
            raise Mismatch(block.place, repr(sent), shown, came)
        waiting = shown.endswith(">")


def steps(block: Block) -> list[tuple[str, str]]:
    """What is sent each time, and what is shown to come."""
    found: list[tuple[str, list[str]]] = []
    for line in block.text.splitlines():
        told = _NOTE.sub("", line)
        if told.startswith("> "):
            found.append((told[2:], []))
        elif told == "<" or told.startswith("< "):
            assert found, f"{block.place}: an answer to nothing"
            found[-1][1].append(told[2:])
        else:
            assert not told.strip(), f"{block.place}: neither `> ` nor `< `: {line!r}"
    assert found, f"{block.place}: nothing is sent"
    return [(sent, "\n".join(shown)) for sent, shown in found]


def answer(board: Board, shown: str) -> str:
    """What comes, until it is what is shown, or for LIMIT."""
    came, limit = b"", time.monotonic() + LIMIT
    while time.monotonic() < limit:
        came += _heard(board)
        if alike(shown, came.decode("latin-1")):
            return (came + _heard(board)).decode("latin-1")
    return came.decode("latin-1")


def _heard(board: Board) -> bytes:
    select.select([board], [], [], QUIET)
    return board.discard()


def _bytes(data: str) -> bytes:
    return data.replace("\\r", "\r").replace("\\n", "\n").encode()
