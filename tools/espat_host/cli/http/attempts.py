"""--max-time and --retry: for how long a request is tried, and how often."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from espat.pure import errors, reasons
from espat_host.cli.exit_codes import TIME, CommandFault, exit_code
from espat_host.cli.http.report import Report
from espat_host.client.board import (
    AtCommandError,
    Board,
    BoardError,
    Cancelled,
    HttpStatusError,
)
from espat_host.client.http_lines import MOST_SECONDS
from espat_host.console.signals import last_word

# As curl: "a timeout, ... or an HTTP 408, 429, 500, 502, 503 or 504 response code", after 1 s, then
# twice as long each time, up to 10 minutes.
STATUSES = {408, 429, 500, 502, 503, 504}
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 600.0
LOOK = 0.05
# A board that ends its request itself does so first.
GRACE = 1.0
GIVEN_UP = errors.EXEC_FAIL | reasons.ABORTED


def is_transient(error: BaseException) -> bool:
    """Whether the same request may succeed a little later."""
    if isinstance(error, HttpStatusError):
        return error.status in STATUSES
    return exit_code(error) == TIME


def attempt(
    run: Callable[[bool], None], board: Board, retries: int, report: Report, *, silent: bool
) -> None:
    """Call `run(last)`, again after what is transient. Raises what the last try has raised."""
    pause = FIRST_PAUSE
    for left in range(retries, -1, -1):
        try:
            run(left == 0)
            return
        except BoardError as error:
            if not left or not is_transient(error):
                raise
            if not silent:
                why = str(error).splitlines()[0]
                last_word(f"espat: {why}; trying again in {pause:g} s, {left} more")
        _sleep(board, pause)
        pause = min(2 * pause, LONGEST_PAUSE)
        report.bytes = 0


def _sleep(board: Board, seconds: float) -> None:
    """Raises Cancelled."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        board.check_cancelled()
        time.sleep(LOOK)


class Deadline:
    """The time limit for all of it, from now on; None: there is none."""

    def __init__(self, seconds: float | None) -> None:
        self._seconds = seconds
        self._end = time.monotonic() + (seconds or 0)
        self._passed = threading.Event()

    @contextmanager
    def ends(self, board: Board) -> Iterator[None]:
        """When it has passed, what the board does is given up. Raises CommandFault."""
        if self._seconds is None:
            yield
            return
        grace = GRACE if board.has_http_extensions() else 0
        timer = threading.Timer(self._left() + grace, self._pass, (board,))
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            timer.join()
            board.forget_cancel()

    def of_request(self, board: Board) -> float | None:
        """The limit for a request that begins now, where the board ends it (wire.md 15.1)."""
        if self._seconds is None or not board.has_http_extensions():
            return None
        return min(max(self._left(), LOOK), MOST_SECONDS)

    def explained(self, error: Exception) -> Exception:
        """What has gone wrong, where that is the limit."""
        by_board = isinstance(error, AtCommandError) and error.code == GIVEN_UP
        by_pc = isinstance(error, Cancelled) and self._passed.is_set()
        if self._seconds is not None and (by_board or by_pc):
            return CommandFault(TIME, f"it was not done within --max-time, {self._seconds:g} s")
        return error

    def _left(self) -> float:
        return max(0, self._end - time.monotonic())

    def _pass(self, board: Board) -> None:
        self._passed.set()
        board.cancel()
