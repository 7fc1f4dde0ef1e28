"""What the tests of commands share."""

import pytest

from espat_host.client.board import Board
from espat_host.sim import SimBoard


@pytest.fixture
def port(joined: Board, sim: SimBoard) -> str:
    """A board that is in its network; nobody else talks to it meanwhile."""
    return sim.port
