"""The launcher of the simulated board: power, port, state, world, and how it tells failures."""

import os
import select
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from espat_host.build.checkout import ROOT
from espat_host.client.board import Board
from espat_host.sim import SimBoard, SimError
from espat_host.sim.process import parse_heap
from host_tests.client.waiting import wait_until

pytestmark = pytest.mark.sim_only

PROGRAM = ROOT / "host_tests" / "sim_scripts" / "program.py"
LIMIT = 20.0
wait_for = partial(wait_until, limit=LIMIT)
EMPTY: dict[str, Any] = {"access_points": [], "scan_time": 0}


class Host:
    """A program that has opened the board's port."""

    def __init__(self, path: str) -> None:
        self.fd = os.open(path, os.O_RDWR | os.O_NOCTTY)
        self._unread = b""

    def line(self) -> str:
        while b"\n" not in self._unread:
            readable, _, _ = select.select([self.fd], [], [], LIMIT)
            assert readable, f"no line in {LIMIT} s, only {self._unread!r}"
            self._unread += os.read(self.fd, 4096)
        line, self._unread = self._unread.split(b"\n", 1)
        return line.decode()

    def tell(self, text: str) -> None:
        os.write(self.fd, text.encode() + b"\n")

    def ask(self, text: str) -> str:
        self.tell(text)
        return self.line()


@pytest.fixture
def boards() -> Iterator[Callable[..., tuple[SimBoard, Host]]]:
    """Makes a running board and a host on its port; all are stopped in the end."""
    running: list[SimBoard] = []
    hosts: list[Host] = []

    def start(**options: Any) -> tuple[SimBoard, Host]:
        board = SimBoard(program=options.pop("program", PROGRAM), **options)
        board.start()
        running.append(board)
        hosts.append(Host(board.port))
        assert hosts[-1].line() == "ready"
        return board, hosts[-1]

    yield start
    for host in hosts:
        os.close(host.fd)
    for board in running:
        board.stop()


def test_the_port_answers(boards):
    _, host = boards()
    assert host.ask("echo hello") == "hello"
    assert host.ask("cause") == "1"


def test_the_link_is_there_while_the_board_runs(boards, tmp_path):
    link = tmp_path / "port"
    link.symlink_to("/nowhere")
    board, _ = boards(link=link)
    assert board.port == str(link)
    assert os.readlink(link).startswith("/dev/")
    board.stop()
    assert not link.is_symlink()


def test_two_boards_do_not_fight_for_a_link(boards, tmp_path):
    link = tmp_path / "port"
    board, _ = boards(link=link)
    target = os.readlink(link)
    with pytest.raises(SimError, match=f"another board has the link {link}; choose another path"):
        boards(link=link)
    assert os.readlink(link) == target
    board.stop()
    assert list(tmp_path.iterdir()) == []
    boards(link=link)


def test_what_a_board_keeps_is_for_its_user_alone(tmp_path):
    """Also what was there before with another mode."""
    state = tmp_path / "state"
    state.mkdir()
    (state / "old").touch(0o644)
    with SimBoard(state=state) as sim, Board.open(sim.port) as client:
        client.join("espressif", "1234567890")
    files = [path for path in state.rglob("*") if path.is_file()]
    assert len(files) > 3
    assert {oct(path.stat().st_mode & 0o777) for path in files} == {"0o600"}
    with SimBoard(state=tmp_path / "new"):
        pass
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700


def test_a_file_is_not_replaced_by_the_link(boards, tmp_path):
    link = tmp_path / "port"
    link.write_text("precious")
    with pytest.raises(SimError, match="is no link"):
        boards(link=link)
    assert link.read_text() == "precious"


def test_a_reset_boots_again_on_the_same_port(boards):
    _, host = boards()
    host.tell("reset")
    assert host.line() == "ready"
    assert host.ask("cause") == "2"


def test_deep_sleep_ends_by_itself(boards):
    _, host = boards()
    start = time.monotonic()
    host.tell("sleep 50")
    assert host.line() == "ready"
    assert time.monotonic() - start >= 0.05
    assert host.ask("cause") == "4"


