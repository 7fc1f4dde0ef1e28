"""However `espat term` ends, the terminal is left as it was, and the exit status tells why."""

import os
import signal
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from espat_host.dialogues.pty_screen import PtyScreen
from espat_host.sim import SimBoard
from host_tests.cli.process import ESPAT, espat
from host_tests.term.terminal import BarePort, terminal

pytestmark = pytest.mark.sim_only

# A fault of the terminal itself, in the middle of an answer.
BROKEN = [
    sys.executable,
    "-c",
    "from espat_host.term.conversation import Conversation as C; "
    "C.feed = lambda self, data: 1 // 0; "
    "from espat_host.cli import main; main(prog_name='espat')",
]


def settings(screen: PtyScreen) -> list[object]:
    return list(termios.tcgetattr(screen.process.child_fd))


def by_key(text: str) -> Callable[[PtyScreen], None]:
    return lambda screen: screen.keys(text)


def by_signal(number: signal.Signals) -> Callable[[PtyScreen], None]:
    return lambda screen: screen.process.kill(number)


@pytest.mark.parametrize(
    ("end", "status"),
    [
        (by_key("\x04"), 0),
        (by_key(":quit\r"), 0),
        (by_signal(signal.SIGTERM), 130),
        (by_signal(signal.SIGHUP), 130),
    ],
    ids=["Ctrl-D", ":quit", "SIGTERM", "SIGHUP"],
)
def test_an_end(
    end: Callable[[PtyScreen], None], status: int, sim: SimBoard, tmp_path: Path
) -> None:
    with terminal(sim.port, home=tmp_path) as screen:
        before = settings(screen)
        screen.until("\nat>")
        assert settings(screen) != before
        end(screen)
        assert screen.until_end() == status
        assert settings(screen) == before
        assert "Traceback" not in screen.text


def test_control_c_clears_the_line(sim: SimBoard, tmp_path: Path) -> None:
    with terminal(sim.port, home=tmp_path) as screen:
        screen.until("\nat>")
        screen.keys("AT+RESTORE\x03")
        screen.type_line("AT+CWMODE?")
        screen.until("at> AT+CWMODE?\n+CWMODE:1\nOK")
        screen.keys("\x03")
        screen.until("Ctrl-D or :quit ends the terminal\nat>")
        screen.process.kill(signal.SIGINT)
        screen.until("Ctrl-D or :quit ends the terminal\nCtrl-D or :quit ends the terminal\nat>")
        screen.keys("\x04")
        assert screen.until_end() == 0


def test_control_c_ends_a_dialogue(sim: SimBoard, tmp_path: Path) -> None:
    path = tmp_path / "endless.at"
    path.write_text("# It waits for ever\n> AT\n<\n< OK\n< never\n")
    with terminal(sim.port, home=tmp_path) as screen:
        screen.until("\nat>")
        screen.type_line(f":play {path}")
        screen.until("> AT\nOK")
        screen.keys("\x03")
        screen.until("given up\nat>")
        screen.type_line("AT+CWMODE?")
        screen.until("at> AT+CWMODE?\n+CWMODE:1\nOK")


def test_control_c_ends_the_first_question(tmp_path: Path) -> None:
    with BarePort() as port, terminal(port.name, home=tmp_path) as screen:
        assert port.heard() == b"AT+CMD?\r\n"
        screen.keys("\x03")
        screen.until("given up\nat>")
        port.say(b"\r\nready\r\n")
        screen.until("ready\nat>")


@pytest.mark.parametrize("wait", ["prompt", "play"])
def test_a_port_that_vanishes(wait: str, tmp_path: Path) -> None:
    path = tmp_path / "a.at"
    path.write_text("> AT\n<\n< OK\n")
    link = tmp_path / "by-id"  # the number of a pty that has gone is soon another test's
    with BarePort() as port:
        link.symlink_to(port.name)
        with terminal(str(link), "--quiet", home=tmp_path) as screen:
            before = settings(screen)
            screen.until("\nat>")
            if wait == "play":
                screen.type_line(f":play {path}")
                port.heard(1)
            link.unlink()
            port.stop()
            screen.until("; waiting until it is back, Ctrl-D ends")
            screen.type_line("AT")
            screen.until("the port has gone: nothing is sent\nat>")
            screen.keys("\x04")
            assert screen.until_end() == 56
            assert settings(screen) == before
            (sentence,) = [line for line in screen.lines if line.startswith("espat:")]
            assert sentence == "espat: the port has gone, and was not back at the end"
            assert "Traceback" not in screen.text


