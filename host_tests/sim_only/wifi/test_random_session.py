"""Hosts that do anything at any time: bursts of lines, half lines, data, restarts, and a link that
comes and goes. Every line has one answer: a result code, or `busy p...`."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from espat_host.client.board import Board
from espat_host.local_world.raw_server import RawServer
from espat_host.sim import SimBoard
from host_tests.sim_only.wifi.link_commands import body, serve
from host_tests.sim_only.wifi.link_loss import Command, Endangered, Heard

pytestmark = [pytest.mark.sim_only, pytest.mark.timeout(900)]

BOARDS = 6
SEED = 21
RESULTS = {b"OK", b"ERROR", b"SEND OK", b"SEND FAIL"}
BUSY = b"busy p..."
FORCED = b"\r\nWill force to restart!!!\r\n"
OK = b"\r\nOK\r\n"


class Host:
    """One random host at one board."""

    def __init__(self, board: Endangered, url: str, seed: int) -> None:
        self.board, self.url = board, url
        self.dice = random.Random(seed)

    def run(self, steps: int) -> None:
        actions = [self.burst, self.burst, self.halves, self.data, self.reset]
        for _ in range(steps):
            losing = self.dice.random() < 0.4
            if losing:
                self.board.lose_soon(self.dice.uniform(0, 0.2), self.dice.uniform(0.03, 0.3))
            self.dice.choice(actions)()
            if losing:
                self.board.settle()
            answer = self.board.ask("AT")
            assert answer == Heard(results=[b"OK"]), answer
            assert self.board.ear.in_step()

    def line(self) -> str:
        url = f"{self.url}/x/{self.dice.randint(1, 6)}"
        return self.dice.choice(
            [
                "AT",
                "AT+NONE",
                "AT+SYSRAM",
                "nonsense",
                "A" * 300,
                f'AT+HTTPCGET="{url}"',
                f'AT+HTTPCGET="{url}",,64',
                f'AT+HTTPCLIENT=2,0,"{url}",,,1',
                f'AT+HTTPGETSIZE="{url}"',
                'AT+CIPDOMAIN="nowhere.example"',
            ]
        )

    def burst(self) -> None:
        """Lines one after the other, with pauses or without; empty ones do not count."""
        heard = self.board.ear.heard = Heard()
        lines = [self.line() for _ in range(self.dice.randint(1, 6))]
        for line in lines:
            self.board.board.send_line(line + self.dice.choice(["", "", "\r\n"]))
            self.board.pump_for(self.dice.choice([0, 0, 0.03]))
        self.expect_answers(heard, len(lines))

    def halves(self) -> None:
        """A line that comes in two parts, with all the time in the world between them."""
        heard = self.board.ear.heard = Heard()
        line = self.line() + "\r\n"
        at = self.dice.randrange(len(line))
        self.board.board.write(line[:at].encode())
        self.board.pump_for(self.dice.uniform(0, 0.2))
        assert not heard.results
        self.board.board.write(line[at:].encode())
        self.expect_answers(heard, 1)

    def data(self) -> None:
        """What follows a prompt is data, even if it looks like lines."""
        size = self.dice.choice([2, 100, 20_000])
        pieces = self.dice.randint(2, 5)
        text = (b"AT+RST\r\nAT\r\n" * size)[:size]
        line = f'AT+HTTPCPOST="{self.url}/x/{pieces}",{size}'
        heard = self.board.run(Command(line, data=(text[: size // 2], text[size // 2 :])))
        if heard.results == [b"SEND OK"]:
            assert bytes(heard.body) == body(pieces)
        else:
            assert heard.results[0] in (b"SEND FAIL", b"ERROR"), heard

    def reset(self) -> None:
        """In the middle of something, or of nothing."""
        self.board.board.send_line(self.line())
        self.board.pump_for(self.dice.choice([0, 0.02, 0.1]))
        last = self.board.restart()
        assert last.count(FORCED) + last.endswith(OK + b"\r\nready\r\n") == 1, last[-200:]

    def expect_answers(self, heard: Heard, count: int) -> None:
        self.board.pump(lambda: len(heard.results) >= count, f"{count} answers, {heard.results}")
        assert len(heard.results) == count, heard
        assert set(heard.results) <= RESULTS | {BUSY}, heard
        assert heard.results.count(BUSY) < count, heard


@pytest.mark.soak(8, 60)  # what each host does
def test_random_hosts(
    world: dict[str, Any],
    boot: Callable[..., SimBoard],
    connect: Callable[..., Board],
    raw_server: RawServer,
    amount: int,
) -> None:
    raw_server.script(serve)
    hosts = []
    for number in range(BOARDS):
        sim = boot()
        client = connect(sim)
        client.ask("AT+CWAUTOCONN=0")  # so that a start is quiet
        board = Endangered(sim, client, world, SEED + number)
        hosts.append(Host(board, raw_server.url, SEED + number))
    with ThreadPoolExecutor(BOARDS) as pool:
        list(pool.map(lambda host: host.run(amount), hosts))