def test_a_power_cut_ends_an_endless_sleep(boards):
    board, host = boards()
    host.tell("sleep -1")
    board.reset()
    assert host.line() == "ready"
    assert host.ask("cause") == "1"


def test_what_was_told_before_a_cut_is_no_news_of_the_next_start(boards, monkeypatch):
    board, _ = boards()
    power, process = board._power, board._power._process
    monkeypatch.setattr(os, "write", lambda fd, order: None)  # the cut itself takes its time
    power.cut()
    monkeypatch.undo()
    power._settle(process)
    assert not power.settled.is_set()
    board.reset()
    assert power.settled.is_set()


def test_committed_values_survive_a_power_cut(boards):
    board, host = boards()
    assert host.ask("number") == "-1"
    assert host.ask("save 7") == "7"
    assert host.ask("forget 8") == "8"
    mac = host.ask("mac")
    board.reset()
    assert host.line() == "ready"
    assert host.ask("number") == "7"
    assert host.ask("mac") == mac


def test_a_state_is_kept_between_runs(boards, tmp_path):
    board, host = boards(state=tmp_path / "state")
    host.ask("save 5")
    board.stop()
    _, host = boards(state=tmp_path / "state")
    assert host.ask("number") == "5"


def test_a_state_belongs_to_one_board(boards, tmp_path):
    boards(state=tmp_path)
    with pytest.raises(SimError, match="another board runs with the state"):
        boards(state=tmp_path)


def test_a_temporary_state_is_removed(boards):
    board, _ = boards()
    folder = board.log_path.parent
    assert folder.is_dir()
    board.stop()
    assert not folder.exists()


def test_stopping_twice_is_fine(boards):
    board, _ = boards()
    board.stop()
    board.stop()


def test_waiting_ends_with_the_stop(boards):
    board, _ = boards()
    board.stop()
    board.wait()


def test_a_crash_is_reported_with_the_log(boards):
    board, host = boards()
    host.tell("crash")
    with pytest.raises(SimError) as caught:
        board.wait()
    assert "exit status 1" in str(caught.value)
    assert "about to crash" in str(caught.value)
    assert "ValueError: crashed on purpose" in str(caught.value)


def test_a_program_that_ends_is_a_crash(boards):
    board, host = boards()
    host.tell("end")
    with pytest.raises(SimError, match="exit status 0"):
        board.wait()
    with pytest.raises(SimError, match="exit status 0"):
        board.reset()


