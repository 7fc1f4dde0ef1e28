"""`espat deploy` onto the bare simulated board, from the first time to the one after the next."""

import hashlib
import io
import random
import subprocess
import sys
from collections.abc import Callable

import pytest
from rich.console import Console

from espat_host.boards import ports
from espat_host.boards import repl as repl_module
from espat_host.boards.data import read
from espat_host.boards.deploy import DeployError
from espat_host.boards.repl import BoardRefused, Repl, ReplError
from espat_host.boards.sent_file import CHUNK
from espat_host.build import firmware
from espat_host.build.checkout import BOARDS
from espat_host.cli import deploy as deploy_command
from espat_host.client.board import Board
from espat_host.client.port import Port
from espat_host.sim import SimBoard
from espat_host.sim.bare import BareBoard
from host_tests.client.fake_board import FakeBoard

BOARD, NAME = read(BOARDS / "sim"), "ESP32_GENERIC"
MODULE = "lib/espat/session.mpy"
ESPAT = [sys.executable, "-c", "from espat_host.cli import main; main(prog_name='espat')"]
LIMIT = 120.0

pytestmark = [
    pytest.mark.sim_only,
    pytest.mark.timeout(300),
    pytest.mark.usefixtures("patient_repl"),
]

Change = Callable[..., None]


def deploy(board: BareBoard, *, at: bool = True) -> str:
    """Deploy; returns what it printed."""
    out = io.StringIO()
    console = Console(file=out, highlight=False, soft_wrap=True)
    deploy_command.run(console, board.repl, BOARD, board.port if at else None)
    return out.getvalue()


def untold(size: int) -> None:
    """Nobody wants to know how far a file is."""


def version(board: BareBoard) -> bytes:
    with Board(board.port, log=board.log_path) as client:
        client.synchronise()
        return client.ask("AT+GMR")


@pytest.fixture
def change(monkeypatch: pytest.MonkeyPatch) -> Change:
    """Make another firmware of ours: `change(**{path: content})`. What a .mpy has behind its end
    nobody reads, but it makes it another file."""
    files = firmware.files

    def make(**changes: bytes) -> None:
        changed = files(BOARD.folder) | changes
        monkeypatch.setattr(firmware, "files", lambda board: changed)

    return make


def test_the_first_deployment_ends_with_a_modem(bare: BareBoard) -> None:
    said = deploy(bare)
    count = len(firmware.files(BOARD.folder))
    assert f"copied {count} files" in said
    assert said.endswith("restarted: the AT port says ready\n")
    assert b"AT version:" in version(bare)
    bare.reset()
    assert b"AT version:" in version(bare)


def test_the_next_one_copies_nothing(bare: BareBoard) -> None:
    deploy(bare)
    assert "copied 0 files (0 bytes), removed 0" in deploy(bare)
    assert b"AT version:" in version(bare)


def test_a_changed_module_is_copied_alone(bare: BareBoard, change: Change) -> None:
    deploy(bare)
    data = firmware.files(BOARD.folder)[MODULE] + b"\0"
    change(**{MODULE: data})
    assert f"copied 1 files ({len(data):,} bytes), removed 0" in deploy(bare)
    with Repl(bare.repl) as repl:
        assert repl.values(f"print(open('/{MODULE}', 'rb').read())") == [data]


def test_what_is_no_longer_ours_goes(bare: BareBoard, change: Change) -> None:
    change(**{"lib/espat/old/thing.mpy": firmware.files(BOARD.folder)[MODULE]})
    deploy(bare)
    with Repl(bare.repl) as repl:
        repl.run("open('/lib/espat/mac.py', 'w').close()\nopen('/lib/mine.py', 'w').close()")
        # An update that waits for the next start would replace what is deployed.
        repl.run("import os\nos.mkdir('/lib/espat-new')\nopen('/lib/espat-new/a', 'w').close()")
    change()
    # main.py went first and came last.
    assert "copied 1 files" in (said := deploy(bare))
    assert "removed 3" in said
    with Repl(bare.repl) as repl:
        folders = repl.values("import os\nfor p in ('/lib', '/lib/espat'): print(os.listdir(p))")
        starters = ["espat_rescue.mpy", "espat_start.mpy"]
        assert sorted(folders[0]) == ["espat", *starters, "mine.py"]
        assert "old" not in folders[1]
        assert "mac.py" not in folders[1]


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_a_file_arrives_as_it_is(bare: BareBoard, size: int) -> None:
    """Also one that no compression makes smaller, and over one that is longer."""
    data = random.Random(size).randbytes(size)
    digest = hashlib.sha256(data).hexdigest()
    told: list[int] = []
    with Repl(bare.repl) as repl:
        repl.run("f = open('/a', 'wb')\nf.write(bytes(20_000))\nf.close()")
        repl.write_file("/a", data, digest, told.append)
        repl.replace_file("/b", data, digest, told.append)
        for name in "ab":
            assert repl.values(f"print(open('/{name}', 'rb').read())") == [data]
        assert "b.part" not in repl.values("print(_os.listdir('/'))")[0]
    assert sum(told) == 2 * size


