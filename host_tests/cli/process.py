"""What the tests of the client's commands share: the `espat` command in a process of its own."""

import atexit
import functools
import os
import subprocess
import sys
from pathlib import Path

from espat_host.cli.exit_codes import BY_COMMAND
from host_tests.cli.loaded import Loaded

ESPAT = [sys.executable, "-m", "espat_command"]
LIMIT = 120.0
NETWORK = {"ESPAT_SSID": "espressif", "ESPAT_PASSWORD": "1234567890"}


def environment() -> dict[str, str]:
    """As a user has it who has named the network of the simulated world."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("ESPAT_")}
    return clean | NETWORK


def espat(
    *arguments: str | Path, stdin: bytes = b"", **network: str
) -> subprocess.CompletedProcess[bytes]:
    """Run the command to its end. `network` replaces variables of the environment."""
    words = [str(argument) for argument in arguments]
    done = loaded().run(words, stdin, environment() | network, LIMIT)
    check_told(words, done.returncode)
    return done


@functools.cache
def loaded() -> Loaded:
    """One for all the tests of this process."""
    found = Loaded()
    atexit.register(found.end)
    return found


def check_told(words: list[str], code: int) -> None:
    """What a command ends with, its help and its page tell."""
    path = next((path for path in (" ".join(words[:n]) for n in (2, 1)) if path in BY_COMMAND), "")
    assert not path or code in BY_COMMAND[path], f"`espat {path}` does not tell exit code {code}"


def start(*arguments: str | Path) -> "subprocess.Popen[bytes]":
    """Start the command, as a context manager; its output is to be read."""
    command = [*ESPAT, *map(str, arguments)]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdout=pipe, stderr=pipe, env=environment())
