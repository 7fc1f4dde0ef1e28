"""`espat ports`: what answers on a port, soon and without harm."""

import errno
import json
import os
import pty
import re
import subprocess
import threading
import time
import tty
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import serial
from click.testing import CliRunner, Result

from espat_host.boards import flash, ports, repl
from espat_host.boards.chips import CHIPS
from espat_host.boards.flash import FlashError
from espat_host.boards.repl import Repl, ReplError
from espat_host.cli import main
from espat_host.client import opening
from espat_host.client.board import Board, BoardError
from espat_host.sim import SimBoard
from espat_host.sim.bare import BareBoard

LIMIT = 60.0
PAUSE = b"<pause>"  # in what a device says

pytestmark = [pytest.mark.sim_only, pytest.mark.timeout(300)]

Talk = Callable[[bytes], bytes]


@pytest.fixture
def device() -> Iterator[Callable[[Talk], str]]:
    """Make a port on which `talk` answers what comes."""
    masters: list[int] = []
    ends: list[int] = []

    def serve(master: int, talk: Talk) -> None:
        try:
            while data := os.read(master, 1000):
                now, *later = talk(data).split(PAUSE)
                os.write(master, now)
                for part in later:
                    time.sleep(0.2)
                    os.write(master, part)
        except OSError:
            return  # the other end was closed

    def make(talk: Talk) -> str:
        master, end = pty.openpty()
        tty.setraw(end)
        masters.append(master)
        ends.append(end)
        threading.Thread(target=serve, args=(master, talk), daemon=True).start()
        return os.ttyname(end)

    yield make
    for fd in ends:
        os.close(fd)


def test_at_firmware_tells_its_version(sim: SimBoard, patient_ports: None) -> None:
    found = ports.probe(sim.port)
    assert found.answer == ports.AT
    assert found.detail.startswith("AT version:")


def test_at_firmware_without_echo(device: Callable[[Talk], str], patient_ports: None) -> None:
    """As Espressif's, after ATE0."""
    answers = {b"AT\r\n": b"\r\nOK\r\n", b"AT+GMR\r\n": b"AT version:2.2.0.0(x)\r\n\r\nOK\r\n"}
    found = ports.probe(device(lambda data: answers.get(data, b"")))
    assert (found.answer, found.detail) == (ports.AT, "AT version:2.2.0.0(x)")


def test_a_prompt_before_the_greeting_is_not_its_end(
    device: Callable[[Talk], str], patient_ports: None
) -> None:
    """A REPL answers the LF behind AT's CR with a prompt of its own, maybe late."""
    greeting = b"MicroPython v1.26.0 on 2025-08-09; ESP32\r\nType ...\r\n>>> "
    answers = {b"AT\r\n": b"NameError\r\n>>> ", b"\x02": b"\r\n>>> " + PAUSE + greeting}
    found = ports.probe(device(lambda data: answers[data]))
    assert (found.answer, found.detail) == (ports.REPL, greeting.split(b"\r\n")[0].decode())


def test_a_repl_tells_its_version_and_goes_on(bare: BareBoard, patient_ports: None) -> None:
    found = ports.probe(bare.repl)
    assert found.answer == ports.REPL
    assert found.detail.startswith("MicroPython v1.")
    assert ports.probe(bare.port).answer == ports.NOTHING
    assert ports.probe(bare.repl) == found


def test_a_running_program_is_not_interrupted(bare: BareBoard) -> None:
    with serial.Serial(bare.repl, timeout=LIMIT) as port:
        port.write(b"import time\rwhile not time.sleep(0.1): pass\r\r")
        port.read_until(b"... \r\n")
    assert ports.probe(bare.repl).answer == ports.NOTHING
    with serial.Serial(bare.repl, timeout=LIMIT) as port:
        port.write(b"\x03")
        assert b"KeyboardInterrupt" in port.read_until(b">>> ")


def test_noise_is_shown(device: Callable[[Talk], str], patient_ports: None) -> None:
    found = ports.probe(device(lambda data: b"\xf0\x0f" * 5))
    assert (found.answer, found.detail) == (ports.NOISE, repr(b"\xf0\x0f" * 5))


def test_a_look_has_a_limit(device: Callable[[Talk], str]) -> None:
    started = time.monotonic()
    assert ports.probe(device(lambda data: b"")).answer == ports.NOTHING
    # The promise is a second; the rest is for a machine that is busy.
    assert time.monotonic() - started < LIMIT
    assert ports.FIRST_LIMIT <= 1


