"""What the tests of commands share."""

import pytest

from espat_host.client.board import Board


@pytest.fixture
def port(asked_joined: Board) -> str:
    """A board that is in its network; nobody else talks to it meanwhile."""
    return str(asked_joined.device.port)
