"""Where a body goes."""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from espat_host.client.faults import BodyTooLarge

Sink = Callable[[bytes], object]
Target = Sink | BinaryIO | str | Path | None
PREVIEW = 64 * 1024


class Memory:
    """Keeps a body, up to a limit in bytes."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._data = bytearray()

    def write(self, data: bytes) -> None:
        """Raises BodyTooLarge."""
        if len(self._data) + len(data) > self._limit:
            raise BodyTooLarge(
                f"the body has more than {self._limit} bytes; give a sink for it, or a max_size"
            )
        self._data += data

    def value(self) -> bytes:
        return bytes(self._data)


class Preview:
    """Passes a body on, counts it, and keeps its begin, which may be a server's error page."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self.size = 0
        self.begin = bytearray()

    def write(self, data: bytes) -> None:
        self.size += len(data)
        if room := PREVIEW - len(self.begin):
            self.begin += data[:room]
        self._sink(data)


@contextmanager
def opened(target: Target, max_size: int) -> Iterator[tuple[Sink, Callable[[], bytes]]]:
    """(a function that takes the body, a function that returns what is in memory of it).

    A file that is named by its path is written beside it and takes its name when all is there."""
    if target is None:
        memory = Memory(max_size)
        yield memory.write, memory.value
    elif isinstance(target, (str, Path)):
        path = Path(target).resolve()
        # A device or a pipe is written as it is: a file must not take its place.
        device = path.exists() and not path.is_file()
        with path.open("wb") if device else replacing(path) as file:
            yield file.write, bytes
    elif callable(target):
        yield target, bytes
    else:
        yield target.write, bytes


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A new file that becomes `path` at the end, and is removed if there is an exception."""
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    complete = False
    try:
        with open(descriptor, "wb") as file:
            yield file
        complete = True
    finally:
        if complete:
            os.chmod(name, _mode_of(path))
            os.replace(name, path)
        else:
            with suppress(FileNotFoundError):
                os.unlink(name)


def _mode_of(path: Path) -> int:
    """mkstemp() makes files for their owner only; a new one has what open() would give it."""
    try:
        return path.stat().st_mode & 0o777
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask
