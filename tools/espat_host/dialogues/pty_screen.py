"""A program in a terminal of its own, and what a person would see there: for tests and pictures."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pexpect
import pyte

from espat_host.sim.lifetime import Running

STEP = 0.05


class NotSeen(AssertionError):
    """What was waited for did not appear; the message shows what is there instead."""


class _Screen(pyte.Screen):
    """Answers when it is asked where the cursor is, as terminals do."""

    def __init__(self, columns: int, rows: int) -> None:
        self.answer: Callable[[str], None] = lambda text: None
        super().__init__(columns, rows)

    def write_process_input(self, data: str) -> None:
        self.answer(data)


class PtyScreen(Running):
    """A program in a pty of `columns` by `rows`; as a context manager it is ended at the end."""

    def __init__(
        self,
        command: list[str],
        *,
        env: dict[str, str],
        columns: int = 100,
        rows: int = 30,
        cwd: Path | None = None,
    ) -> None:
        self.screen = _Screen(columns, rows)
        self.screen.answer = self.keys
        self._stream = pyte.ByteStream(self.screen)
        self.process: Any = pexpect.spawn(
            command[0], command[1:], env=env, cwd=cwd, dimensions=(rows, columns), echo=False
        )
        self.seen = b""

    def stop(self) -> None:
        """End it, whatever it does."""
        try:
            self.process.close(force=True)
        except pexpect.ExceptionPexpect:  # it was killed, but the PC is busy
            self.process.wait()
            self.process.close()

    @property
    def lines(self) -> list[str]:
        """The screen from top to bottom, without blanks at the ends."""
        return [line.rstrip() for line in self.screen.display]

    @property
    def text(self) -> str:
        """The screen as one text."""
        return "\n".join(self.lines).rstrip()

    def keys(self, text: str) -> None:
        """Press keys."""
        self.process.send(text)

    def show(self, text: str) -> None:
        """Put text on the screen that the program has not written."""
        self._stream.feed(text.encode())

    def type_line(self, text: str) -> None:
        """Type a line and Enter."""
        self.keys(text + "\r")

    def until(self, text: str, timeout: float = 60.0) -> None:
        """Wait until this is on the screen. Raises NotSeen."""
        deadline = time.monotonic() + timeout
        while text not in self.text:
            if not self.read() or time.monotonic() > deadline:
                raise NotSeen(f"{text!r} is not on the screen:\n{self.text}")

    def until_gone(self, text: str, timeout: float = 60.0) -> None:
        """Wait until this is no longer on the screen. Raises NotSeen."""
        deadline = time.monotonic() + timeout
        while text in self.text:
            if not self.read() or time.monotonic() > deadline:
                raise NotSeen(f"{text!r} is still on the screen:\n{self.text}")

    def until_end(self, timeout: float = 60.0) -> int:
        """Wait until the program has ended; its exit status. Raises NotSeen."""
        deadline = time.monotonic() + timeout
        while self.read():
            if time.monotonic() > deadline:
                raise NotSeen(f"the program goes on:\n{self.text}")
        self.process.wait()
        status = self.process.exitstatus
        return int(-self.process.signalstatus if status is None else status)

    def read(self) -> bool:
        """Take what comes within a moment; whether more may come."""
        try:
            data = self.process.read_nonblocking(65536, STEP)
        except pexpect.TIMEOUT:
            return True
        except pexpect.EOF:
            return False
        self.seen += data
        self._stream.feed(data)
        return True
