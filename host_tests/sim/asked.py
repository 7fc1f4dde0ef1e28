"""Simulated boards that are only asked. What is refused, and what is read, leaves a board as it
was, so one board is enough for many such tests. Whether it is as it was is looked at after each."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from espat_host.client.board import Board
from espat_host.sim import SimBoard

# What the board writes although nobody changes anything: after a while that its start went well.
PASSING = {"board.log", "measures", "rtc-memory"}
ASKED = ("AT+SYSSTORE?", "AT+SYSMSG?", "AT+CWMODE?", "AT+CWSTATE?")


class AskedBoard:
    """One of them. `prepare` is done once; what it does is what it is found in."""

    def __init__(self, world: dict[str, Any], prepare: Callable[[Board], object]) -> None:
        self._undo = ExitStack()
        self.sim = self._undo.enter_context(SimBoard(world=world))
        with Board(self.sim.port, log=self.sim.log_path) as client:
            client.synchronise()
            prepare(client)
            self._as_it_was = self._state(client)

    def stop(self) -> None:
        self._undo.close()

    def changes(self, client: Board) -> dict[str, object]:
        """What is not as it was. How much the board tells is each test's own affair."""
        client.request("AT+SYSLOG=0")
        now = self._state(client)
        return {name: now.get(name) for name in now if now[name] != self._as_it_was.get(name)}

    def _state(self, client: Board) -> dict[str, object]:
        kept = {str(path): _content(path) for path in self.sim.log_path.parent.rglob("*")}
        told = {line: client.request(line).raw for line in ASKED}
        return {**kept, **told, "starts": self.sim.starts}


class AskedBoards:
    """All that the tests of one process share, by what they are found in."""

    def __init__(self) -> None:
        self._boards: dict[str, AskedBoard] = {}
        self._left: list[AskedBoard] = []  # their logs are the evidence

    @contextmanager
    def asked(
        self, name: str, make: Callable[[], AskedBoard], connect: Callable[..., Board]
    ) -> Iterator[tuple[SimBoard, Board]]:
        """The board of that name, for one test; for none after it if that fails or changes it."""
        board = self._boards.pop(name, None) or make()
        board.sim.stand_still(False)
        left: dict[str, object] = {"a test": "that was broken off"}
        try:
            client = connect(board.sim)
            yield board.sim, client
            left = board.changes(client)
        finally:
            if left:
                self._left.append(board)
            else:
                self._boards[name] = board
                board.sim.stand_still(True)  # each would take half a percent of a processor
        assert not left, f"this board is shared, and was changed: {left}"

    def stop(self) -> None:
        for board in (*self._boards.values(), *self._left):
            board.stop()


def _content(path: Path) -> object:
    """All of a small file; of the flash, which is large, when it was written to."""
    if path.name in PASSING or path.is_dir():
        return None
    status = path.stat()
    return path.read_bytes() if status.st_size < 10_000 else status.st_mtime_ns
