"""What a PC without Linux's and macOS's own modules can do: the library, and the commands that need
no pseudo-terminal. Windows itself is not tried; its modules are missing here as they are there."""

import subprocess
import sys
from pathlib import Path

import pytest

from espat_host import Board
from espat_host.sim import SimError
from espat_host.sim.process import micropython
from host_tests.client.esp_at import OK, EspAt

# Other packages know where they run; nothing of this project may ask for these modules.
WITHOUT = """
import builtins
MISSING = ("fcntl", "termios", "pty", "tty", "pwd", "grp", "resource", "syslog")
plain = builtins.__import__
def there(name, globals=None, *more):
    if name in MISSING and str((globals or {}).get("__name__")).startswith("espat"):
        raise ModuleNotFoundError(name)
    return plain(name, globals, *more)
builtins.__import__ = there
"""
COMMANDS = ("get", "head", "post", "put", "delete", "term", "deploy", "flash", "ports", "wifi")
LIMIT = 120.0


def run(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", WITHOUT + program, *arguments],
        capture_output=True, text=True, timeout=LIMIT,
    )  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_starts(command: str) -> None:
    done = run("from espat_host.cli import main; main()", command, "--help")
    assert done.returncode == 0, done.stderr
    assert "Usage:" in done.stdout


def test_the_library_and_the_terminal_are_loaded() -> None:
    done = run("import espat_host, espat_host.sim, espat_host.term.run; print(espat_host.Board)")
    assert done.returncode == 0, done.stderr
    assert "client.board.Board" in done.stdout


def test_what_is_deployed_is_made() -> None:
    program = (
        "from espat_host.build import firmware\n"
        "from espat_host.build.checkout import BOARDS\n"
        "print(*firmware.files(BOARDS / 'ESP32_GENERIC'))"
    )
    done = run(program)
    assert done.returncode == 0, done.stderr
    assert "main.py" in done.stdout


def test_a_request_needs_no_descriptor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """pySerial has none for a port of Windows."""
    script = {b"AT+HTTPCGET=": b"+HTTPCGET:4,abcd\r\n" + OK}
    with EspAt(script) as peer, Board.open(peer.port) as board:
        monkeypatch.delattr(type(board._serial), "fileno")
        assert board.get("http://example.com/").body == b"abcd"
        assert board.get("http://example.com/", sink=tmp_path / "page").size == 4


def test_a_simulated_board_on_windows_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(SimError, match="use WSL"):
        micropython()
