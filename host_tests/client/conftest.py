"""What the tests of the library share."""

import pytest

from espat_host import Board


@pytest.fixture
def board(asked_joined: Board) -> Board:
    """A board in its network, as the library leaves it after start()."""
    asked_joined.start()
    return asked_joined


@pytest.fixture
def own_board(joined: Board) -> Board:
    """The same for a test that does not leave it as it was."""
    joined.start()
    return joined
