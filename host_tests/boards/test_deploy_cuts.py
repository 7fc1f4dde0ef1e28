"""A deployment that is cut off at any point: the board runs no half of the firmware, and the next
deployment makes it whole."""

import io
import random
import time
from collections.abc import Callable
from contextlib import contextmanager
from typing import Any

import pytest
import serial
from rich.console import Console

from espat_host.boards import ports
from espat_host.boards.data import read
from espat_host.boards.repl import Repl, ReplError
from espat_host.build import firmware
from espat_host.build.checkout import BOARDS
from espat_host.cli import deploy as deploy_command
from espat_host.client.board import Board
from espat_host.sim.bare import BareBoard

BOARD = read(BOARDS / "sim")
# What a whole deployment sends, roughly; a cut that would come later cuts nothing.
WHOLE = 100_000
LIMIT = 60.0
LONG = pytest.mark.soak(0, 1)
SEEDS = [0, 1, *(pytest.param(seed, marks=LONG) for seed in range(2, 5))]

pytestmark = [pytest.mark.sim_only, pytest.mark.usefixtures("patient_repl")]


def deploy(board: BareBoard, *, at: bool = False) -> None:
    console = Console(file=io.StringIO())
    deploy_command.run(console, board.repl, BOARD, board.port if at else None)


class Cut:
    """Lets so many bytes through, then does what it is for, once."""

    def __init__(self, after: int, act: Callable[[Any], None]) -> None:
        self._left, self._act = after, act
        self.done = False
        self._write = serial.Serial.write

    def install(self, patch: pytest.MonkeyPatch) -> None:
        def write(port: Any, data: bytes) -> Any:
            return self.write(port, data)

        patch.setattr(serial.Serial, "write", write)

    def write(self, port: Any, data: bytes) -> Any:
        if self.done or self._left >= len(data):
            self._left -= len(data)
            return self._write(port, data)
        self._write(port, data[: self._left])
        self.done = True
        self._act(port)
        return len(data)


def unplug(port: Any) -> None:
    port.close()


@contextmanager
def cut(after: int, act: Callable[[Any], None]) -> Any:
    with pytest.MonkeyPatch.context() as patch:
        made = Cut(after, act)
        made.install(patch)
        yield made


def is_whole_or_waits(board: BareBoard) -> str:
    """What a board is after a cut and a fresh start: a modem, or at its prompt."""
    board.reset(LIMIT)
    deadline = time.monotonic() + LIMIT
    while True:
        found = ports.probe(board.port), ports.probe(board.repl)
        answers = [one.answer for one in found]
        if answers in ([ports.AT, ports.NOTHING], [ports.NOTHING, ports.REPL]):
            return answers[0]
        # A board that starts, or a busy PC, takes longer than a look.
        assert answers == [ports.NOTHING, ports.NOTHING], found
        assert time.monotonic() < deadline, found


def assert_whole(board: BareBoard) -> None:
    with Repl(board.repl) as repl:
        listing = repl.values("import os\nprint(os.listdir('/lib/espat'))")[0]
        assert not [name for name in listing if name.endswith(".part")]
    board.reset(LIMIT)
    with Board(board.port, log=board.log_path) as client:
        client.synchronise()
        assert b"AT version" in client.ask("AT+GMR")


@pytest.mark.parametrize("seed", SEEDS)
def test_a_cable_pulled_from_a_bare_board(bare: BareBoard, seed: int) -> None:
    after = random.Random(seed).randrange(100, WHOLE)
    with cut(after, unplug) as made, pytest.raises(ReplError):
        deploy(bare)
    assert made.done
    assert is_whole_or_waits(bare) == ports.NOTHING
    deploy(bare, at=True)
    assert_whole(bare)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_cable_pulled_from_a_running_board(
    bare: BareBoard, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Most files change, some go. At the start and at the end there is a whole firmware."""
    files = firmware.files(BOARD.folder)
    old = {path: data + b"\0" * path.startswith("lib/") for path, data in files.items()}
    extra = {f"lib/espat/old/{name}.mpy": old["lib/espat/run.mpy"] for name in "abc"}
    with monkeypatch.context() as patch:
        patch.setattr(firmware, "files", lambda board: old | extra)
        deploy(bare, at=True)
    after = random.Random(100 + seed).randrange(2000, WHOLE)
    with cut(after, unplug) as made, pytest.raises(ReplError):
        deploy(bare)
    assert made.done
    is_whole_or_waits(bare)
    deploy(bare, at=True)
    assert_whole(bare)


@pytest.mark.parametrize("after", [20_000, 80_000])
def test_a_power_cut(bare: BareBoard, after: int) -> None:
    def cut_power(port: Any) -> None:
        bare.reset(LIMIT)

    with cut(after, cut_power) as made, pytest.raises(ReplError):
        deploy(bare)
    assert made.done
    assert is_whole_or_waits(bare) == ports.NOTHING
    deploy(bare, at=True)
    assert_whole(bare)


def test_one_file_is_replaced_without_a_gap(
    bare: BareBoard, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only one file differs: the old one works until the new one is there."""
    deploy(bare, at=True)
    files = firmware.files(BOARD.folder)
    path = max(files, key=lambda name: len(files[name]))
    changed = files | {path: files[path] + bytes(10_000)}
    monkeypatch.setattr(firmware, "files", lambda board: changed)
    with cut(8000, unplug) as made, pytest.raises(ReplError):
        deploy(bare)
    assert made.done
    assert is_whole_or_waits(bare) == ports.AT
    deploy(bare, at=True)
    assert_whole(bare)


@pytest.mark.parametrize("after", [2, 300, 1500])
def test_control_c_starts_the_board_again(bare: BareBoard, after: int) -> None:
    deploy(bare, at=True)

    def press(port: Any) -> None:
        raise KeyboardInterrupt

    with Board(bare.port, log=bare.log_path) as client:
        with cut(after, press), pytest.raises(KeyboardInterrupt):
            deploy(bare)
        client.read_until(b"ready\r\n")
