"""What the tests of the client's commands share: the `espat` command in a process of its own."""

import atexit
import functools
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from espat_host.cli.espat import MODULES
from espat_host.cli.exit_codes import BY_COMMAND
from host_tests.sim.forks import Forks

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
    done = run(words, stdin, environment() | network)
    check_told(words, done.returncode)
    return done


@functools.cache
def _loaded() -> Forks:
    """One for all the tests of this process."""
    commands = sorted({f"espat_host.cli.{name}" for name in MODULES.values()})
    found = Forks("espat_command", *commands)
    atexit.register(found.end)
    return found


def run(
    words: Sequence[str], stdin: bytes, env: Mapping[str, str], cwd: Path | None = None
) -> "subprocess.CompletedProcess[bytes]":
    """One call of the command, to its end. Raises TimeoutExpired."""
    (their_in, our_in), (our_out, their_out), (our_err, their_err) = (os.pipe() for _ in range(3))
    files = {0: their_in, 1: their_out, 2: their_err}
    process = _loaded().start(words, env, cwd or Path.cwd(), files)
    for number in files.values():
        os.close(number)
    with ThreadPoolExecutor(3) as pool:
        pool.submit(_write, our_in, stdin)
        streams = [pool.submit(_read, number) for number in (our_out, our_err)]
        try:
            code = process.wait(LIMIT)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
        return subprocess.CompletedProcess(list(words), code, *(each.result() for each in streams))


def _write(number: int, data: bytes) -> None:
    """Who does not read it all has had enough."""
    with suppress(BrokenPipeError), open(number, "wb") as file:
        file.write(data)


def _read(number: int) -> bytes:
    with open(number, "rb") as file:
        return file.read()


def check_told(words: list[str], code: int) -> None:
    """What a command ends with, its help and its page tell."""
    path = next((path for path in (" ".join(words[:n]) for n in (2, 1)) if path in BY_COMMAND), "")
    assert not path or code in BY_COMMAND[path], f"`espat {path}` does not tell exit code {code}"


def start(*arguments: str | Path) -> "subprocess.Popen[bytes]":
    """Start the command, as a context manager; its output is to be read."""
    command = [*ESPAT, *map(str, arguments)]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdout=pipe, stderr=pipe, env=environment())
