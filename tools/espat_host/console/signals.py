"""What ends a command: Control-C, SIGTERM, and SIGHUP when its terminal goes. They are set, not
inherited: a shell starts what runs in the background with SIGINT ignored. Only SIGHUP stays ignored
where it is, for that is what nohup does."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from espat_host.client.board import Board
from espat_host.client.faults import Deserted

GIVING_UP = (
    "giving up; the board needs a moment, in the middle of an upload a minute (again: do not wait)"
)
_STDERR = 2


def _line(text: str) -> bytes:
    """On a terminal it takes the place of `^C`, of a bar or a word; what comes next takes its."""
    if os.isatty(_STDERR):
        return b"\r\x1b[K" + text.encode()
    return text.encode() + b"\n"


def last_word(text: str) -> None:
    """Say on stderr what is said at the end, in a line of its own."""
    if sys.stderr is not None and sys.stderr.isatty():
        text = f"\r\x1b[K{text}"
    print(text, file=sys.stderr, flush=True)


def _ending() -> list[int]:
    """Their numbers here; Windows has no SIGHUP."""
    hangup = getattr(signal, "SIGHUP", None)
    if hangup is None or signal.getsignal(hangup) == signal.SIG_IGN:
        return [signal.SIGINT, signal.SIGTERM]
    return [signal.SIGINT, signal.SIGTERM, hangup]


def leave_on_signals() -> None:
    """The others end the command as Control-C does: everything that was started is stopped."""

    def leave(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    for number in _ending():
        signal.signal(number, leave)


@contextmanager
def cancelled_by_signals(board: Board) -> Iterator[None]:
    """A signal ends what the board does, and leaves it usable; a second one does not wait for
    that."""

    came = []

    def cancel(number: int, frame: FrameType | None) -> None:
        came.append(number)
        # Not print(): the program may be in the middle of one, and then that is an error.
        os.write(_STDERR, _line(GIVING_UP))
        if len(came) > 1:
            raise Deserted("given up, and the board left as it is")
        board.cancel()

    old = [(number, signal.signal(number, cancel)) for number in _ending()]
    try:
        yield
    finally:
        for number, handler in old:
            signal.signal(number, handler)
