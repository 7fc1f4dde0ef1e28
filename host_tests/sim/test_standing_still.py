"""A board that stands still, as on a PC which has no time for it."""

import time

import pytest

from espat_host.client.board import Board, BoardError
from espat_host.sim import SimBoard

pytestmark = pytest.mark.sim_only


def test_what_is_asked_meanwhile_is_answered_later(sim: SimBoard) -> None:
    with Board(sim.port, log=sim.log_path) as board:
        board.synchronise()
        sim.stand_still(True)
        with pytest.raises(BoardError):
            board.ask("AT", timeout=0.3)
        sim.stand_still(False)
        board.expect(b"\r\nOK\r\n")
        assert board.ask("AT+CWMODE?").endswith(b"OK\r\n")


def test_it_can_be_switched_off(sim: SimBoard) -> None:
    sim.stand_still(True)
    began = time.monotonic()
    sim.stop()
    assert time.monotonic() - began < 5
