"""Processes that are forked instead of started. To load Python and what it runs takes more of a
processor than most tests do; so a process that has loaded it all forks for each call. What it forks
is a process as any other, with streams, an environment and a folder of its own, and it ends as
Python ends. Starts themselves are tested by those that start in the usual way."""

import fcntl
import gc
import importlib
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

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
    while True:
        data, files, *_ = socket.recv_fds(channel, len(_CALL), 1)
        if not data:
            return False
        if os.fork() == 0:
            channel.detach()  # its number is somebody else's soon
            _answer(socket.socket(fileno=files[0]))
            return True
        os.close(files[0])
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass


def _answer(call: socket.socket) -> None:
    """Returns in the process that is asked for; this one tells of its end."""
    line, files, *_ = socket.recv_fds(call, 1 << 16, 16)
    while not line.endswith(b"\n"):
        line += call.recv(1 << 16)
    pid = os.fork()
    if pid == 0:
        call.detach()
        _become(files, **json.loads(line))
        return
    call.sendall(b"%d\n" % pid)
    os.closerange(0, call.fileno())
    os.closerange(call.fileno() + 1, _MOST)
    with suppress(BrokenPipeError):  # nobody wants to know
        call.sendall(b"%d\n" % os.waitpid(pid, 0)[1])
    os._exit(0)


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