def test_many_silent_ports_are_looked_at_together(
    device: Callable[[Talk], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ports, "FIRST_LIMIT", 3.0)
    names = tuple(device(lambda data: b"") for _ in range(20))
    started = time.monotonic()
    assert [one.port for one in ports.find(names)] == list(names)
    assert time.monotonic() - started < 10 * 3.0


def test_a_chip_takes_its_time_for_the_version(device: Callable[[Talk], str]) -> None:
    """It loads from flash what tells it."""
    answers = {
        b"AT\r\n": b"\r\nOK\r\n",
        b"AT+GMR\r\n": 10 * PAUSE + b"AT version:5(x)\r\n\r\nOK\r\n",
    }
    found = ports.probe(device(lambda data: answers.get(data, b"")))
    assert (found.answer, found.detail) == (ports.AT, "AT version:5(x)")


def test_a_board_that_has_just_started_is_asked_again(
    device: Callable[[Talk], str], patient_ports: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also when it says what the ROM says, and nothing for longer than a silent port is heard."""
    monkeypatch.setattr(ports, "START_LIMIT", LIMIT)
    monkeypatch.setattr(ports, "FIRST_LIMIT", 0.5)
    said = iter(
        (
            b"ets Jul 29\r\n" + 10 * PAUSE + b"\r\nready\r\n",
            b"\r\nOK\r\n",
            b"AT version:5\r\n\r\nOK\r\n",
        )
    )
    found = ports.probe(device(lambda data: next(said)))
    assert (found.answer, found.detail) == (ports.AT, "AT version:5")


def test_a_port_in_use_is_busy(device: Callable[[Talk], str]) -> None:
    port = device(lambda data: b"")
    with serial.Serial(port, exclusive=True):
        assert ports.probe(port).answer == opening.BUSY
        assert f"{port} is busy: " in str(ports.refusal(port))


def test_a_terminal_that_locks_nothing_has_its_port(device: Callable[[Talk], str]) -> None:
    """As minicom and cat do. It is named, and the board is not touched."""
    heard: list[bytes] = []

    def hear(data: bytes) -> bytes:
        heard.append(data)
        return b""

    port = device(hear)
    with subprocess.Popen(["tail", "-f", port], stdin=subprocess.DEVNULL) as terminal:
        try:
            wait_for_file(terminal.pid, port)
            words = f"{port} is busy: tail (process {terminal.pid}) has it open; close that"
            assert ports.probe(port).answer == opening.BUSY
            with pytest.raises(BoardError, match=re.escape(words)):
                Board(port)
            with pytest.raises(ReplError, match=re.escape(words)), Repl(port):
                pass
            with pytest.raises(FlashError, match=re.escape(words)):
                flash.flash(CHIPS["ESP32"], port, Path("firmware.bin"))
        finally:
            terminal.kill()
    assert heard == []
    assert ports.refusal(port) is None


def wait_for_file(pid: int, path: str) -> None:
    limit = time.monotonic() + LIMIT
    while path not in {os.path.realpath(entry) for entry in Path(f"/proc/{pid}/fd").iterdir()}:
        assert time.monotonic() < limit
        time.sleep(0.01)


@pytest.mark.parametrize(
    ("number", "answer", "advice"),
    [
        (errno.EACCES, opening.FORBIDDEN, "usermod -aG dialout"),
        (errno.EBUSY, opening.BUSY, "another program (a terminal, an IDE) has it open"),
        (errno.ENOENT, opening.MISSING, "lists those there are"),
        (errno.EIO, opening.BROKEN, "cannot be opened"),
    ],
)
def test_a_port_that_cannot_be_opened(
    number: int, answer: str, advice: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """root may open everything, so the refusal is played."""

    def refuse(*arguments: object, **options: object) -> None:
        raise serial.SerialException(number, os.strerror(number))

    monkeypatch.setattr(serial, "Serial", refuse)
    assert ports.probe("/dev/x").answer == answer
    assert advice in str(ports.refusal("/dev/x"))


@pytest.mark.parametrize(
    ("talk", "told"),
    [
        pytest.param(lambda data: b"", r"no REPL answers on .* \(silence\)", id="silence"),
        pytest.param(lambda data: b"\xf0\x0f", r"\(it sends b'\\xf0\\x0f'\)", id="noise"),
        pytest.param(lambda data: b"\r\nERROR\r\n", "answers AT firmware", id="AT"),
        pytest.param(lambda data: b"\r\n>>> ", "does not answer as it should", id="a liar"),
    ],
)
def test_what_deploy_says_where_no_repl_is(
    device: Callable[[Talk], str],
    talk: Talk,
    told: str,
    patient_ports: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(repl, "INTERRUPT_LIMIT", 1.0)
    port = device(talk)
    with pytest.raises(ReplError, match=told), Repl(port):
        pass
    assert ports.refusal(port) is None  # it was closed


def test_what_deploy_says_where_another_program_is(device: Callable[[Talk], str]) -> None:
    port = device(lambda data: b"")
    with (
        serial.Serial(port, exclusive=True),
        pytest.raises(ReplError, match=r"is busy: .* has it open; close that"),
        Repl(port),
    ):
        pass


def espat(*arguments: str) -> Result:
    """In this process, whose limits are patient."""
    return CliRunner().invoke(main, arguments)


def test_the_command_prints_json(sim: SimBoard, patient_ports: None) -> None:
    found = json.loads(espat("ports", "--json", sim.port, "/dev/nowhere").stdout)
    assert [one["answer"] for one in found] == [ports.AT, opening.MISSING]
    assert found[0]["port"] == sim.port


def test_the_command_prints_a_table(sim: SimBoard, patient_ports: None) -> None:
    done = espat("ports", sim.port)
    assert done.exit_code == 0, done.stderr
    title, row = done.stdout.splitlines()
    assert title.split() == ["port", "answers", "version", "description"]
    assert row.startswith(sim.port)
    assert "AT version:" in row


def test_without_a_port_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports.list_ports, "comports", list)
    assert ports.find() == []
