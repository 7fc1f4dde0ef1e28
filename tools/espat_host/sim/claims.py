"""What belongs to one simulated board alone: its state, and the link to its port."""

from __future__ import annotations

import os
from pathlib import Path

from espat_host.sim.process import PRIVATE, SimError


def keep_private(state: Path) -> None:
    """What is there already; what the board adds is private by itself (Process)."""
    for path in state.rglob("*"):
        if path.is_file() and not path.is_symlink():
            path.chmod(PRIVATE)


def claim(state: Path) -> int:
    """One board for one state: two would write over each other's settings."""
    try:
        return locked(state / "lock")
    except BlockingIOError as error:
        raise SimError(f"another board runs with the state {state}; choose another") from error


def locked(path: Path) -> int:
    """The file, open and locked until it is closed. Raises BlockingIOError if somebody has it."""
    import fcntl

    while True:
        fd = os.open(path, os.O_RDWR | os.O_CREAT, PRIVATE)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Who had it may just have removed it.
            if path.exists() and path.stat().st_ino == os.fstat(fd).st_ino:
                return fd
        except OSError:
            os.close(fd)
            raise
        os.close(fd)


class Link:
    """The symlink to the port, there only while the board is ready. The path belongs to one board
    at a time: who has it has locked a file beside it. Raises SimError."""

    def __init__(self, path: Path) -> None:
        if path.exists() and not path.is_symlink():
            raise SimError(f"{path} exists and is no link; choose another path for the port")
        self._path, self._target = path, ""
        self._claim = path.with_name(f".{path.name}.lock")
        try:
            self._lock = locked(self._claim)
        except BlockingIOError as error:
            raise SimError(f"another board has the link {path}; choose another path") from error
        except OSError as error:
            raise SimError(f"the link {path} cannot be made: {error.strerror}") from error

    def put(self, target: str) -> None:
        self._target = target
        unfinished = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        try:
            unfinished.symlink_to(target)
            unfinished.replace(self._path)
        except OSError as error:
            raise SimError(f"the link {self._path} cannot be made: {error.strerror}") from error

    def remove(self) -> None:
        if self._path.is_symlink() and os.readlink(self._path) == self._target:
            self._path.unlink()
        self._claim.unlink(missing_ok=True)
        os.close(self._lock)
