"""How the commands find their board, and the bar that a person sees."""

import os
import pty
import select
import subprocess
import termios
import time
from collections.abc import Iterator

import click
import pytest

from espat_host.cli import main, port_choice
from espat_host.cli.exit_codes import NO_BOARD, CommandFault
from espat_host.client.board import Board
from espat_host.dialogues import repertoire
from espat_host.local_world.servers import Servers
from espat_host.sim import SimBoard
from host_tests.cli.process import ESPAT, LIMIT, environment, espat
from host_tests.client.esp_at import EspAt

BAUD = 115200


@pytest.fixture
def silent() -> Iterator[str]:
    """A port at which nobody answers."""
    master, slave = os.openpty()
    yield os.ttyname(slave)
    os.close(master)
    os.close(slave)


def test_the_only_one_that_answers_is_taken(silent: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(port_choice, "PROBE_LIMIT", 5.0)
    with EspAt({}) as peer:
        candidates = [(silent, "a GPS"), (peer.port, "a board"), ("/dev/nowhere", "gone")]
        assert port_choice.choose(candidates, BAUD) == peer.port


def test_none_and_several_are_a_sentence(silent: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(port_choice, "PROBE_LIMIT", 5.0)
    with EspAt({}) as one, EspAt({}) as other:
        for candidates, words in (
            ([], ["no serial port", "--sim"]),
            ([(silent, "a GPS")], [silent, "a GPS", "--port", "115200"]),
            ([(one.port, ""), (other.port, "")], [one.port, other.port, "--port"]),
        ):
            with pytest.raises(CommandFault) as caught:
                port_choice.choose(candidates, BAUD)
            assert caught.value.exit_code == NO_BOARD
            assert all(word in str(caught.value) for word in words)


def test_a_busy_port_is_told() -> None:
    """The board may be there, with a terminal that talks to it."""
    with EspAt({}) as peer, Board(peer.port), pytest.raises(CommandFault) as caught:
        port_choice.choose([(peer.port, "a board")], BAUD)
    assert f"on {peer.port} (busy); name a port with --port" in str(caught.value)


@pytest.mark.sim_only
def test_a_bar_on_a_terminal(joined: Board, sim: SimBoard, servers: Servers) -> None:
    """On stderr, with size and rate; the body stays what it is."""
    master, slave = pty.openpty()
    url = f"{servers.http}/bytes-stream/300000?seed=1"
    command = [*ESPAT, "get", "--port", sim.port, url]
    settings = environment() | {"TERM": "xterm", "COLUMNS": "100"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=slave, env=settings) as process:
        os.close(slave)
        assert process.stdout is not None
        assert len(process.stdout.read()) == 300_000
        seen = read_terminal(master)
        assert process.wait(LIMIT) == 0
    os.close(master)
    assert "300.0/300.0" in seen
    assert "kB" in seen


def read_terminal(master: int) -> str:
    seen, limit = bytearray(), time.monotonic() + LIMIT
    while time.monotonic() < limit and select.select([master], [], [], LIMIT)[0]:
        try:
            seen += os.read(master, 4096)
        except OSError:  # Linux: the other side has closed it
            break
    return seen.decode()


@pytest.mark.sim_only
def test_wifi_commands(sim: SimBoard) -> None:
    scan = espat("wifi", "scan", "--port", sim.port)
    assert scan.returncode == 0
    assert b"espressif" in scan.stdout
    assert b"WPA2" in scan.stdout
    status = espat("wifi", "status", "--port", sim.port)
    assert (status.returncode, status.stdout) == (0, b"state: not started\n")
    joined = espat("wifi", "join", "--port", sim.port, "--json")
    assert joined.returncode == 0
    assert b'"state": "connected"' in joined.stdout
    assert espat("wifi", "join", "--port", sim.port, "--ssid", "nobody").returncode == 7
    # A wrong password is noticed also where the board is in that network already.
    assert espat("wifi", "join", "--port", sim.port).returncode == 0
    wrong = espat("wifi", "join", "--port", sim.port, ESPAT_PASSWORD="wrong-one")
    assert wrong.returncode == 7
    assert b"wrong password" in wrong.stderr
    assert espat("wifi", "join", "--port", sim.port, ESPAT_SSID="").returncode == 2


@pytest.mark.sim_only
def test_play(sim: SimBoard) -> None:
    done = espat("play", "--port", sim.port, repertoire.paths()[0])
    assert done.returncode == 0, done.stderr
    assert b"The HEAD method" in done.stdout


@pytest.mark.sim_only
def test_play_shows_no_password(sim: SimBoard) -> None:
    path = repertoire.paths()[0]
    done = espat("play", "--port", sim.port, path, ESPAT_PASSWORD="not-this-one")
    assert done.returncode == 56
    assert b"not-this-one" not in done.stdout + done.stderr


def options_of(command: click.Command) -> set[str]:
    return {option for parameter in command.params for option in parameter.opts}


def with_a_port(group: click.Group) -> Iterator[click.Command]:
    for command in group.commands.values():
        if isinstance(command, click.Group):
            yield from with_a_port(command)
        elif {"--port", "port", "names"} & options_of(command):
            yield command


def test_every_command_with_an_at_port_has_flow_control() -> None:
    """esptool, which `flash` runs, has none."""
    commands = {command.name: options_of(command) for command in with_a_port(main)}
    assert len(commands) > 10
    assert [name for name, known in commands.items() if "--rtscts" not in known] == ["flash"]


@pytest.mark.parametrize("command", ["wifi status", "get http://example.com/", "ports"])
def test_flow_control_reaches_the_port(silent: str, command: str) -> None:
    # A pty keeps what was set last, as long as somebody has it open.
    place = [silent] if command == "ports" else ["--port", silent, "--patience", "0.5"]
    espat(*command.split(), *place)
    with open(silent, "rb", buffering=0) as port:
        assert not termios.tcgetattr(port)[2] & termios.CRTSCTS
    espat(*command.split(), "--rtscts", *place)
    with open(silent, "rb", buffering=0) as port:
        assert termios.tcgetattr(port)[2] & termios.CRTSCTS