def test_a_port_that_comes_back(tmp_path: Path) -> None:
    """As a chip's own USB does at every restart; the link is what udev makes."""
    link = tmp_path / "by-id"
    with BarePort() as first, BarePort() as second:
        link.symlink_to(first.name)
        with terminal(str(link), "--quiet", home=tmp_path) as screen:
            screen.until("\nat>")
            screen.type_line("AT+HALF")  # its answer never comes
            first.heard()
            link.unlink()
            first.stop()
            screen.until("waiting until it is back")
            link.symlink_to(second.name)
            screen.until("the port is back\nat>")
            screen.type_line("AT")
            assert second.heard() == b"AT\r\n"
            second.say(b"AT\r\n\r\nOK\r\n")
            screen.until("at> AT\nOK\nat>")
            screen.keys("\x04")
            assert screen.until_end() == 0


def test_a_fault_of_the_terminal(sim: SimBoard, tmp_path: Path) -> None:
    with terminal(sim.port, home=tmp_path, program=BROKEN) as screen:
        before = settings(screen)
        screen.until("\nat>")
        screen.type_line("AT")
        assert screen.until_end() == 1
        assert settings(screen) == before
        assert "ZeroDivisionError" in screen.text


def test_a_silent_port(tmp_path: Path) -> None:
    with BarePort() as port, terminal(port.name, home=tmp_path) as screen:
        screen.until(
            "nothing answers yet; is the baud rate right? A board that was left in an upload"
        )
        port.say(b"\r\nready\r\n")
        screen.until("ready\nat>")
        screen.keys("\x04")
        assert screen.until_end() == 0


def test_nothing_is_sent_that_was_not_typed(tmp_path: Path) -> None:
    with BarePort() as port, terminal(port.name, "--quiet", home=tmp_path) as screen:
        screen.until("\nat>")
        screen.type_line("AT")
        assert port.heard() == b"AT\r\n"


def test_a_file_that_nobody_takes_can_be_given_up(tmp_path: Path) -> None:
    """The port takes no more bytes: neither Control-C nor the end waits for that."""
    data = tmp_path / "data"
    data.write_bytes(bytes(1_000_000))
    with BarePort() as port, terminal(port.name, "--quiet", home=tmp_path) as screen:
        screen.until("\nat>")
        screen.type_line('AT+HTTPCPOST="u",1000000')
        assert port.heard().startswith(b"AT+HTTPCPOST")
        port.say(b"\r\nOK\r\n\r\n>")
        screen.until("1000000 bytes>")
        screen.type_line(f":send {data}")
        port.heard(1)
        started = time.monotonic()
        screen.process.kill(signal.SIGTERM)
        assert screen.until_end() == 130
        assert time.monotonic() - started < 20


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("/dev/none",), "there is no port /dev/none; `espat ports` lists"),
        (("--sim", "/dev/none"), "--sim and PORT"),
    ],
)
def test_no_board(arguments: tuple[str, ...], words: str) -> None:
    done = espat("term", *arguments)
    assert done.returncode == 2
    assert words in done.stderr.decode()
    assert b"Traceback" not in done.stderr


def test_a_pipe_is_answered_line_by_line(sim: SimBoard) -> None:
    done = espat("term", sim.port, stdin=b"ATE0\nAT+CWMODE?\n\nAT+NONE\n")
    assert done.returncode == 0, done.stderr
    assert done.stdout == b"ATE0\r\n\r\nOK\r\n+CWMODE:1\r\n\r\nOK\r\n\r\nERROR\r\n"


def test_the_terminal_of_the_simulated_board(tmp_path: Path) -> None:
    command = [*ESPAT, "sim", "--terminal"]
    env = os.environ | {"XDG_STATE_HOME": str(tmp_path), "TERM": "xterm"}
    with PtyScreen(command, env=env) as screen:
        screen.until("\nat>")
        screen.type_line("AT+CWMODE?")
        screen.until("+CWMODE:1\nOK")
        screen.keys("\x04")
        assert screen.until_end() == 0
