"""What the start and the first commands ask of the flash, counted as on the chip, where each read
takes some 100 us."""

import time
from collections.abc import Iterator

import pytest

from espat_host.bench import size
from espat_host.client.board import Board
from espat_host.dialogues import repertoire
from espat_host.local_world.servers import Servers
from espat_host.sim import SimBoard
from espat_host.sim.flashed import FlashedBoard

pytestmark = pytest.mark.sim_only

BARE_BOOT = 432  # official ESP32_GENERIC 1.26.1 with an empty file system, in an emulated chip
LIMIT = 10.0


@pytest.fixture
def flashed(servers: Servers) -> Iterator[FlashedBoard]:
    with FlashedBoard(world=repertoire.local_world(servers)) as board:
        yield board


@pytest.fixture
def client(flashed: FlashedBoard) -> Iterator[Board]:
    with Board(flashed.port, log=flashed.log_path, timeout=LIMIT) as board:
        yield board


def reads_when(sim: SimBoard, told: bytes) -> int:
    """How many there were when the log has that."""
    limit = time.monotonic() + LIMIT
    while told not in sim.log_path.read_bytes():
        assert time.monotonic() < limit, sim.log_path.read_text()
        time.sleep(0.01)
    return sim.measures.flash_reads


def test_a_bare_boot_is_counted_as_on_the_chip() -> None:
    with FlashedBoard(files={"main.py": b"print('read')"}) as board:
        files = reads_when(board, b"read") - BARE_BOOT
    with FlashedBoard(files={}) as board:
        assert abs(board.measures.flash_reads - BARE_BOOT) < 20
    assert files > 5  # looking for main.py, and reading it


def test_a_module_of_the_image_is_looked_for_once() -> None:
    """Here it was there before; on the chip main.py brings it, from where nothing is read."""
    main = "import sys\np = sys.path[:]\nsys.path[:] = ['.frozen']\nimport asyncio\n"
    counts = []
    for line in ("import asyncio", "x = 1234567890"):
        text = f"{main}sys.path[:] = p\n{line}\nprint('read')"
        with FlashedBoard(files={"main.py": text.encode()}) as board:
            counts.append(reads_when(board, b"read"))
    assert counts[0] == counts[1]


def test_the_start(flashed: FlashedBoard) -> None:
    assert flashed.measures.flash_reads <= size.TO_READY


def test_the_first_http_command(flashed: FlashedBoard, client: Board, servers: Servers) -> None:
    client.synchronise()
    client.join("espressif", "1234567890")
    before = flashed.measures.flash_reads
    assert client.request(f'AT+HTTPCGET="{servers.https}/bytes/100"').ok
    assert flashed.measures.flash_reads - before <= size.FIRST_HTTP
