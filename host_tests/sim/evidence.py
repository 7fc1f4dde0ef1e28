"""What a failed test shows of its boards: the last bytes on their ports, and what they logged."""

from collections.abc import Iterator

import pytest

from espat_host.client.board import Board
from espat_host.sim import SimBoard

SIMS: pytest.StashKey[list[SimBoard]] = pytest.StashKey()
LOG_TAIL = 4000


def sections(item: pytest.Item) -> Iterator[tuple[str, str]]:
    """(title, text) of each."""
    for board in _clients(item):
        yield "last bytes from the board", repr(board.last_bytes)
    for sim in item.stash.get(SIMS, []):
        yield f"board log ({sim.log_path})", _tail(sim)


def _clients(item: pytest.Item) -> list[Board]:
    arguments = getattr(item, "funcargs", {}).values()
    return list({id(value): value for value in arguments if isinstance(value, Board)}.values())


def _tail(sim: SimBoard) -> str:
    try:
        return sim.log_path.read_text(errors="replace")[-LOG_TAIL:]
    except OSError as error:
        return f"(not readable: {error})"
