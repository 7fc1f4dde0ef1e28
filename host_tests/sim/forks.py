"""Processes that are forked instead of started. To load Python and what it runs takes more of a
processor than most tests do; so a process that has loaded it all forks for each call. What it forks
is a process as any other, with streams, an environment and a folder of its own, and it ends as
Python ends. Starts themselves are tested by those that start in the usual way."""

import fcntl
import gc
import importlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).parents[2]
_CALL = b"c"
_MOST = 100  # files that are open here


class Forked:
    """A process, with what subprocess.Popen has for it."""

    def __init__(self, call: socket.socket, words: Sequence[str]) -> None:
        self._call, self._words = call, words
        self._told = b""
        self.pid = self._next_number()
        self.returncode: int | None = None

    def poll(self) -> int | None:
        with suppress(subprocess.TimeoutExpired):
            return self.wait(0.0)
        return None

    def wait(self, timeout: float | None = None) -> int:
        """Its exit status, or the negative number of the signal. Raises TimeoutExpired."""
        if self.returncode is None:
            self._call.settimeout(timeout)
            try:
                status = self._next_number()
            except (BlockingIOError, TimeoutError):
                raise subprocess.TimeoutExpired(list(self._words), timeout or 0.0) from None
            self.returncode = os.waitstatus_to_exitcode(status)
            self._call.close()
        return self.returncode

    def _next_number(self) -> int:
        while b"\n" not in self._told:
            told = self._call.recv(64)
            if not told:
                raise RuntimeError("the process that forks has ended")
            self._told += told
        line, _, self._told = self._told.partition(b"\n")
        return int(line)

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            with suppress(ProcessLookupError):  # it has just ended
                os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class Forks:
    """The process that has loaded `modules`, and runs the function `main` of the first one."""

    def __init__(self, *modules: str) -> None:
        self._channel, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "host_tests.sim.forks", str(theirs.fileno()), *modules],
                stdin=subprocess.DEVNULL,
                cwd=_ROOT,
                pass_fds=(theirs.fileno(),),
            )

    def end(self) -> None:
        self._channel.close()
        self._process.wait()

    def start(
        self,
        words: Sequence[str],
        env: Mapping[str, str],
        cwd: Path,
        files: Mapping[int, int],
        umask: int = -1,
    ) -> Forked:
        """One call with these arguments. `files`: numbers there -> open files here; it has no
        others."""
        call, theirs = socket.socketpair()
        with theirs:
            socket.send_fds(self._channel, [_CALL], [theirs.fileno()])
        numbers = list(files)
        request = {"words": list(words), "env": dict(env), "cwd": str(cwd), "umask": umask}
        line = json.dumps(request | {"numbers": numbers}).encode() + b"\n"
        sent = socket.send_fds(call, [line], list(files.values()))
        call.sendall(line[sent:])
        return Forked(call, words)


def _called(channel: socket.socket) -> bool:
    """Wait for calls: True in the process of one, False when there will be none."""
    running: dict[int, socket.socket] = {}  # the call of each process
    ended, wake = socket.socketpair()
    for end in (ended, wake):
        end.setblocking(False)
    signal.signal(signal.SIGCHLD, lambda *_: None)  # without one nothing is written to `wake`
    signal.set_wakeup_fd(wake.fileno(), warn_on_full_buffer=False)
    while True:
        ready, _, _ = select.select([channel, ended], [], [])
        if ended in ready:
            ended.recv(4096)
            _tell_ends(running)
        if channel not in ready:
            continue
        data, files, *_ = socket.recv_fds(channel, len(_CALL), 1)
        if not data:
            for pid in running:
                os.kill(pid, signal.SIGCONT)  # who stands still would not see that nobody is there
            return False
        call = socket.socket(fileno=files[0])
        files, request = _request(call)
        pid = os.fork()
        if pid == 0:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for known in (channel, ended, wake, call, *running.values()):
                known.detach()  # its number is somebody else's soon
            _become(files, **request)
            return True
        for file in files:
            os.close(file)
        running[pid] = call
        _tell(call, pid)


def _request(call: socket.socket) -> tuple[list[int], dict[str, Any]]:
    line, files, *_ = socket.recv_fds(call, 1 << 16, 16)
    while not line.endswith(b"\n"):
        line += call.recv(1 << 16)
    return files, json.loads(line)


def _tell_ends(running: dict[int, socket.socket]) -> None:
    for pid in list(running):
        found, status = os.waitpid(pid, os.WNOHANG)
        if found:
            with running.pop(pid) as call:
                _tell(call, status)


def _tell(call: socket.socket, number: int) -> None:
    with suppress(BrokenPipeError):  # nobody wants to know
        call.sendall(b"%d\n" % number)


def _become(
    files: list[int],
    numbers: list[int],
    words: list[str],
    env: dict[str, str],
    cwd: str,
    umask: int,
) -> None:
    # First out of the way: a file may come by a number that another one is to have.
    above = max(_MOST, *numbers) + 1
    moved = [fcntl.fcntl(file, fcntl.F_DUPFD, above) for file in files]
    os.closerange(0, above)
    for number, file in zip(numbers, moved, strict=True):
        os.dup2(file, number)
        os.close(file)
    sys.argv[1:] = words
    os.environ.clear()
    os.environ.update(env)
    os.chdir(cwd)
    if umask >= 0:
        os.umask(umask)


if __name__ == "__main__":
    found = [importlib.import_module(name) for name in sys.argv[2:]]
    gc.freeze()  # what is loaded is no work for the collectors of those who have not changed it
    if _called(socket.socket(fileno=int(sys.argv[1]))):
        sys.exit(found[0].main())
