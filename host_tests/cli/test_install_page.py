"""docs/install.md: its commands exist, and the way without a board works as it says."""

import re
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from espat_host.build.checkout import ROOT
from espat_host.cli import main
from espat_host.client.board import Board

ESPAT = [sys.executable, "-c", "from espat_host.cli import main; main(prog_name='espat')"]
PAGES = ["README.md", "docs/install.md", "docs/troubleshooting.md"]
COMMAND = re.compile(
    r"^ {2,}(?:\$ )?(?:\.venv/bin/)?espat (.*)$|`(?:\.venv/bin/)?espat (.+?)`", re.M
)
LIMIT = 120.0

pytestmark = pytest.mark.sim_only


def commands(page: str) -> list[list[str]]:
    found = COMMAND.findall((ROOT / page).read_text())
    return [shlex.split(one or other) for one, other in found]


@pytest.mark.parametrize("page", PAGES)
def test_every_command_and_option_exists(page: str) -> None:
    told = commands(page)
    assert told
    for name, *words in told:
        assert name in main.commands, name
        known = {option for param in main.commands[name].params for option in param.opts}
        for word in words:
            if word.startswith("--") and word != "--help":
                assert word in known, f"espat {name} has no {word}"


def test_the_way_without_a_board(tmp_path: Path) -> None:
    at, repl = tmp_path / "at", tmp_path / "repl"
    sim = [*ESPAT, "sim", "--repl", str(repl), "--link", str(at)]
    with subprocess.Popen(sim, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == f"REPL: {repl}\n"
            assert process.stdout.readline() == f"serial port: {at}\n"
            deploy = ["deploy", "--port", str(repl), "--board", "ESP32_GENERIC"]
            done = subprocess.run(
                [*ESPAT, *deploy, "--at-port", str(at)],
                capture_output=True,
                text=True,
                timeout=LIMIT,
            )
            assert done.returncode == 0, done.stderr
            assert done.stdout.endswith("restarted: the AT port says ready\n")
            with Board(at) as board:
                board.synchronise()
                board.join("espressif", "1234567890")
                assert b"Bin version:espat" in board.ask("AT+GMR")
            process.send_signal(signal.SIGTERM)
            assert process.wait(LIMIT) == 0
        finally:
            process.kill()
    assert not at.is_symlink()
    assert not repl.is_symlink()
