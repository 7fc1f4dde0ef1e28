"""Start-up: a board that cannot serve ends in its REPL and says why; a person gets there, too."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from espat_host.client.board import Board
from espat_host.sim import SimBoard, SimError
from host_tests.build.updates import OK, PATIENCE, READY, wait_until, write_board

pytestmark = [pytest.mark.sim_only, pytest.mark.timeout(400)]

IN_REPL = "exit status 0"
CRASHED = "espat: the firmware has crashed"
# Slowly enough for a test to do something between the crashes, on a slow PC too.
SLOW_CRASH = "import time\ntime.sleep(2)\nraise ValueError('no such pin')"
# A reset that nobody asked for, so long after the start: what a crash of the chip looks like.
RESETS = """
import asyncio, machine
async def crash():
    await asyncio.sleep_ms(%d)
    machine.reset()
asyncio.create_task(crash())
print("one start")
"""

Boards = Callable[..., SimBoard]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Boards]:
    """Boards, not started yet, whose data have some text besides."""
    made: list[SimBoard] = []

    def make_one(text: str) -> SimBoard:
        folder = tmp_path / f"board{len(made)}"
        state = tmp_path / "state"
        made.append(SimBoard(board=write_board(folder, text), state=state))
        return made[-1]

    yield make_one
    for sim in made:
        sim.stop()


def log_of(sim: SimBoard) -> str:
    return sim.log_path.read_text()


def ends_in_repl(sim: SimBoard) -> str:
    """Wait for it; what the board has logged."""
    with pytest.raises(SimError, match=IN_REPL):
        sim.wait()
    return log_of(sim)


@contextmanager
def switched_on(sim: SimBoard) -> Iterator[None]:
    """A board that starts, and fails to, while the test does something else."""

    def start() -> None:
        with suppress(SimError):
            sim.start(timeout=2 * PATIENCE)

    thread = threading.Thread(target=start)
    thread.start()
    try:
        wait_until(lambda: hasattr(sim, "_power"), "the power")
        yield
    finally:
        thread.join()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("raise ValueError('no such pin')", "ValueError: no such pin"),
        ("TX = 77\nUART_ID = 99", "ValueError: UART(99) does not exist"),
        ("TOO_LARGE = bytearray(10000000)", "MemoryError"),
        ("def (", "SyntaxError: invalid syntax"),
        ("import nothing", "ImportError: no module named 'nothing'"),
        ("del NAME\nprint(NAME)", "NameError: name 'NAME' isn't defined"),
    ],
)
def test_a_loop_of_crashes_ends(make: Boards, text: str, words: str) -> None:
    sim = make(text)
    with pytest.raises(SimError, match=IN_REPL) as caught:
        sim.start(timeout=PATIENCE)
    log = log_of(sim)
    assert log.count(CRASHED) == 3
    # The reason is told again by the last start, for those who only see that.
    assert "failed 3 times in a row; this is the REPL" in str(caught.value)
    assert words in str(caught.value).partition("the last traceback there was")[2]


def test_what_the_chip_does_itself_counts_as_well(make: Boards) -> None:
    """No exception, no traceback: a watchdog, or a panic."""
    sim = make("print('one start')\nimport machine\nmachine.reset()")
    with pytest.raises(SimError, match="failed 3 times in a row"):
        sim.start(timeout=PATIENCE)
    log = log_of(sim)
    assert log.count("one start") == 3
    assert "crash.txt):\nnone" in log


def test_a_start_that_served_too_shortly_has_failed(make: Boards) -> None:
    sim = make(RESETS % 300)
    sim.start(timeout=PATIENCE)
    log = ends_in_repl(sim)
    assert log.count("one start") == 3


def test_a_start_that_served_long_enough_has_not(make: Boards) -> None:
    sim = make(RESETS % 1500 + "PROVEN_AFTER = 0")
    sim.start(timeout=PATIENCE)
    wait_until(lambda: log_of(sim).count("one start") >= 6, "the sixth start")


def test_a_power_cut_is_no_failure(make: Boards) -> None:
    sim = make("")
    sim.start(timeout=PATIENCE)
    for _ in range(6):
        sim.reset(timeout=PATIENCE)
    assert "espat:" not in log_of(sim), log_of(sim)


def test_a_power_cut_between_crashes_begins_anew(make: Boards) -> None:
    sim = make(SLOW_CRASH)
    with switched_on(sim):
        wait_until(lambda: CRASHED in log_of(sim), "a crash")
        with pytest.raises(SimError, match=IN_REPL):
            sim.reset(timeout=PATIENCE)
    assert log_of(sim).count(CRASHED) >= 1 + 3


@pytest.mark.parametrize("command", ["AT+RST", "AT+RESTORE", "AT+GSLP=0", "AT+GSLP=10"])
def test_a_restart_that_was_asked_for_is_no_failure(
    sim: SimBoard, connect: Callable[..., Board], command: str
) -> None:
    board = connect(sim)
    for _ in range(5):
        board.restart(command.encode())
    assert board.ask("AT") == OK
    assert "espat:" not in log_of(sim), log_of(sim)


def test_a_forced_restart_is_no_failure(sim: SimBoard, connect: Callable[..., Board]) -> None:
    board = connect(sim)
    for _ in range(5):
        board.join("espressif", "1234567890")
        board.send_line("AT+CWLAP")
        board.send_line("AT+RST")
        board.read_until(READY, timeout=PATIENCE)
        board.synchronise()
    assert "espat:" not in log_of(sim), log_of(sim)


def test_control_c_leaves_the_repl_and_nothing_else(sim: SimBoard, dut: Board) -> None:
    assert dut.ask("AT") == OK
    sim.interrupt()
    log = ends_in_repl(sim)
    growth, told = log.splitlines()  # and no traceback
    assert growth.startswith("espat sim: the Python heap has grown")
    assert told == "espat: stopped by Ctrl-C; Ctrl-D starts it again"


def test_control_c_in_a_loop_of_crashes(make: Boards) -> None:
    sim = make(SLOW_CRASH)
    with switched_on(sim):
        wait_until(lambda: CRASHED in log_of(sim), "a crash")
        sim.interrupt()
        log = ends_in_repl(sim)
    assert log.endswith("espat: stopped by Ctrl-C; Ctrl-D starts it again\n")
    assert log.count(CRASHED) < 3


def test_the_escape_pin_held_low(make: Boards, tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "low_pins").write_text("0")
    with pytest.raises(SimError, match="the REPL was asked for"):
        make("ESCAPE_PIN = 0").start(timeout=PATIENCE)
    make("ESCAPE_PIN = 9").start(timeout=PATIENCE)


def test_a_pin_that_is_low_means_nothing_without_the_field(make: Boards, tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "low_pins").write_text("0 9")
    make("").start(timeout=PATIENCE)


def test_the_traceback_is_kept_over_power_cuts(make: Boards) -> None:
    crashing = make("raise ValueError('the first')")
    with pytest.raises(SimError, match=IN_REPL):
        crashing.start(timeout=PATIENCE)
    crashing.stop()
    silent = make("print('one start')\nimport machine\nmachine.reset()")
    with pytest.raises(SimError, match=r"(?s)last traceback there was.*ValueError: the first"):
        silent.start(timeout=PATIENCE)
