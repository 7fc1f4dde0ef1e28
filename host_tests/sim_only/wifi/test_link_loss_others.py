"""The link is lost during the commands that use it beside HTTP's, and while it is being made."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from espat_host.client.board import Board
from espat_host.local_world.raw_server import RawServer
from espat_host.sim import SimBoard
from host_tests.sim_only.wifi.link_commands import HELLO, serve
from host_tests.sim_only.wifi.link_loss import NO_WIFI, UP, Command, Endangered, check, torment

pytestmark = [pytest.mark.sim_only, pytest.mark.timeout(900)]

SEED = 12
LATEST = 0.15
NAME, UNKNOWN = "slow.example", "nowhere.example"
LOOKUP = 0.1  # seconds
FAILED = 0x010A0000
NOT_SUPPORTED = 0x010A7013  # no right to open a raw socket on this PC
NOT_FOUND = 0x010A7001

COMMANDS = {
    "CIPDOMAIN": Command(f'AT+CIPDOMAIN="{NAME}"'),
    "CIPDOMAIN in vain": Command(f'AT+CIPDOMAIN="{UNKNOWN}"', codes=(NO_WIFI, NOT_FOUND)),
    "PING": Command(f'AT+PING="{NAME}"', codes=(NO_WIFI, FAILED, NOT_SUPPORTED)),
    "CIPSNTPCFG": Command(f'AT+CIPSNTPCFG=1,0,"{NAME}"'),
}
Boot = Callable[..., SimBoard]
Connect = Callable[..., Board]


@pytest.fixture
def slow_world(world: dict[str, Any]) -> dict[str, Any]:
    world["hosts"][NAME] = {"address": "127.0.0.1", "delay": LOOKUP}
    return world


@pytest.mark.soak(6, 34)
def test_in_lookups_and_echoes(
    slow_world: dict[str, Any], boot: Boot, connect: Connect, raw_server: RawServer, amount: int
) -> None:
    raw_server.script(serve)
    hello = Command(f'AT+HTTPCGET="{raw_server.url}{HELLO}"', body=b"hello")

    def suffer(task: tuple[Endangered, Command]) -> int:
        board, command = task
        return torment(board, lambda: command, hello, amount, LATEST)

    boards = [Endangered(sim, connect(sim), slow_world, SEED) for sim in (boot() for _ in COMMANDS)]
    tasks = zip(boards, COMMANDS.values(), strict=True)
    with ThreadPoolExecutor(len(boards)) as pool:
        list(pool.map(suffer, tasks))


@pytest.mark.soak(8, 34)
def test_while_it_joins(world: dict[str, Any], boot: Boot, connect: Connect, amount: int) -> None:
    """Access points go and come while AT+CWJAP runs: one result, and it is the truth."""
    sim = boot()
    board = Endangered(sim, connect(sim), world, SEED)
    dice = random.Random(SEED)
    join = Command('AT+CWJAP="espressif","1234567890",,,1,,,3', codes=(FAILED,))
    results = set()
    for _ in range(amount):
        board.lose_soon(dice.uniform(0, 0.1), dice.uniform(0, 0.3))
        heard = board.run(join)
        assert check(board, join, heard) is (heard.lines == []), heard
        results.update(heard.results)
        board.settle()
        again = board.run(join)
        assert check(board, join, again), again
        assert board.ear.link == UP
    assert results == {b"OK", b"ERROR"}
