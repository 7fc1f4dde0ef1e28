"""The bare simulated board is what mpremote and a person at its REPL take for a chip."""

import functools
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from espat_host.client.port import Port
from espat_host.sim.bare import BareBoard

LIMIT = 60.0
PROMPT = b"\r\n>>> "


def mpremote(board: BareBoard, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mpremote", "connect", board.repl, *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=LIMIT)


def put(board: BareBoard, name: str, text: str, folder: Path) -> None:
    (folder / name).write_text(text)
    done = mpremote(board, "cp", str(folder / name), f":{name}")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def prompt(bare: BareBoard) -> Iterator[Port]:
    """The open REPL."""
    with Port(bare.repl, log=bare.log_path) as port:
        port.write(b"\rprint('he' 're')\r")
        port.read_until(b"here" + PROMPT)
        yield port


def test_a_bare_board_has_an_empty_root(bare: BareBoard) -> None:
    done = mpremote(bare, "fs", "ls")
    # pc/ is where the interpreter finds the simulation itself.
    assert done.stdout.split() == ["ls", ":", "0", "pc/"], done.stderr


def test_files_come_back_as_they_went(bare: BareBoard, tmp_path: Path) -> None:
    data = bytes(range(256)) * 20
    (tmp_path / "out.bin").write_bytes(data)
    steps = ["mkdir", ":sub", "+", "cp", str(tmp_path / "out.bin"), ":sub/x.bin"]
    assert mpremote(bare, *steps).returncode == 0
    bare.reset()
    done = mpremote(bare, "cp", ":sub/x.bin", str(tmp_path / "in.bin"))
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "in.bin").read_bytes() == data


def test_a_package_is_installed_with_mip(bare: BareBoard, tmp_path: Path) -> None:
    (tmp_path / "greeting.py").write_text("text = 'good morning'\n")
    handler = functools.partial(SimpleHTTPRequestHandler, directory=tmp_path)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}/greeting.py"
        installed = mpremote(bare, "mip", "install", "--no-mpy", url)
        server.shutdown()
    assert installed.returncode == 0, installed.stdout + installed.stderr
    assert mpremote(bare, "exec", "import greeting; print(greeting.text)").stdout == (
        "good morning\n"
    )


def test_a_failure_is_a_traceback_of_the_board(bare: BareBoard) -> None:
    done = mpremote(bare, "exec", "def f():\n  1/0\nf()")
    assert done.returncode == 1
    assert (done.stdout + done.stderr).splitlines() == [
        "Traceback (most recent call last):",
        '  File "<stdin>", line 3, in <module>',
        '  File "<stdin>", line 2, in f',
        "ZeroDivisionError: divide by zero",
    ]


def test_long_output_arrives_whole(bare: BareBoard) -> None:
    done = mpremote(bare, "exec", "for i in range(3000): print('line', i)")
    assert done.stdout.splitlines() == [f"line {i}" for i in range(3000)]


def test_boot_and_main_run_after_a_reset(bare: BareBoard, tmp_path: Path) -> None:
    put(bare, "boot.py", "where = 'boot'\n", tmp_path)
    put(bare, "main.py", "import machine\nprint('main', where, machine.reset_cause())\n", tmp_path)
    with Port(bare.repl, log=bare.log_path) as port:
        bare.reset()
        assert b"POWERON_RESET" in port.read_until(b"main boot 1\r\n")
        port.read_until(PROMPT[2:])
        port.write(b"import machine; machine.reset()\r")
        port.read_until(b"main boot 2\r\n")
        port.read_until(PROMPT[2:])
        port.write(b"\x04")
        assert b"MPY: soft reboot\r\n" in port.read_until(b"main boot 5\r\n")


def test_a_soft_reset_of_the_raw_repl_runs_boot_only(bare: BareBoard, tmp_path: Path) -> None:
    put(bare, "boot.py", "print('boot')\n", tmp_path)
    put(bare, "main.py", "print('main')\n", tmp_path)
    with Port(bare.repl, log=bare.log_path) as port:
        port.write(b"\r\x01")
        port.read_until(b"raw REPL; CTRL-B to exit\r\n>")
        port.write(b"\x04")
        port.expect(b"OK\r\nMPY: soft reboot\r\nboot\r\nraw REPL; CTRL-B to exit\r\n>")


def test_a_main_that_fails_leaves_the_prompt(bare: BareBoard, tmp_path: Path) -> None:
    put(bare, "main.py", "import nothing_of_that_name\n", tmp_path)
    with Port(bare.repl, log=bare.log_path) as port:
        bare.reset()
        assert b'File "main.py", line 1' in port.read_until(b"ImportError: no module")
        port.read_until(PROMPT)


@pytest.mark.parametrize(
    "program",
    [
        pytest.param("import time; time.sleep(100)", id="asleep"),
        pytest.param("while True: pass", id="busy"),
        pytest.param("import asyncio; asyncio.run(asyncio.Event().wait())", id="asyncio"),
        pytest.param("import sys; sys.stdin.read(1)", id="reading"),
    ],
)
def test_control_c_interrupts(prompt: Port, program: str) -> None:
    prompt.write(f"\x05print('be' 'gin')\r{program}\r\x04".encode())
    prompt.read_until(b"begin\r\n")
    prompt.write(b"\x03")
    prompt.read_until(b"KeyboardInterrupt: \r\n>>> ")
    prompt.write(b"1 + 1\r")
    prompt.expect(b"1 + 1\r\n2\r\n>>> ")


def test_control_c_at_the_prompt_drops_the_line(prompt: Port) -> None:
    prompt.write(b"nonsense\x03")
    prompt.expect(b"nonsense\r\n>>> ")
    prompt.write(b"\x03\x03")
    prompt.expect(b"\r\n>>> \r\n>>> ")


def test_a_paste_that_is_broken_off_leaves_the_raw_repl(prompt: Port) -> None:
    prompt.write(b"\x01")
    prompt.read_until(b"raw REPL; CTRL-B to exit\r\n>")
    prompt.write(b"\x05A\x01")
    prompt.expect(b"R\x01\x80\x00\x01")
    prompt.write(b"x" * 200)
    prompt.expect(b"\x01")
    prompt.write(b"\x03")
    assert prompt.read_until(b"\x04>").endswith(b"KeyboardInterrupt: \r\n\x04>")
    prompt.write(b"print(7)\x04")
    prompt.expect(b"OK7\r\n\x04\x04>")


def test_nobody_listens_and_the_program_goes_on(bare: BareBoard) -> None:
    with Port(bare.repl) as port:
        port.write(b"import os\rfor i in range(20000): print(i)\r\ropen('done', 'w').close()\r")
        port.read_until(b"\r\n10\r\n")
    deadline = time.monotonic() + LIMIT
    while "done" not in mpremote(bare, "resume", "exec", "import os; print(os.listdir())").stdout:
        assert time.monotonic() < deadline


def test_a_world_of_many_hosts_leaves_the_chip_its_memory() -> None:
    here = {"address": "127.0.0.1", "ports": {"80": 8080, "443": 8443}}
    with BareBoard(world={"hosts": {f"host{n}.example.org": here for n in range(30)}}) as board:
        assert board.repl
