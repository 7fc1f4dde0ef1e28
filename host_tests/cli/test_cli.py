"""The `espat` command as a user runs it: in a process of its own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from espat_host.client.board import Board, BoardError
from espat_host.dialogues import demo, repertoire
from espat_host.sim import SimBoard
from host_tests.cli.process import ESPAT, run
from host_tests.client.fake_board import FakeBoard

LIMIT = 60.0

pytestmark = pytest.mark.sim_only


def espat(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    done = run(arguments, stdin.encode(), os.environ)
    texts = done.stdout.decode(), done.stderr.decode()
    return subprocess.CompletedProcess(done.args, done.returncode, *texts)


@contextmanager
def running_sim(link: Path, ignored: str = "") -> Iterator[subprocess.Popen[str]]:
    """`ignored`: the signal that whoever starts it has set to be ignored."""
    command = [*ESPAT, "sim", "--link", str(link)]
    if ignored:
        command = ["sh", "-c", f'trap "" {ignored}; exec "$@"', "sh", *command]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == f"serial port: {link}\n"
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_sim_runs_until_it_is_told_to_end(tmp_path: Path, ending: signal.Signals) -> None:
    link = tmp_path / "port"
    with running_sim(link) as process:
        assert process.stdout is not None
        assert link.is_symlink()
        with Board(link) as board:
            board.synchronise()
        process.send_signal(ending)
        assert process.wait(LIMIT) == 0
        assert process.stdout.read() == ""
    assert not link.is_symlink()


def test_sim_ends_with_sigint_from_a_shell_script(tmp_path: Path) -> None:
    """A shell starts its background jobs with SIGINT ignored."""
    with running_sim(tmp_path / "port", ignored="INT") as process:
        process.send_signal(signal.SIGINT)
        assert process.wait(LIMIT) == 0


def test_sim_goes_on_when_nohup_started_it(tmp_path: Path) -> None:
    """nohup leaves SIGHUP ignored, which must stay so."""
    with running_sim(tmp_path / "port", ignored="HUP") as process:
        process.send_signal(signal.SIGHUP)
        with Board(tmp_path / "port") as board:
            board.synchronise()
        process.send_signal(signal.SIGTERM)
        assert process.wait(LIMIT) == 0


def test_terminal_answers_a_pipe_line_by_line() -> None:
    done = espat("sim", "--terminal", stdin="ATE0\n\nAT+CWMODE?\nAT+NONE\n")
    assert done.returncode == 0
    assert done.stdout.splitlines()[1:] == [
        *("ATE0", "", "OK"),
        *("+CWMODE:1", "", "OK"),
        *("", "ERROR"),
    ]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--board", "nothing"), "nothing"),
        (("--heap", "0"), "--heap"),
        (("--world", "/nowhere.json"), "/nowhere.json"),
    ],
)
def test_a_wrong_option_is_a_sentence(arguments: tuple[str, ...], sentence: str) -> None:
    done = espat("sim", *arguments)
    assert done.returncode != 0
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_demo_plays_every_dialogue() -> None:
    done = espat("demo")
    assert done.returncode == 0, done.stderr
    for transcript in repertoire.read_all():
        assert f"== {transcript.title}" in done.stdout
    last = done.stdout.splitlines()[-1]
    assert last.startswith(f"{len(repertoire.paths())} dialogues, ")


def test_without_a_terminal_the_demo_is_not_paced_for_the_eye(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    paced = []

    def board(**options: Any) -> SimBoard:
        paced.append(options["baud_pacing"])
        return SimBoard(**options)

    for pause in ("AFTER_COMMAND", "AFTER_DIALOGUE"):
        monkeypatch.setattr(demo, pause, 10_000.0)
    monkeypatch.setattr(demo, "SimBoard", board)
    demo.run()
    assert paced == [False]


def test_demo_fails_where_the_board_says_something_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "wrong.at").write_text("# Wrong\n> AT\n<\n< FINE\n")
    monkeypatch.setattr(repertoire, "TRANSCRIPTS", tmp_path)
    with pytest.raises(BoardError, match="expected the line 'FINE', got b'OK'"):
        demo.run(fast=True)


def test_no_transcripts_is_no_success(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repertoire, "TRANSCRIPTS", tmp_path)
    with pytest.raises(repertoire.TranscriptError, match="no transcripts"):
        demo.run(fast=True)


@pytest.mark.parametrize("moment", [0.0, 0.05, 0.1, 0.2, 0.4, 0.8])
def test_control_c_while_it_loads_is_one_line(moment: float) -> None:
    # The handler is what main() begins with; the test must not be faster than that.
    program = (
        "import signal, espat_command as e; signal.signal(signal.SIGINT, e._leave); "
        "print('begun', flush=True); e.main()"
    )
    pipe = subprocess.PIPE
    with FakeBoard() as silent:
        command = [sys.executable, "-c", program, "wifi", "scan", "--port", silent.port]
        process = subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True)
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        time.sleep(moment)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=LIMIT)
    assert (process.returncode, out, err) == (130, "", "espat: interrupted\n")
