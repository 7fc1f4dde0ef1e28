"""What the tests of `espat term` share: the command in a terminal of its own."""

import os
import sys
import tty
from pathlib import Path

from espat_host.dialogues.pty_screen import PtyScreen
from espat_host.sim.lifetime import Running
from host_tests.cli.process import ESPAT, environment

COLUMNS, ROWS = 100, 30
START = "{port} at 115200 baud. Tab completes, F1 helps, Ctrl-D ends."


def terminal(*arguments: str, home: Path, program: list[str] | None = None) -> PtyScreen:
    """`espat term` with `home` for its history and its files; end it as a context manager."""
    settings = environment() | {
        "TERM": "xterm-256color",
        "HOME": str(home),
        "XDG_STATE_HOME": str(home / "state"),
        "PATH": os.environ["PATH"],
    }
    command = [*(program or ESPAT), "term", *arguments]
    return PtyScreen(command, columns=COLUMNS, rows=ROWS, env=settings, cwd=home)


def history(home: Path) -> str:
    """What is kept of what was typed."""
    folder = "Library/Application Support" if sys.platform == "darwin" else "state"
    path = home / folder / "espat" / "term_history"
    return path.read_text() if path.exists() else ""


def conversation(screen: PtyScreen) -> list[str]:
    """What stands above the prompt, without the greeting."""
    lines = screen.text.splitlines()
    last = max(number for number, line in enumerate(lines) if line.startswith("at>"))
    return lines[1:last]


class BarePort(Running):
    """A port behind which the test is the board; `name` is its path."""

    def __init__(self) -> None:
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        self.name = os.ttyname(self._slave)

    def stop(self) -> None:
        """Pull the cable."""
        ends, self._master, self._slave = (self._master, self._slave), -1, -1
        for end in ends:
            if end >= 0:
                os.close(end)

    def say(self, data: bytes) -> None:
        """Send bytes to the host."""
        os.write(self._master, data)

    def heard(self, size: int = 1000) -> bytes:
        """What the host has sent; waits for the first byte."""
        return os.read(self._master, size)
