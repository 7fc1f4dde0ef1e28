"""Opening a serial port for one program alone, and in one sentence why that cannot be done.

A lock (flock) keeps out all who ask for it: this package, mpremote, esptool, picocom, miniterm.
Terminals that do not ask, such as minicom, are found by the files that processes have open, where
Linux shows them."""

import errno
import os
import re
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import serial

from espat_host.client.faults import PortLost

BUSY, FORBIDDEN, MISSING, BROKEN = "busy", "no permission", "no such port", "cannot be opened"
NO_PORT = "no serial port"

_REASONS = {
    errno.ENOENT: MISSING,
    errno.EACCES: FORBIDDEN,
    errno.EPERM: FORBIDDEN,
    errno.EBUSY: BUSY,
    errno.EAGAIN: BUSY,
    errno.ENOTTY: NO_PORT,
    errno.EISDIR: NO_PORT,
}
# pyserial puts Windows' errors into its text; there a port that is open is "Access is denied".
_ON_WINDOWS = {"FileNotFoundError": MISSING, "PermissionError": BUSY}
_ADVICE = {
    MISSING: "there is no port {port}; `espat ports` lists those there are",
    FORBIDDEN: (
        "no permission for {port}; on Linux join its group and log in again: "
        "sudo usermod -aG dialout $USER (on some systems the group is uucp)"
    ),
    BUSY: "{port} is busy: {who} has it open; close that",
    NO_PORT: "{port} is no serial port; `espat ports` lists those there are",
    BROKEN: "{port} cannot be opened: {error}",
}
SOMEBODY = "another program (a terminal, an IDE)"
_PROCESSES = Path("/proc")
_MEMORY_DEVICES = 1  # Linux's admin-guide/devices.txt: /dev/null, /dev/zero ...
# The other end of a pseudo-terminal: who has that as well plays the device.
_DEVICE_ENDS = {"/dev/ptmx", "/dev/pts/ptmx"}


class CannotOpen(PortLost):
    """`reason`: BUSY and so on; the message says what to do."""

    def __init__(self, port: str, reason: str, error: object = "", who: str = SOMEBODY) -> None:
        super().__init__(_ADVICE[reason].format(port=port, error=error, who=who))
        self.reason = reason


def open_serial(
    port: str, baudrate: int, *, exclusive: bool = True, **options: Any
) -> serial.Serial:
    """The port, open; `exclusive`: only if nobody else has it. Raises CannotOpen."""
    if exclusive:
        refuse_held(port)
    try:
        return serial.Serial(port, baudrate, exclusive=exclusive or None, **options)
    except (OSError, ValueError, OverflowError) as error:
        raise CannotOpen(port, _reason(error), error) from error


def reopen(device: serial.Serial) -> None:
    """Open a port again, as it was. Raises CannotOpen."""
    device.close()
    try:
        device.open()
    except (OSError, ValueError) as error:
        raise CannotOpen(str(device.port), _reason(error), error) from error


def refuse_held(port: str) -> None:
    """Raise CannotOpen if another program has it open. This is for before one opens it: that may
    reset the board which the other talks to."""
    for who in holders(port):
        raise CannotOpen(port, BUSY, who=who)


def holders(port: str, processes: Path = _PROCESSES) -> Iterator[str]:
    """The other programs that have a port open, as far as this user may know of them."""
    target = os.path.realpath(port)
    if not _may_be_a_port(target):
        return
    pseudo = target.startswith("/dev/pts/")
    for process in processes.glob("[0-9]*"):
        if int(process.name) == os.getpid():
            continue
        files = _open_files(process)
        if target in files and not (pseudo and files & _DEVICE_ENDS):
            yield f"{_name(process)} (process {process.name})"


def _may_be_a_port(path: str) -> bool:
    """/dev/null and a file are open everywhere, and that is not why they are no ports."""
    try:
        found = os.stat(path)
    except OSError:
        return False
    return stat.S_ISCHR(found.st_mode) and os.major(found.st_rdev) != _MEMORY_DEVICES


def _open_files(process: Path) -> set[str]:
    files: set[str] = set()
    # It may end meanwhile, and the files of other users are not shown.
    with suppress(OSError):
        for entry in os.scandir(process / "fd"):
            with suppress(OSError):
                files.add(os.readlink(entry.path))
    return files


def _name(process: Path) -> str:
    try:
        return (process / "comm").read_text(errors="replace").strip()
    except OSError:
        return "a program"


def _reason(error: Exception) -> str:
    number = getattr(error, "errno", None)
    if number is None:  # pyserial has put termios' error into its text
        number = next(iter(getattr(error.__context__, "args", ())), 0)
    named = re.search("|".join(_ON_WINDOWS), str(error))
    if named:
        return _ON_WINDOWS[named[0]]
    return _REASONS.get(number, BROKEN) if isinstance(number, int) else BROKEN
