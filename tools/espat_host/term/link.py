"""The port in an event loop: bytes come by themselves, and go out without holding anything up."""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

from espat_host.client.board import Board, PortLost
from espat_host.client.waits import Wait

# One write, in a thread: at 9600 baud it takes half a second.
PIECE = 512
REOPEN_EVERY = 0.5

Outcome = TypeVar("Outcome")


def lost(task: "asyncio.Future[Any]") -> bool:
    """Whether it has found that the port is gone."""
    return task.done() and not task.cancelled() and isinstance(task.exception(), PortLost)


class Link:
    """`received` is called with what comes, `lost` when the port is gone."""

    def __init__(
        self,
        board: Board,
        received: Callable[[bytes], None],
        lost: Callable[[PortLost], None],
    ) -> None:
        self.board = board
        self._received = received
        self._lost = lost
        self._last = time.monotonic()
        self._watched: int | None = None

    @property
    def silence(self) -> float:
        """Seconds since the last byte."""
        return time.monotonic() - self._last

    def listen(self) -> None:
        """From now on `received` is told."""
        self._watched = self.board.fileno()
        asyncio.get_running_loop().add_reader(self._watched, self._readable)
        self._deliver()

    def ignore(self) -> None:
        """From now on others read the port."""
        watched, self._watched = self._watched, None
        if watched is not None:
            asyncio.get_running_loop().remove_reader(watched)

    async def reopen(self) -> None:
        """Wait until a port that has gone is back, and listen again."""
        self.ignore()
        while True:
            await asyncio.sleep(REOPEN_EVERY)
            with suppress(PortLost):
                await asyncio.to_thread(self.board.reopen)
                self.listen()
                return

    async def write(self, data: bytes, went: Callable[[int], None] = lambda size: None) -> None:
        """Send bytes; `went` is told how many of each piece. Raises PortLost."""
        for start in range(0, len(data), PIECE):
            piece = data[start : start + PIECE]
            work = asyncio.ensure_future(asyncio.to_thread(self.board.write, piece))
            try:
                await asyncio.shield(work)
            finally:
                # Given up between two pieces, so that it is known how many have gone.
                await asyncio.wait([work])
                if not work.exception():
                    went(len(piece))

    async def aside(self, work: Callable[..., Outcome], *arguments: Any) -> Outcome:
        """Let somebody else have the port, in a thread, and wait for that. Who cancels this makes
        the port raise Cancelled there."""
        self.ignore()
        task = asyncio.ensure_future(asyncio.to_thread(work, *arguments))
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            self.board.cancel()
            await asyncio.wait([task])
            task.exception()
            raise
        finally:
            self.board.forget_cancel()
            if not lost(task):
                self.listen()

    def close(self) -> None:
        """A write that is under way returns; nothing is read any more."""
        self.ignore()
        self.board.stop_writing()

    def _readable(self) -> None:
        try:
            self.board.poll()
            # Readable without a byte: the other side has gone, and only a read tells it.
            if not self.board.holds_bytes():
                self.board.receive(Wait("a byte", 60))
        except PortLost as error:
            self.ignore()
            self._lost(error)
            return
        self._deliver()

    def _deliver(self) -> None:
        if data := self.board.take_all():
            self._last = time.monotonic()
            self._received(data)
