"""The interpreters of simulated boards, forked from a process that has loaded one: a fifth of what
the start of a board takes is Python's own start."""

import atexit
import functools
import os
import subprocess
from pathlib import Path
from typing import Any, cast

from espat_host.sim.process import MODULE, micropython
from host_tests.sim.forks import Forks


def start(command: list[str], **options: Any) -> "subprocess.Popen[bytes]":
    """What subprocess.Popen does with these options (sim/process.py)."""
    usual = micropython()
    if command[: len(usual)] != usual or len(usual) == 1:  # the one of $MICROPYTHON
        return subprocess.Popen(command, **options)
    with open(os.devnull, "rb") as nothing:
        stdin = nothing.fileno() if options["stdin"] == subprocess.DEVNULL else options["stdin"]
        output = options["stdout"]
        files = {0: stdin, 1: output, 2: output} | {fd: fd for fd in options["pass_fds"]}
        words, where = command[len(usual) :], Path(options["cwd"])
        forked = _loaded().start(words, options["env"], where, files, options["umask"])
    return cast("subprocess.Popen[bytes]", forked)


@functools.cache
def _loaded() -> Forks:
    """One for all the tests of this process."""
    found = Forks(MODULE)
    atexit.register(found.end)
    return found
