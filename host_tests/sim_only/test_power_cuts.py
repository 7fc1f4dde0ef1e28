"""Changes of settings, five hundred with --soak, each with the power cut at a random moment: the
board boots, the setting is the old one or the new one, and no other has changed."""

import random
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from espat_host.client.board import Board
from espat_host.sim import SimBoard
from host_tests.sim_only.saved_settings import OK, files, mac, static

pytestmark = pytest.mark.sim_only

BOARDS = 4
LATEST = 0.006  # seconds after the command, to begin with; it takes about half of that
SEED = 8
NOBODY = {"access_points": [], "scan_time": 0.01}

# The key, two commands that give it two values, and the question for the value. No network: it is
# saved when it has been joined (device/power_cut.py).
CHANGES: dict[str, tuple[tuple[str, ...], str]] = {
    "cwmode": (("AT+CWMODE=1", "AT+CWMODE=3"), "AT+CWMODE?"),
    "cwreconncfg": (("AT+CWRECONNCFG=5,6", "AT+CWRECONNCFG=7,8"), "AT+CWRECONNCFG?"),
    "cwautoconn": (("AT+CWAUTOCONN=0", "AT+CWAUTOCONN=1"), "AT+CWAUTOCONN?"),
    "cipsta": ((static(77), static(78), "AT+CWDHCP=1,1", "AT+CWDHCP=0,1"), "AT+CWDHCP?"),
    "cipstamac": ((mac(1), mac(2)), "AT+CIPSTAMAC?"),
    "cipdns": (('AT+CIPDNS=1,"9.9.9.9"', 'AT+CIPDNS=1,"1.1.1.1"', "AT+CIPDNS=0"), "AT+CIPDNS?"),
    "cwstaproto": (("AT+CWSTAPROTO=3", "AT+CWSTAPROTO=1"), "AT+CWSTAPROTO?"),
    "sysmsg": (("AT+SYSMSG=1", "AT+SYSMSG=2"), "AT+SYSMSG?"),
    "uart": (("AT+UART_DEF=921600,8,1,0,0", "AT+UART=115200,8,1,0,1"), "AT+UART_DEF?"),
}


class Cutter:
    """One board whose power is cut; `seen` counts what was found afterwards."""

    def __init__(self, sim: SimBoard, board: Board, state: Path, seed: int) -> None:
        self.sim, self.board, self.state = sim, board, state
        self.dice = random.Random(seed)
        self.seen: Counter[str] = Counter()
        self.latest = LATEST

    def prepare(self) -> None:
        """One value for every key."""
        for commands, _ in CHANGES.values():
            self.change(commands[0])

    def change(self, command: str) -> None:
        """Undisturbed."""
        assert self.board.request(command).ok, command
        # What arrives while the UART changes over is lost, as on the chip.
        self.board.synchronise()

    def stored(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in files(self.state).iterdir()}

    def run(self, cuts: int) -> Counter[str]:
        for _ in range(cuts):
            self.one()
        return self.seen

    def one(self) -> None:
        key = self.dice.choice(list(CHANGES))
        commands, question = CHANGES[key]
        command = self.dice.choice(commands)
        before, told = self.stored(), self.board.ask(question)
        self.board.send_line(command)
        time.sleep(self.dice.uniform(0, self.latest))
        self.sim.reset()
        self.board.discard()
        self.board.synchronise()
        after, now_told = self.stored(), self.board.ask(question)
        assert after.keys() == before.keys(), command
        changed = {name for name in after if after[name] != before[name]}
        assert changed <= {key}, command
        assert now_told == told or changed, command
        self.seen["new" if changed else "old"] += 1
        # However busy this PC is, about half of the cuts come too late.
        self.latest = min(max(self.latest * (0.9 if changed else 1.1), LATEST / 4), 20 * LATEST)
        # Whatever is there, the change is still possible, and then the new value is there.
        self.change(command)
        if changed:
            assert self.stored()[key] == after[key], f"{command}: neither old nor new"


@pytest.mark.timeout(400)
@pytest.mark.soak(10, 125)  # cuts of each board
def test_many_cuts(
    boot: Callable[..., SimBoard], connect: Callable[..., Board], tmp_path: Path, amount: int
) -> None:
    cutters = []
    for number in range(BOARDS):
        state = tmp_path / str(number)
        sim = boot(state=state, world=NOBODY)
        cutters.append(Cutter(sim, connect(sim), state, SEED + number))
        cutters[-1].prepare()
    with ThreadPoolExecutor(BOARDS) as pool:
        counts = pool.map(lambda cutter: cutter.run(amount), cutters)
        seen = sum(counts, Counter[str]())
    assert seen.total() == BOARDS * amount
    assert min(seen["old"], seen["new"]) > BOARDS * amount / 10, seen
    for cutter in cutters:
        assert cutter.board.ask("AT") == OK