def test_a_file_that_is_read_back_as_another(bare: BareBoard) -> None:
    with Repl(bare.repl) as repl:
        repl.write_file("/a", b"old", hashlib.sha256(b"old").hexdigest(), untold)
        with pytest.raises(BoardRefused, match="written and read back, it is another file"):
            repl.replace_file("/a", b"new", hashlib.sha256(b"old").hexdigest(), untold)
        assert repl.values("print(open('/a', 'rb').read())") == [b"old"]


def test_a_board_that_stands_still(bare: BareBoard, monkeypatch: pytest.MonkeyPatch) -> None:
    with Repl(bare.repl) as repl:
        assert repl.values("import time\ntime.sleep(11)\nprint(1)") == [1]
        monkeypatch.setattr(repl_module, "WORK_LIMIT", 0.5)
        repl._transport.serial.timeout = 0.1
        with pytest.raises(ReplError, match=r"has not answered for 0\.5 s"):
            repl.run("time.sleep(60)")


def test_a_dry_run_touches_nothing() -> None:
    """What runs on the board goes on: not even its port is opened."""
    with FakeBoard() as board:
        arguments = ["deploy", "--dry-run", "--port", board.port, "--board", NAME]
        done = subprocess.run([*ESPAT, *arguments], capture_output=True, text=True, timeout=LIMIT)
        assert done.returncode == 0, done.stderr
        assert done.stdout.count("would copy ") == len(firmware.files(BOARDS / NAME))
        assert done.stdout.endswith("Nothing was touched, and no port opened\n")
        assert board.received == b""


def test_without_the_at_port_the_log_is_watched(
    bare: BareBoard, change: Change, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deploy_command, "START_QUIET", 6.0)
    assert "its AT port is UART1 with TX on GPIO 17" in deploy(bare, at=False)
    change(**{"board.py": b"import no_such_module\n"})
    with pytest.raises(DeployError, match=r"does not run(?s:.)*no module named 'no_such_module'"):
        deploy(bare, at=False)


def test_the_at_port_that_stays_silent_is_told(
    bare: BareBoard, change: Change, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deploy_command, "READY_LIMIT", 5.0)
    change(**{"main.py": b"print('no modem here')\n"})
    with pytest.raises(DeployError, match=r"(?s)has not said ready.*wires.*no modem here"):
        deploy(bare)


def test_a_full_flash_is_told_before_anything_changes(bare: BareBoard, change: Change) -> None:
    deploy(bare)
    with Repl(bare.repl) as repl:
        repl.run(
            "f = open('/mine', 'wb')\nblock = bytes(4096)\n"
            "for _ in range(os.statvfs('/')[3] - 8): f.write(block)\nf.close()".replace(
                "os.", "_os."
            )
        )
    large = firmware.files(BOARD.folder)[MODULE] + bytes(4096)
    change(**{f"lib/espat/more{n}.mpy": large for n in range(9)})
    with pytest.raises(DeployError, match=r"flash is too full: [0-9,]+ bytes more are needed"):
        deploy(bare)
    assert b"AT version:" in version(bare)


