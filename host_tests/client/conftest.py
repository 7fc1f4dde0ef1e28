"""What the tests of the library share."""

import pytest

from espat_host import Board


@pytest.fixture
def board(joined: Board) -> Board:
    """A board in its network, as the library leaves it after start()."""
    joined.start()
    return joined
