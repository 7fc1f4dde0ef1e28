"""What was typed, for the arrow keys and for the next time."""

import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from platformdirs import user_state_path
from prompt_toolkit.history import History

from espat_host.client.secrets import is_secret

KEPT = 1000


def default_path() -> Path:
    """Where the history is, for this user."""
    return user_state_path("espat") / "term_history"


class CommandHistory(History):
    """A line each, the oldest first. A line that may hold a password is remembered until the end
    and not written; what `wanted` refuses is not even remembered. A file that cannot be written
    is no reason to do without a terminal."""

    def __init__(self, path: Path, wanted: Callable[[], bool]) -> None:
        super().__init__()
        self._path = path
        self._wanted = wanted

    def append_string(self, string: str) -> None:
        if self._wanted():
            super().append_string(string)

    def load_history_strings(self) -> Iterable[str]:
        """The newest first."""
        try:
            lines = self._path.read_text("utf-8", "replace").splitlines()
        except OSError:
            return []
        if len(lines) > 2 * KEPT:
            with suppress(OSError):
                self._path.write_text("\n".join(lines[-KEPT:]) + "\n", "utf-8")
        return lines[: -KEPT - 1 : -1]

    def store_string(self, string: str) -> None:
        lines = [line for line in string.splitlines() if line.strip() and not is_secret(line)]
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            with os.fdopen(handle, "a", encoding="utf-8", errors="replace") as file:
                file.writelines(line + "\n" for line in lines)
