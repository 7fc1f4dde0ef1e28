"""The pytest plugin: the fixture `board`, and the options that say which board that is.

    def test_the_clock(board):
        board.set_time(1_800_000_000)
        assert board.time() >= 1_800_000_000

Every pytest of an environment loads it, so it imports little, and its options have names that
nobody else has.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from espat_host.client.board import Board

# Name, what it is without one, help.
OPTIONS = (
    ("port", None, "serial port of a real board; without it a simulated one boots"),
    ("ssid", os.environ.get("ESPAT_SSID"), "the network it joins (default: ESPAT_SSID)"),
    (
        "password",
        os.environ.get("ESPAT_PASSWORD"),
        "and its password (default: ESPAT_PASSWORD, which no list of processes shows)",
    ),
)


def add_options(parser: pytest.Parser, begin: str) -> None:
    """The options, with names that begin so; they are read as espat_port and so on."""
    group = parser.getgroup("espat", "the board under test")
    for name, default, text in OPTIONS:
        group.addoption(f"--{begin}{name}", dest=f"espat_{name}", default=default, help=text)


def pytest_addoption(parser: pytest.Parser) -> None:
    add_options(parser, "espat-")


@pytest.fixture
def board(request: pytest.FixtureRequest) -> Iterator[Board]:
    """The board that --espat-port names, in the network that --espat-ssid names, if it does; or a
    simulated one that has just booted, in the network of its simulated world."""
    from espat_host.client.board import Board

    option = request.config.getoption
    port, ssid, password = (option(f"espat_{name}") for name, _, _ in OPTIONS)
    with ExitStack() as stack:
        if port is None:
            from espat_host.sim import SimBoard
            from espat_host.sim.world import NETWORK

            port, (ssid, password) = stack.enter_context(SimBoard()).port, NETWORK
        opened = stack.enter_context(Board.open(port))
        if ssid:
            opened.join(ssid, password or "")
        yield opened
