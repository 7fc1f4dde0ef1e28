"""A bar on stderr while a body moves, for people: on a terminal, and not among other output."""

import sys
from collections.abc import Iterable, Iterator

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)


class Bar:
    """Counts bytes, and shows them if `shown`; `total`: how many there will be, if known."""

    def __init__(self, name: str, *, shown: bool, total: int | None = None) -> None:
        self._progress: Progress | None = None
        if shown:
            self._progress = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                DownloadColumn(),
                TransferSpeedColumn(),
                TimeRemainingColumn(),
                console=Console(stderr=True),
            )
            self._task = self._progress.add_task(name, total=total)
            self._progress.start()

    def advance(self, size: int) -> None:
        if self._progress is not None:
            self._progress.advance(self._task, size)

    def through(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """The pieces, counted as they go."""
        for piece in pieces:
            yield piece
            self.advance(len(piece))

    def stop(self) -> None:
        if self._progress is not None:
            self._progress.stop()
            self._progress = None


def wanted(*, verbose: bool, stdout_used: bool) -> bool:
    """Whether a bar would be seen and would not stand in the middle of something."""
    return sys.stderr.isatty() and not verbose and not (stdout_used and sys.stdout.isatty())
