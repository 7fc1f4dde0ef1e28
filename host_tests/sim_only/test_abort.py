"""AT+HTTPABORT at random moments of each HTTP command, a thousand with --soak: before it connects,
in the handshake, in the head, in the body, in the upload.

Each command has one result code; the abort has none of its own unless the command was over; no
chunk is split; the next request works; memory is as it was.
"""

import random
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from espat_host.client.board import Board
from espat_host.local_world.raw_server import RawServer
from espat_host.sim import SimBoard
from host_tests.sim_only.wifi.link_commands import (
    COMMANDS,
    HELLO,
    LOOKUP,
    NAME,
    SEED,
    address,
    body,
    serve,
    victim,
)
from host_tests.sim_only.wifi.link_loss import Command, Endangered, Heard, check

pytestmark = [pytest.mark.sim_only, pytest.mark.timeout(3600)]


def any_method(url: str, dice: random.Random) -> Command:
    url, pieces = address(url, dice, 2, 5)
    line = f'AT+HTTPREQ="PATCH","{url}",100'
    return Command(line, body=body(pieces), data=(b"x" * 100,))


ABORTED = 0x010A7010
EVERY = {**COMMANDS, "HTTPREQ": any_method}
SOON = 0.1  # seconds
STEADY = 2048
BETWEEN = 4  # so many commands are aborted between two requests that are not
LATEST = 0.25  # seconds from the command, or its last data, to the abort
QUESTION = "AT+SYSRAM?"

World = dict[str, Any]


class Canceller:
    """One board, and how long its commands took to end."""

    def __init__(self, board: Endangered) -> None:
        self.board = board
        self.times: list[float] = []
        self.memory: list[int] = []

    def cancel(self, command: Command) -> None:
        """Run it, and abort it when all its data are out."""
        board, pieces = self.board, deque(command.data)
        heard = board.start(command)
        if pieces:
            board.pump(lambda: heard.prompts > 0 or command.over(heard), "the prompt")
            while pieces:
                board.board.write(pieces.popleft())
                board.pump_for(0)
        wait = board.dice.uniform(0, LATEST)
        end = time.monotonic() + wait
        board.pump(lambda: command.over(heard) or time.monotonic() >= end, "the moment")
        late = command.over(heard)
        begin = time.monotonic()
        board.board.send_line("AT+HTTPABORT")
        board.pump(lambda: command.over(heard), f"the result of {command.line!r}")
        self.times.append(time.monotonic() - begin)
        self.judge(command, heard, late)

    def judge(self, command: Command, heard: Heard, late: bool) -> None:
        """The command's result, perhaps the abort's, and that of the next question."""
        self.board.board.send_line(QUESTION)

        def told() -> list[bytes]:
            return [line for line in heard.lines if line.startswith(b"+SYSRAM")]

        self.board.pump(lambda: bool(told()), f"the answer to {QUESTION!r}")
        before = len(heard.results)  # its OK comes in the same write, or just behind
        self.board.pump_for(0.01)
        assert len(heard.results) - before <= 1, (command.line, heard)
        heard.lines.remove(told()[0])
        results = heard.results
        assert len(results) in (2, 3), (command.line, results)
        succeeded = results[0] == command.good
        if not succeeded:
            assert heard.codes == [ABORTED], (command.line, heard)
        if late or len(results) == 3:
            assert results[1:] == [b"OK", b"OK"], (command.line, results)
            assert succeeded, (command.line, heard)
        del results[1:]
        check(self.board, with_abort(command), heard)


def with_abort(command: Command) -> Command:
    return Command(command.line, command.good, command.body, command.data, (ABORTED,))


def cancel_all(
    names: Sequence[str],
    server: RawServer,
    world: World,
    boot: Callable[..., SimBoard],
    connect: Callable[..., Board],
    amount: int,
) -> None:
    world["hosts"][NAME] = {"address": "127.0.0.1", "delay": LOOKUP}
    server.script(serve)

    def suffer(task: tuple[str, Canceller]) -> Canceller:
        name, one = task
        hello = Command(f'AT+HTTPCGET="{server.url}{HELLO}"', body=b"hello")
        for number in range(amount):
            one.cancel(EVERY[name](server.url, one.board.dice))
            if number % BETWEEN == 0:
                assert check(one.board, hello, one.board.run(hello)), name
                one.memory.append(one.board.free_memory())
        return one

    boards = [victim(boot(), connect, world, SEED + n) for n in range(len(names))]
    tasks = [(name, Canceller(board)) for name, board in zip(names, boards, strict=True)]
    with ThreadPoolExecutor(len(tasks)) as pool:
        done = list(pool.map(suffer, tasks))
    for name, one in zip(names, done, strict=True):
        steady = one.memory[1:]
        assert max(steady) - min(steady) <= STEADY, (name, one.memory)
    times = sorted(span for one in done for span in one.times)
    assert times[len(times) // 10] < SOON, times  # on a busy PC too, some of them are not delayed


@pytest.mark.soak(6, 80, hours=1000)  # of each command
def test_in_each_command(
    world: World,
    boot: Callable[..., SimBoard],
    connect: Callable[..., Board],
    raw_server: RawServer,
    amount: int,
) -> None:
    cancel_all(list(EVERY), raw_server, world, boot, connect, amount)


@pytest.mark.soak(8, 40, hours=1000)
def test_in_commands_over_tls(
    world: World,
    boot: Callable[..., SimBoard],
    connect: Callable[..., Board],
    tls_raw_server: RawServer,
    amount: int,
) -> None:
    names = ("GET", "HTTPCPOST", "HTTPGET_TO_FS")
    cancel_all(names, tls_raw_server, world, boot, connect, amount)
