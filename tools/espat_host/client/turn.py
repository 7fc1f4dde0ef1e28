"""Whose turn it is to use a board: one thread's at a time, with one command."""

import functools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Concatenate, ParamSpec, TypeVar

from espat_host.client.faults import BoardInUse

OTHER_THREAD = "another thread uses the board; one at a time, as with a threading.Lock around it"
STREAM = "a stream() is not read to its end; read on or close() it, before anything else"
CALLBACK = (
    "a command is under way, and what it calls, a sink or on_unsolicited, cannot send another"
)

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


class Turn:
    """One for a board. Who has the turn may take it again."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._owner: int | None = None
        self._depth = 0
        self._barred = ""  # why nobody may take it now

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Raises BoardInUse."""
        with self._lock:
            if self._owner not in (None, threading.get_ident()):
                raise BoardInUse(OTHER_THREAD)
            if self._barred:
                raise BoardInUse(self._barred)
            self._begin()
        try:
            yield
        finally:
            with self._lock:
                self._end()

    @contextmanager
    def with_the_caller(self) -> Iterator[None]:
        """Between two chunks of a stream: any thread may read on, and do nothing else."""
        with self._lock:
            self._end()
            self._barred = STREAM
        try:
            yield
        finally:
            with self._lock:
                self._barred = ""
                self._begin()

    def stream_is_left(self) -> None:
        """Nobody reads on."""
        if self._barred == STREAM:
            self._barred = ""

    @contextmanager
    def in_callbacks(self) -> Iterator[None]:
        """What is called in the middle of a command has no turn."""
        before, self._barred = self._barred, CALLBACK
        try:
            yield
        finally:
            self._barred = before

    def _begin(self) -> None:
        self._owner = threading.get_ident()
        self._depth += 1

    def _end(self) -> None:
        self._depth -= 1
        if not self._depth:
            self._owner = None


def alone(
    method: Callable[Concatenate[Any, Parameters], Result],
) -> Callable[Concatenate[Any, Parameters], Result]:
    """A method of a board that takes its turn."""

    @functools.wraps(method)
    def in_turn(self: Any, *args: Parameters.args, **named: Parameters.kwargs) -> Result:
        with self.turn.taken():
            return method(self, *args, **named)

    return in_turn