ORPHAN = """
import os, signal
from pathlib import Path
from espat_host.sim import SimBoard
SimBoard(program=Path({program!r}), state=Path({state!r})).start()
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_board_does_not_outlive_its_launcher(tmp_path):
    script = ORPHAN.format(program=str(PROGRAM), state=str(tmp_path))
    environment = os.environ | {"TMPDIR": str(tmp_path)}  # nobody is left to clean up there
    subprocess.run([sys.executable, "-c", script], env=environment, check=False, timeout=30)
    log = tmp_path / "board.log"
    wait_for(lambda: "the launcher is gone" in log.read_text(), "the end of the board")


def test_a_board_that_stays_silent_is_given_up(tmp_path):
    program = tmp_path / "silent.py"
    program.write_text("import time\nprint('still booting')\ntime.sleep(100)\n")
    board = SimBoard(program=program)
    with pytest.raises(SimError, match=r"(?s)nothing to its port for 5 s.*still booting"):
        board.start(timeout=5)  # long enough for the interpreter to come up


def test_a_program_that_cannot_start_tells_why(tmp_path):
    program = tmp_path / "broken.py"
    program.write_text("import no_such_module\n")
    with pytest.raises(SimError, match="ImportError: no module named 'no_such_module'"):
        SimBoard(program=program).start()


def test_what_is_missing_is_named():
    with pytest.raises(SimError, match=r"no board 'nonsuch'; there are: .*sim"):
        SimBoard(board="nonsuch").start()
    with pytest.raises(SimError, match="no MicroPython at /no/micropython"):
        SimBoard(micropython="/no/micropython").start()


def test_the_interpreter_comes_from_the_environment(monkeypatch):
    monkeypatch.setenv("MICROPYTHON", "/no/micropython")
    with pytest.raises(SimError, match="/no/micropython"):
        SimBoard().start()


def test_the_build_is_the_projects_commit(boards):
    _, host = boards()
    command = ["git", "-C", str(ROOT), "log", "-1", "--format=%h"]
    git = subprocess.run(command, capture_output=True, text=True, check=False)
    assert host.ask("built").split("|")[0] == (git.stdout.strip() or "unknown")


def test_the_log_is_the_console(boards, tmp_path):
    _, host = boards(log=tmp_path / "console.txt")
    host.tell("crash")
    text = tmp_path / "console.txt"
    wait_for(lambda: "crashed on purpose" in text.read_text(), "the traceback")


def test_heap_sizes():
    assert parse_heap("320k") == 320 * 1024
    assert parse_heap(400000) == 400000
    assert parse_heap("2M") == 2 * 1024 * 1024
    assert parse_heap("default") > 320 * 1024
    for wrong in ("", "k", "0", "-1", "12q", "1.5m"):
        with pytest.raises(SimError, match="no heap size"):
            parse_heap(wrong)


def test_a_small_heap_is_a_small_heap():
    with pytest.raises(SimError, match="MemoryError"):
        SimBoard(program=PROGRAM, heap="64k").start()


def test_pacing_slows_the_port(boards):
    _, host = boards(baud_pacing=True)
    taken = [seconds_for(host, 1152)]
    limit = time.monotonic() + LIMIT
    while min(taken) >= 0.2 and time.monotonic() < limit:
        taken.append(seconds_for(host, 1152))
    assert 0.1 <= min(taken) < 0.2, taken


def seconds_for(host: Host, size: int) -> float:
    """How long so many bytes take, from a moment at which nothing is under way."""
    host.ask("echo settled")
    time.sleep(0.01)  # whatever that has left to send
    start = time.monotonic()
    host.tell(f"send {size}")
    received = 0
    while received < size:
        received += len(os.read(host.fd, 4096))
    taken = time.monotonic() - start
    while received < size + 1:  # the end of the line
        received += len(os.read(host.fd, 1))
    return taken


def test_the_default_world_has_two_access_points(boards):
    _, host = boards()
    assert host.ask("names") == "espressif espressif-open"


def test_the_world_can_be_changed(boards):
    board, host = boards(world=EMPTY)
    assert host.ask("names") == ""
    board.set_world(EMPTY | {"access_points": [{"ssid": "new"}]})
    wait_for(lambda: host.ask("names") == "new", "the new access point")
    with pytest.raises(SimError, match="unknown key"):
        board.set_world({"acces_points": []})
    board.reset()
    assert host.line() == "ready"
    assert host.ask("names") == "new"


def test_a_changed_world_file_is_read_again(boards, tmp_path):
    path = tmp_path / "world.json"
    path.write_text('{"access_points": [{"ssid": "one"}], "scan_time": 0}')
    board, host = boards(world=path)
    assert host.ask("names") == "one"
    path.write_text('{"access_points": [{"ssid": "two"}], "scan_time": 0}')
    wait_for(lambda: host.ask("names") == "two", "the changed world")
    path.write_text('{"access_points": [{"ssid": ""}]}')
    told = "an SSID has 1 to 32 bytes"
    wait_for(lambda: told in board.log_path.read_text(), "the sentence in the log")
    assert host.ask("names") == "two"
    path.unlink()
    path.write_text('{"access_points": [{"ssid": "three"}], "scan_time": 0}')
    wait_for(lambda: host.ask("names") == "three", "the corrected world")


def test_a_wrong_world_file_keeps_the_board_off(tmp_path):
    path = tmp_path / "world.json"
    with pytest.raises(SimError, match=r"world\.json"):
        SimBoard(world=path).start()
    path.write_text('{"access_points": [}')
    with pytest.raises(SimError, match=r"is not JSON: .* line 1, column 20"):
        SimBoard(world=path).start()
