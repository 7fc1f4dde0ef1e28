"""The other side of datagrams."""

from collections.abc import Iterator

import pytest

from host_tests.any_board.sockets.datagram_peer import Peer
from host_tests.conftest import Target


@pytest.fixture
def peer(target: Target) -> Iterator[Peer]:
    peer = Peer(target.host_address)
    with peer.sock:
        yield peer
