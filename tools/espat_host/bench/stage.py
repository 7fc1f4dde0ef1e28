"""What is measured, set up: the server, the firmware's board and the rivals' board.

A chip has a processor for itself, so the boards get one of the PC's, and the server and the reader
what is left: where the PC's scheduler decides, the same run takes twice as long now and then. With
one processor, or where processes cannot be bound, nothing is done."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from espat_host.bench.line import Line
from espat_host.bench.server import Server
from espat_host.client.board import Board
from espat_host.sim import SimBoard

DEVICE = Path(__file__).parent / "device"
RIVALS, WATCHED = DEVICE / "rivals.py", DEVICE / "watched.py"
SSID, PASSWORD = "espressif", "1234567890"
WORLD = {
    "access_points": [{"ssid": SSID, "password": PASSWORD}],
    "hosts": {"here.test": "127.0.0.1"},
}
_ALLOWED = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set()
BOARDS = {max(_ALLOWED)} if len(_ALLOWED) > 1 else set()
REST = _ALLOWED - BOARDS if BOARDS else set()


@dataclass
class Stage:
    """`espat` and `rivals`: lines to the two boards, both joined."""

    server: Server
    espat_board: SimBoard
    rivals_board: SimBoard
    espat: Line
    rivals: Line


@contextmanager
def set_up() -> Iterator[Stage]:
    """Until the end of the `with`."""
    with ExitStack() as stack:
        server = stack.enter_context(Server())
        with on(BOARDS):
            espat_board = stack.enter_context(SimBoard(world=WORLD))
            rivals_board = stack.enter_context(SimBoard(world=WORLD, program=RIVALS))
        join(espat_board)
        espat = stack.enter_context(Line(espat_board.port))
        rivals = stack.enter_context(Line(rivals_board.port))
        rivals.ask("", 7, b"ready\r\n")
        yield Stage(server, espat_board, rivals_board, espat, rivals)


def join(board: SimBoard) -> None:
    """Echo off, and into the network."""
    with Board(board.port) as client:
        client.synchronise()
        client.join(SSID, PASSWORD)


@contextmanager
def firmware(
    *, paced: bool = False, program: Path | None = None, micropython: str | None = None
) -> Iterator[tuple[SimBoard, Board]]:
    """One more board with the firmware, joined, and a client on its port."""
    with ExitStack() as stack:
        with on(BOARDS):
            sim = stack.enter_context(
                SimBoard(
                    world=WORLD,
                    baud_pacing=paced,
                    program=program,
                    micropython=micropython,
                    heap="8m" if program else "default",  # its modules are not linked
                )
            )
        client = stack.enter_context(Board(sim.port, log=sim.log_path))
        client.synchronise()
        client.join(SSID, PASSWORD)
        yield sim, client


@contextmanager
def on(processors: set[int]) -> Iterator[None]:
    """What is started meanwhile runs there; anywhere, if the set is empty."""
    if not processors:
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, processors)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
