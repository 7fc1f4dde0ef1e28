"""Control-C on a terminal: one clean line, exit code 130, whatever the command is doing."""

import os
import shlex
import time
from pathlib import Path

import pytest

from espat_host.dialogues.pty_screen import PtyScreen
from espat_host.sim import SimBoard
from host_tests.cli.process import ESPAT, environment
from host_tests.client.fake_board import FakeBoard

pytestmark = [pytest.mark.sim_only, pytest.mark.timeout(300)]

READING = (["0", "0x0"], ["63", "0x0"])  # read() on x86-64, and on arm64
# The call, and what is on the screen when the key is pressed; nothing: it
# reads stdin. {silent} answers nothing.
CALLS = {
    "get --port {silent} http://example.com/": "waiting for /dev",
    "wifi scan --port {silent}": "waiting for /dev",
    "play --port {silent} {transcript}": "waiting for /dev",
    "deploy --port {silent} --board ESP32_GENERIC": "looking for MicroPython's prompt",
    "flash --port {silent} --board ESP32_GENERIC --erase": "Connecting",
    "size": "weighing the firmware",
    "demo": "AT+HTTPCLIENT",
    "post -d @- http://example.com/": "",
    "traceback": "",
}


@pytest.mark.parametrize("call", CALLS)
def test_one_line_and_130(tmp_path: Path, call: str) -> None:
    transcript = tmp_path / "x.at"
    transcript.write_text("> AT\n")
    settings = environment() | {"TERM": "xterm", "PATH": os.environ["PATH"]}
    with FakeBoard() as silent:
        called = call.format(silent=silent.port, transcript=transcript)
        command = [*ESPAT, *shlex.split(called)]
        with PtyScreen(command, env=settings, cwd=tmp_path, columns=120) as screen:
            if words := CALLS[call]:
                screen.until(words, 60)
            else:
                until_it_reads_stdin(screen.process.pid)
            screen.keys("\x03")
            assert screen.until_end(60) == 130
            assert "Traceback" not in screen.text
            last = [line for line in screen.lines if line][-1]
            assert last in ("espat: interrupted", "espat: given up on request")
            assert not screen.screen.cursor.hidden
    assert list(tmp_path.iterdir()) == [transcript]


def until_it_reads_stdin(pid: int) -> None:
    """The system call that it is in, and its first argument: read(0, ...)."""
    limit = time.monotonic() + 30
    while Path(f"/proc/{pid}/syscall").read_text().split()[:2] not in READING:
        assert time.monotonic() < limit
        time.sleep(0.01)


def test_a_simulated_board_ends_well(tmp_path: Path, sim: SimBoard) -> None:
    """Control-C is its normal end."""
    settings = environment() | {"TERM": "xterm", "PATH": os.environ["PATH"]}
    with PtyScreen([*ESPAT, "sim", "--link", "port"], env=settings, cwd=tmp_path) as screen:
        screen.until("serial port: port")
        screen.keys("\x03")
        assert screen.until_end(60) == 0
    assert list(tmp_path.iterdir()) == []
