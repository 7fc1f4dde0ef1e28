"""The link is lost during each HTTP command, a hundred times with --soak, at random moments: before
it connects, while it connects, in the head, in the body, in the upload, after the prompt.

No command hangs; each has one result, and the reason if it failed; the reports stay out of lines
and chunks; the next request works; memory is as it was (link_loss.py).
"""

from collections.abc import Callable
from typing import Any

import pytest

from espat_host.client.board import Board
from espat_host.local_world.raw_server import RawServer
from espat_host.sim import SimBoard
from host_tests.sim_only.wifi.link_commands import BOARDS, COMMANDS, torment_all

pytestmark = [pytest.mark.sim_only, pytest.mark.timeout(900)]
FEW = 50  # losses of one command: all of them may fail, or none, by chance


@pytest.mark.soak(2, 34)  # losses of each board
def test_in_each_command(
    world: dict[str, Any],
    boot: Callable[..., SimBoard],
    connect: Callable[..., Board],
    raw_server: RawServer,
    amount: int,
) -> None:
    ends = torment_all(list(COMMANDS), raw_server, world, boot, connect, BOARDS, amount)
    tried = BOARDS * amount
    assert 0 < sum(ends.values()) < len(ends) * tried, ends
    if tried > FEW:
        assert min(ends.values()) > 0, ends
        assert max(ends[name] for name in ("HTTPCPOST", "HTTPCPUT")) < tried, ends
