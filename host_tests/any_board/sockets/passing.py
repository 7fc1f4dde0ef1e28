"""A passthrough as a host begins and ends it; and a peer that goes in the middle of it."""

import time

from espat_host.client.board import Board
from espat_host.local_world.raw_server import Connection, Step
from host_tests.any_board.sockets.links import OK, PATIENCE, PROMPT

QUIET = 0.5  # before +++; the board waits for 20 ms of it, and may be late
WAIT = 1.0  # behind +++, as wire.md 6.9 asks of hosts
STEP = 0.05


def begin(board: Board) -> None:
    """A passthrough on the link that there is."""
    assert board.ask("AT+CIPMODE=1") == OK
    again(board)


def again(board: Board) -> None:
    board.send_line("AT+CIPSEND")
    board.expect(PROMPT, PATIENCE)


def end(board: Board) -> None:
    """There is no answer, so the board is asked for one."""
    silence(QUIET)
    board.write(b"+++")
    silence(WAIT)
    assert board.ask("AT", PATIENCE) == OK


def end_with_echo(board: Board) -> None:
    """The same of a board that has just started."""
    silence(QUIET)
    board.write(b"+++")
    silence(WAIT)
    board.synchronise()


def silence(seconds: float) -> None:
    """In steps: a PC that stands still does so for the board, too, and a single long sleep would be
    over before the board has seen any of it."""
    for _ in range(int(seconds / STEP)):
        time.sleep(STEP)


def echoed(board: Board, data: bytes) -> None:
    board.write(data)
    board.expect(data, PATIENCE)


def close_after(count: int) -> Step:
    """Take so many bytes."""

    def step(connection: Connection) -> None:
        while len(connection.received) < count:
            connection.received += connection.sock.recv(count - len(connection.received))

    return step
