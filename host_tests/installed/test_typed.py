"""A program that uses the library is type-checked as strictly as can be; the library has told
mypy what its methods take and return."""

import subprocess
import sys

import pytest

from host_tests.installed.place import LIMIT, Place

pytestmark = [pytest.mark.sim_only, pytest.mark.timeout(600), pytest.mark.soak(0, 1)]

PROGRAM = """
import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from espat_host import AccessPoint, Answer, Board, BoardError, HttpStatusError, Status
from espat_host.sim import SimBoard, SimError


def strongest(board: Board) -> AccessPoint | None:
    points = board.scan()
    return points[0] if points else None


def fetch(port: str, url: str) -> Answer:
    heard: list[str] = []
    with Board.open(port, baudrate=921600, rtscts=True, on_unsolicited=heard.append) as board:
        board.join("network", "password")
        status: Status = board.status()
        if not status.connected:
            raise BoardError("no network")
        board.post(url, "text", headers={"X-Count": 5, "X-Name": "a"})
        board.put(url, json={"a": [1, 2]}, timeout=5)
        board.post(url, Path("file"), headers=[("X-A", "b")])
        board.get(url, sink=Path("page"), byte_range=(0, None))
        chunks: Iterator[bytes] = board.stream(url)
        print(sum(len(chunk) for chunk in chunks), board.size(url), board.version().at)
        return board.get(url, sink=None)


async def in_an_event_loop(board: Board, url: str) -> str:
    answer = await asyncio.to_thread(board.get, url)
    return answer.text


def simulated(world: dict[str, object]) -> bytes:
    try:
        with SimBoard(world=world, heap="320k") as sim, Board.open(sim.port) as board:
            return board.ask("AT+GMR")
    except SimError as error:
        return str(error).encode()


@pytest.fixture
def status(board: Board) -> int:
    try:
        board.head("http://example.com/")
    except HttpStatusError as error:
        return error.status
    return 200
"""
WRONG = {
    "a name that is none": ("board.get('http://x/', time_out=5)", "time_out"),
    "an option that is none": ("Board.open('COM3', baud=9600)", "baud"),
    "a value of another kind": ("board.get('http://x/', timeout='5')", '"timeout"'),
    "a header that is none": ("board.get('http://x/', headers={'A': None})", '"None"'),
    "a status as a number": ("number: int = board.status()", "Status"),
    "an option of the simulation": ("SimBoard(heep=5)", "heep"),
}


def check(place: Place, program: str) -> subprocess.CompletedProcess[str]:
    """mypy of the tests' environment, on what is installed in the user's."""
    (place.folder / "program.py").write_text(program, encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--strict", "--python-executable", str(place.python)]
    variables = {"PATH": place.variables["PATH"], "HOME": str(place.home)}
    return subprocess.run(
        [*command, "program.py"],
        cwd=place.folder, env=variables, capture_output=True, text=True, timeout=LIMIT,
    )  # fmt: skip


def test_a_program_is_clean(tester: Place) -> None:
    done = check(tester, PROGRAM)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "no issues found in 1 source file" in done.stdout


def test_what_is_wrong_is_told(tester: Place) -> None:
    begin = "from espat_host import Board\nfrom espat_host.sim import SimBoard\n\n\n"
    begin += "def use(board: Board) -> None:\n"
    done = check(tester, begin + "".join(f"    {line}\n" for line, _ in WRONG.values()))
    assert done.returncode == 1
    faults = done.stdout.splitlines()
    for number, (_, told) in enumerate(WRONG.values(), begin.count("\n") + 1):
        about = [fault for fault in faults if fault.startswith(f"program.py:{number}: error")]
        assert any(told in fault for fault in about), (told, faults)
