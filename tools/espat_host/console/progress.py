"""A bar on stderr while a body moves, for people: on a terminal, and not among other output."""

import sys
from collections.abc import Iterable, Iterator

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.text import Text


class Percent(ProgressColumn):
    """Nothing where the size is not known."""

    def render(self, task: Task) -> Text:
        return Text("" if task.total is None else f"{task.percentage:3.0f}%")


class Bar:
    """Counts bytes, and shows them if `shown`, from the first one on; `total`: how many there will
    be, if known; `done`: how many are there already."""

    def __init__(self, name: str, *, shown: bool, total: int | None = None, done: int = 0) -> None:
        self._name, self._shown = name, shown
        self._total, self._done = total, done
        self._progress: Progress | None = None
        self._task = TaskID(0)

    def advance(self, size: int) -> None:
        if not self._shown:
            return
        if self._progress is None:
            self._start()
        assert self._progress is not None
        self._done += size
        if self._total is not None and self._done > self._total:
            self._total = None  # it was wrong: an error page has another size than the file
            self._progress.remove_task(self._task)
            self._task = self._progress.add_task(self._name, total=None)
        self._progress.update(self._task, completed=self._done)

    def expect(self, total: int | None) -> None:
        """How many bytes will come, if that is told before the first one does."""
        if self._progress is None and total is not None:
            self._total = self._done + total

    def through(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """The pieces, counted as they go."""
        for piece in pieces:
            yield piece
            self.advance(len(piece))

    def stop(self) -> None:
        """What it shows now is what stays."""
        if self._progress is not None:
            self._progress.stop()
            self._progress = None
        self._shown = False

    def _start(self) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            Percent(),
            DownloadColumn(),
            TransferSpeedColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._task = self._progress.add_task(self._name, total=self._total, completed=self._done)
        self._progress.start()


def seen() -> bool:
    """Whether a bar on stderr would be seen."""
    return sys.stderr is not None and sys.stderr.isatty()


def among_output() -> bool:
    """Whether it would stand in the middle of what goes to stdout."""
    return sys.stdout is not None and sys.stdout.isatty()
