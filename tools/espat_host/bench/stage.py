"""What is measured, set up: the server, the firmware's board and the rivals' board."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from espat_host.bench import processors
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
        with processors.on(processors.BOARDS):
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
        with processors.on(processors.BOARDS):
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
