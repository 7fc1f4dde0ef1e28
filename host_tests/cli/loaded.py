"""The `espat` command, loaded once. To load it takes a fifth of a second of a processor; most tests
ask what it does then. So a process that has loaded it forks for each of their calls. What it forks
is a process as any other, with streams, an environment and a folder of its own, and it ends as
Python ends. Its start is tested by those that start it themselves (`ESPAT`)."""

import gc
import importlib
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from espat_host.build.checkout import ROOT
from espat_host.cli.espat import MODULES

CALL = b"c"


class Loaded:
    """The process that has loaded it."""

    def __init__(self) -> None:
        self._channel, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "host_tests.cli.loaded", str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                cwd=ROOT,
                pass_fds=(theirs.fileno(),),
            )

    def end(self) -> None:
        self._channel.close()
        self._process.wait()

    def run(
        self,
        words: Sequence[str],
        stdin: bytes,
        env: Mapping[str, str],
        timeout: float,
        cwd: Path | None = None,
    ) -> "subprocess.CompletedProcess[bytes]":
        """One call, to its end. Raises TimeoutExpired."""
        call, theirs = socket.socketpair()
        with call, theirs:
            socket.send_fds(self._channel, [CALL], [theirs.fileno()])
            theirs.close()
            request = {"words": list(words), "env": dict(env), "cwd": str(cwd or Path.cwd())}
            return _attend(call, json.dumps(request).encode(), stdin, timeout, words)


def _attend(
    call: socket.socket, request: bytes, stdin: bytes, timeout: float, words: Sequence[str]
) -> "subprocess.CompletedProcess[bytes]":
    (their_in, our_in), (our_out, their_out), (our_err, their_err) = (os.pipe() for _ in range(3))
    theirs = (their_in, their_out, their_err)
    socket.send_fds(call, [request + b"\n"], theirs)
    for number in theirs:
        os.close(number)
    call.settimeout(timeout)
    with call.makefile("rb") as told, ThreadPoolExecutor(3) as pool:
        pid = int(told.readline())
        pool.submit(_write, our_in, stdin)
        streams = [pool.submit(_read, number) for number in (our_out, our_err)]
        try:
            status = int(told.readline())
        except TimeoutError:
            os.kill(pid, signal.SIGKILL)
            raise subprocess.TimeoutExpired(list(words), timeout) from None
        code = os.waitstatus_to_exitcode(status)
        return subprocess.CompletedProcess(list(words), code, *(each.result() for each in streams))


def _write(number: int, data: bytes) -> None:
    """Who does not read it all has had enough."""
    with suppress(BrokenPipeError), open(number, "wb") as file:
        file.write(data)


def _read(number: int) -> bytes:
    with open(number, "rb") as file:
        return file.read()


def _called() -> bool:
    """Wait for calls: True in the process of one, False when there will be none."""
    channel = socket.socket(fileno=int(sys.argv[1]))
    while True:
        data, numbers, *_ = socket.recv_fds(channel, len(CALL), 1)
        if not data:
            return False
        if os.fork() == 0:
            _answer(socket.socket(fileno=numbers[0]))
            return True
        os.close(numbers[0])
        with suppress(ChildProcessError):
            os.waitpid(-1, os.WNOHANG)


def _answer(call: socket.socket) -> None:
    """Returns in the process of the command; the other one tells of its end."""
    request, streams, *_ = socket.recv_fds(call, 1 << 16, 3)
    while not request.endswith(b"\n"):
        request += call.recv(1 << 16)
    pid = os.fork()
    if pid == 0:
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
        os.closerange(3, max(streams) + 1)
        _become(**json.loads(request))
        return
    os.closerange(0, 3)
    for stream in streams:
        os.close(stream)
    call.sendall(b"%d\n" % pid)
    call.sendall(b"%d\n" % os.waitpid(pid, 0)[1])
    os._exit(0)


def _become(words: list[str], env: dict[str, str], cwd: str) -> None:
    sys.argv[1:] = words
    os.environ.clear()
    os.environ.update(env)
    os.chdir(cwd)


if __name__ == "__main__":
    import espat_command

    for name in sorted(set(MODULES.values())):
        importlib.import_module(f"espat_host.cli.{name}")
    gc.freeze()  # what is loaded is no work for the collectors of those who have not changed it
    if _called():
        espat_command.main()
