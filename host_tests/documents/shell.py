"""Types the commands of a page. `espat` runs in this process, in which starting it costs nothing;
all else runs in a shell. What goes on until it is stopped stays until the page ends."""

import os
import re
import select
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from click.testing import CliRunner

from espat_host.cli import main
from host_tests.cli.process import ESPAT, check_told
from host_tests.documents.likeness import Mismatch, alike
from host_tests.documents.pages import Block, Command, commands

LIMIT = 120.0
# These go on; the page shows what they say first.
LASTING = re.compile(
    r"espat sim\b(?!.*(--terminal|--help))|python3 -m http\.server\b|openssl s_server\b"
)
# What needs no shell: words, a file as stdin, and the question for the exit code.
_PLAIN = re.compile(r"espat (?P<words>[^|<>;&$`~]+?)(?: < (?P<file>\S+))?(?P<asked>; echo \$\?)?")
_ESPAT = f'#!/bin/sh\nexec {shlex.join(ESPAT)} "$@"\n'


class Shell:
    """One page's terminal, in a folder of its own. `stands_for`: what a page names -> what it is
    here, such as ports and paths."""

    def __init__(
        self, folder: Path, stands_for: Mapping[str, str], settings: dict[str, str]
    ) -> None:
        self._folder = folder
        self._stands_for = dict(stands_for)
        self._settings = settings | {"HOME": str(folder), "COLUMNS": "200"}
        self._stack = ExitStack()
        bin_folder = folder / ".bin"
        bin_folder.mkdir()
        (bin_folder / "espat").write_text(_ESPAT)
        (bin_folder / "espat").chmod(0o755)
        tools = os.pathsep.join(
            (str(bin_folder), str(Path(sys.executable).parent), os.environ["PATH"])
        )
        self._settings["PATH"] = tools
        self._settings["PYTHONPATH"] = os.pathsep.join(filter(None, sys.path))

    def play(self, block: Block) -> None:
        """Type the commands of a block; Mismatch where something else comes than is shown."""
        for command in commands(block):
            came = self._came(command)
            shown = command.output.replace("^C\n", "")
            if not alike(shown, came):
                raise Mismatch(block.place, command.line, shown, came)

    def close(self) -> None:
        """Stop what still runs."""
        self._stack.close()

    def _came(self, command: Command) -> str:
        line = _replaced(command.line, self._stands_for)
        if LASTING.match(command.line):
            came = self._start(line, command.output)
        elif found := _PLAIN.fullmatch(line):
            came = self._here(found)
        else:
            came = self._in_a_shell(line)
        return _replaced(came, {here: told for told, here in self._stands_for.items()})

    def _here(self, line: "re.Match[str]") -> str:
        words = shlex.split(line["words"])
        data = (self._folder / line["file"]).read_bytes() if line["file"] else b""
        signals = {number: signal.getsignal(number) for number in (1, 2, 15)}
        try:
            with inside(self._folder):
                done = CliRunner(env=self._settings).invoke(
                    main, words, input=data, prog_name="espat"
                )
        finally:
            for number, handler in signals.items():
                signal.signal(number, handler)
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        check_told(words, done.exit_code)
        if line["asked"]:
            return f"{done.output}{done.exit_code}\n"
        return _with_code(done.output, done.exit_code)

    def _in_a_shell(self, line: str) -> str:
        done = subprocess.run(
            ["bash", "-c", line],
            cwd=self._folder,
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=LIMIT,
        )
        return _with_code(done.stdout, done.returncode)

    def _start(self, line: str, shown: str) -> str:
        process = self._stack.enter_context(
            subprocess.Popen(
                ["bash", "-c", f"exec {line}"],
                cwd=self._folder,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
            )
        )
        self._stack.callback(_stop, process)
        came = _first_words(process, shown.replace("^C\n", ""), self._stands_for)
        if "^C" in shown:
            _stop(process)
        return came

    def _environment(self) -> dict[str, str]:
        return os.environ | self._settings | {"PYTHONUNBUFFERED": "1"}


def _with_code(output: str, code: int) -> str:
    """A failure that the page does not show fails."""
    return output if code == 0 else f"{output.rstrip()}\n(exit code {code})"


def _replaced(text: str, by: Mapping[str, str]) -> str:
    for old in sorted(by, key=len, reverse=True):
        text = text.replace(old, by[old])
    return text


def _first_words(
    process: "subprocess.Popen[bytes]", shown: str, stands_for: Mapping[str, str]
) -> str:
    """What it says, until that is what is shown, or it ends, or for LIMIT."""
    assert process.stdout is not None
    told, came, limit = _replaced(shown, stands_for), b"", time.monotonic() + LIMIT
    while not alike(told, came.decode()) and time.monotonic() < limit:
        if select.select([process.stdout], [], [], 0.1)[0]:
            piece = os.read(process.stdout.fileno(), 4096)
            if not piece:
                break
            came += piece
    return came.decode()


def _stop(process: "subprocess.Popen[bytes]") -> None:
    with suppress(ProcessLookupError):
        process.send_signal(signal.SIGINT)
    try:
        process.wait(LIMIT)
    finally:
        process.kill()


@contextmanager
def inside(folder: Path) -> Iterator[None]:
    """In that folder; contextlib.chdir() is of Python 3.11."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
