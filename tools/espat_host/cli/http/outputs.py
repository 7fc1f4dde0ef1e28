"""Where a command puts a body: stdout, a file that appears when it is complete, or nowhere.

`complete()` or `give_up()` ends an output. A file that is not complete yet is called `FILE.part`;
it stays when a transfer breaks, so that --continue can go on with it."""

import os
import shutil
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from espat_host.cli.exit_codes import WRITE, CommandFault

IN_MEMORY = 1 << 20
LOOK = 2000  # bytes, as curl's tool_cb_wrt.c
BINARY = (
    "the body is binary, and that may upset a terminal: use -o FILE to keep it, or -o - to see it"
)


class Nowhere:
    """The body is only counted."""

    def write(self, data: bytes) -> None:
        """Take a piece of the body. Raises CommandFault."""

    def complete(self) -> None:
        """All is there. Raises CommandFault."""

    def give_up(self, keep: bool) -> None:
        """It is not all there; `keep`: what came is a part of it, and no error page."""


class Stdout(Nowhere):
    """Byte by byte as it comes, or, `held`, in one go when it is complete. `anything`: also what a
    terminal does not take well; curl refuses that, too, where a 0 is among the first bytes."""

    def __init__(self, *, held: bool = False, anything: bool = True) -> None:
        self._file = tempfile.SpooledTemporaryFile(IN_MEMORY) if held else None  # noqa: SIM115
        self._looked = anything or not sys.stdout.isatty()

    def write(self, data: bytes) -> None:
        if not self._looked and b"\0" in data[:LOOK]:
            raise CommandFault(WRITE, BINARY)
        self._looked = True
        if self._file is not None:
            with _writing(f"a file in {tempfile.gettempdir()} (TMPDIR names another folder)"):
                self._file.write(data)
        else:
            with _writing("standard output"):
                sys.stdout.buffer.write(data)
                sys.stdout.buffer.flush()

    def complete(self) -> None:
        if self._file is not None:
            with self._file as file, _writing("standard output"):
                file.seek(0)
                shutil.copyfileobj(file, sys.stdout.buffer)
                sys.stdout.buffer.flush()

    def give_up(self, keep: bool) -> None:
        if self._file is not None:
            self._file.close()


class Device(Nowhere):
    """What exists and is no regular file, such as /dev/null or a pipe: written as it is."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with _writing(str(path)):
            self._file = path.open("wb", buffering=0)

    def write(self, data: bytes) -> None:
        with _writing(str(self._path)):
            self._file.write(data)

    def complete(self) -> None:
        self._file.close()

    def give_up(self, keep: bool) -> None:
        self._file.close()


def to_path(path: Path) -> Nowhere:
    """The output for a path that a user has named. Raises CommandFault."""
    return Device(path) if is_device(path) else Part(path)


def is_device(path: Path) -> bool:
    """Whether there is something at this path that is no file."""
    with _writing(str(path)):
        return path.exists() and not path.is_file()


def kept_of(path: Path) -> str:
    """What a person can do with a part of a file that did not come whole; empty without one."""
    part = part_of(path.resolve())
    try:
        size = part.stat().st_size
    except OSError:
        return ""
    return f"{part} has {size:,} bytes; -C goes on from there"


def part_of(path: Path) -> Path:
    """What a file is called until it is complete."""
    return path.with_name(path.name + ".part")


class Part(Nowhere):
    """A file. With `resume` what is there of it already stays: `size` bytes."""

    def __init__(self, path: Path, *, resume: bool = False) -> None:
        self.path = path = path.resolve()  # through a link, as when it is opened
        self.part = part_of(path)
        with _writing(str(path)):
            if path.exists() and not path.is_file():
                raise CommandFault(WRITE, f"{path} is no regular file")
            self._renamed = resume and path.exists() and not self.part.exists()
            if self._renamed:
                path.rename(self.part)
            self._file = self.part.open("ab" if resume else "wb")
            if path.exists():
                self.part.chmod(path.stat().st_mode & 0o777)  # a file keeps its mode
            self.size = self._file.tell()
        self._start = self.size

    def last(self, count: int) -> bytes:
        """The end of what was there."""
        with self.part.open("rb") as file:
            file.seek(self._start - count)
            return file.read(count)

    def write(self, data: bytes) -> None:
        with _writing(str(self.part)):
            self._file.write(data)
            self.size += len(data)

    def complete(self) -> None:
        with _writing(str(self.path)):
            self._file.close()
            os.replace(self.part, self.path)

    def give_up(self, keep: bool) -> None:
        with suppress(OSError):
            if not keep:
                self._file.truncate(self._start)
            self._file.close()
            size = self.part.stat().st_size
            if not size:
                self.part.unlink()
            elif self._renamed and size == self._start:
                self.part.rename(self.path)


class _writing:
    """What goes wrong is the output's fault."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, OSError):
            sentence = f"{self._name} cannot be written: {error.strerror or error}"
            raise CommandFault(WRITE, sentence) from error
