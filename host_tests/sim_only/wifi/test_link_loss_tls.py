"""The same as in test_link_loss.py behind TLS, where the link may be lost in the handshake."""

from collections.abc import Callable
from typing import Any

import pytest

from espat_host.client.board import Board
from espat_host.local_world.raw_server import RawServer
from espat_host.sim import SimBoard
from host_tests.sim_only.wifi.link_commands import torment_all

pytestmark = [pytest.mark.sim_only, pytest.mark.timeout(900)]
NAMES = ("GET", "HTTPCPOST", "HTTPGET_TO_FS")
BOARDS = 6


@pytest.mark.soak(4, 17)  # losses of each board: a handshake that is interrupted waits longer
def test_in_commands_over_tls(
    world: dict[str, Any],
    boot: Callable[..., SimBoard],
    connect: Callable[..., Board],
    tls_raw_server: RawServer,
    amount: int,
) -> None:
    ends = torment_all(NAMES, tls_raw_server, world, boot, connect, BOARDS, amount)
    assert min(ends.values()) > 0, ends
    assert sum(ends.values()) < len(NAMES) * BOARDS * amount, ends