OLD_SYS = """
import sys
class Implementation:
    name = 'micropython'
    version = {version}
    _machine = {machine!r}
    _mpy = {mpy}
class Sys:
    implementation = Implementation
    path = sys.path
sys.modules['sys'] = Sys
"""


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        pytest.param({"mpy": 2565}, "loads .mpy version 5, and the firmware is version 6", id="5"),
        pytest.param({"mpy": 0}, "loads .mpy version none", id="no mpy"),
        pytest.param({"version": (1, 20, 0)}, "1.20.0 on a board is too old", id="version"),
        pytest.param({"machine": "A module with ESP32C3"}, "this board is an ESP32C3", id="chip"),
    ],
)
def test_a_board_that_does_not_fit_is_left_as_it_was(
    bare: BareBoard, facts: dict[str, object], sentence: str
) -> None:
    made = {"version": (1, 29, 0), "machine": "a board", "mpy": 2822} | facts
    with Repl(bare.repl) as repl:
        text = OLD_SYS.format(**made)
        repl.run(f"f = open('/boot.py', 'w')\nf.write({text!r})\nf.close()")
    with pytest.raises(DeployError) as told:
        deploy(bare)
    assert sentence in str(told.value)
    with Repl(bare.repl) as repl:
        assert repl.values("import os\nprint(os.listdir('/'))") == [["pc", "boot.py"]]


def test_a_board_that_crashes_and_restarts_for_ever(bare: BareBoard) -> None:
    with Repl(bare.repl) as repl:
        text = "import machine, time\ntime.sleep(0.4)\nmachine.reset()\n"
        repl.run(f"f = open('/main.py', 'w')\nf.write({text!r})\nf.close()")
        repl.restart()
    assert "copied" in deploy(bare)
    assert b"AT version:" in version(bare)


LEFT = {
    "raw": b"\r\x01",
    "raw paste": b"\r\x01\x05A\x01import os",
    "paste": b"\r\x05import os\r",
    "a block": b"while True:\r",
}


@pytest.mark.parametrize("left", LEFT)
def test_a_repl_that_somebody_has_left_in_the_middle(bare: BareBoard, left: str) -> None:
    with Port(bare.repl) as port:
        port.write(b"\rprint('he' 're')\r")
        port.read_until(b"here\r\n>>> ")
        port.write(LEFT[left])
    with Repl(bare.repl) as repl:
        assert repl.values("print(1 + 1)") == [2]


def test_an_older_copy_by_hand_is_not_overlooked(bare: BareBoard) -> None:
    with Repl(bare.repl) as repl:
        repl.run("_os.mkdir('/espat')")
    with pytest.raises(DeployError, match="would be loaded instead of /lib/espat"):
        deploy(bare)


def test_an_image_with_the_firmware_inside_is_not_overlooked(bare: BareBoard) -> None:
    with Repl(bare.repl) as repl:
        text = "import sys\nclass E: __file__ = '.frozen/espat/__init__.py'\n"
        repl.run(f"f = open('/boot.py', 'w')\nf.write({text!r})\n")
        repl.run("f.write(\"sys.modules['espat'] = E\")\nf.close()")
    with pytest.raises(DeployError, match="image has the firmware inside"):
        deploy(bare)


def test_an_at_port_is_not_taken_for_a_repl(sim: SimBoard, patient_ports: None) -> None:
    with pytest.raises(ReplError, match=r"answers AT firmware \(AT version:.*not a REPL"):
        deploy_command.run(Console(file=io.StringIO()), sim.port, BOARD)
    assert ports.probe(sim.port).answer == ports.AT


def test_the_command(bare: BareBoard) -> None:
    arguments = ["deploy", "--port", bare.repl, "--board", NAME, "--at-port", bare.port]
    done = subprocess.run([*ESPAT, *arguments], capture_output=True, text=True, timeout=LIMIT)
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("restarted: the AT port says ready\n")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        pytest.param(["--port", "/dev/nowhere", "--board", NAME], "no port /dev/nowhere", id="0"),
        pytest.param(["--port", "/dev/null", "--board", NAME], "is no serial port", id="no tty"),
        pytest.param(
            ["--port", "/dev/nowhere", "--board", "none"], "there is no board 'none'", id="board"
        ),
        pytest.param(["--board", NAME], "--port", id="no port"),
        pytest.param(
            ["--port", "/dev/nowhere", "--board", "sim"], "'sim' is simulated", id="no chip"
        ),
    ],
)
def test_a_wrong_option_is_a_sentence(arguments: list[str], sentence: str) -> None:
    command = [*ESPAT, "deploy", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT)
    assert done.returncode != 0
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
