"""A word on stderr for a person who waits: what for. On a terminal, and after a moment."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.live import Live
from rich.spinner import Spinner

# Seconds without a word: what takes less is not worth one.
MOMENT = 1.0


class Waiting:
    """One thing waited for at a time; `shown`: whether anybody wants to know."""

    def __init__(self, *, shown: bool = True) -> None:
        self._shown = shown and sys.stderr is not None and sys.stderr.isatty()
        self._timer: threading.Timer | None = None
        self._live: Live | None = None

    def begin(self, text: str) -> None:
        """From now on this is waited for."""
        self.end()
        if self._shown:
            self._timer = threading.Timer(MOMENT, self._show, (text,))
            self._timer.daemon = True
            self._timer.start()

    def end(self) -> None:
        """It has come: nothing is left on the screen."""
        timer, self._timer = self._timer, None
        if timer is not None:
            timer.cancel()
            timer.join()
        live, self._live = self._live, None
        if live is not None:
            live.stop()

    def _show(self, text: str) -> None:
        console = Console(stderr=True)
        if console.is_dumb_terminal:
            print(f"{text} ...", file=sys.stderr, flush=True)
            return
        # What the command prints goes where it always does.
        live = Live(
            Spinner("dots", f"{text} ..."),
            console=console,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        live.start()
        self._live = live


@contextmanager
def waiting(text: str, *, shown: bool = True) -> Iterator[None]:
    """Around what may take long."""
    word = Waiting(shown=shown)
    word.begin(text)
    try:
        yield
    finally:
        word.end()
