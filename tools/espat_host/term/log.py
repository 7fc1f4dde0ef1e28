"""What goes over the port, in a file: a line each with its time, `>` the host, `<` the board."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from espat_host.client.dialogue import name_of
from espat_host.client.events import Event
from espat_host.client.secrets import is_secret
from espat_host.dialogues import shown
from espat_host.term.colon import Refused


class Log:
    """Nothing is written until open(). Passwords are masked, and data is only counted. A file that
    takes no more is closed, and `failed` is told why."""

    def __init__(self, failed: Callable[[str], None]) -> None:
        self._failed = failed
        self._file: Path | None = None

    @property
    def path(self) -> Path | None:
        """Where it goes."""
        return self._file

    def open(self, path: Path) -> None:
        """Write to the end of this file. Raises Refused."""
        try:
            path.open("a").close()
        except OSError as error:
            raise Refused(f"{path} cannot be written: {error.strerror}") from error
        self._file = path

    def close(self) -> None:
        """Write no more."""
        self._file = None

    def sent(self, line: bytes) -> None:
        """The host sent a line."""
        text = shown.command(line)
        self._write(">", f"{name_of(line)}=***" if is_secret(text) else text)

    def gave(self, size: int) -> None:
        """The host sent data."""
        self._write(">", f"({size} bytes)")

    def heard(self, event: Event) -> None:
        """The board said something."""
        text = shown.event(event)
        if text:
            self._write("<", text)

    def _write(self, mark: str, text: str) -> None:
        if self._file is None:
            return
        now = datetime.now().strftime("%H:%M:%S.%f")[:-3]
        try:
            with self._file.open("a", encoding="utf-8") as file:
                file.write(f"{now} {mark} {text}\n")
        except OSError as error:
            name, self._file = self._file, None
            self._failed(f"{name} is no longer written: {error.strerror}")
