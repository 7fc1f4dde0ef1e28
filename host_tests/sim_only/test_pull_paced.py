"""A long body, pulled at 115200 baud without flow control: 10 MB with --hours, in pieces of every
size, and not a byte is lost, because nothing comes that was not asked for."""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from espat_host.client.board import Board
from espat_host.local_world.payload import payload
from espat_host.local_world.servers import Servers
from espat_host.sim import SimBoard
from host_tests.build.updates import write_board

pytestmark = [pytest.mark.sim_only, pytest.mark.timeout(3600)]

OK = b"\r\nOK\r\n"
PIECES = (1, 63, 512, 2048)
SEED = 5
STEADY = 2048
WARM = 20  # reads until memory is steady


def wanted(size: int) -> Iterator[int]:
    return itertools.chain.from_iterable(payload(size, SEED))


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.soak(50_000, 300_000, hours=10_000_000)
def test_every_byte_is_right(
    boot: Callable[..., SimBoard],
    connect: Callable[..., Board],
    servers: Servers,
    scheme: str,
    tmp_path: Path,
    amount: int,
) -> None:
    folder = write_board(tmp_path / "board", "FLOW = 0\n")
    board: Any = connect(boot(board=folder, baud_pacing=True))
    board.join("espressif", "1234567890")
    assert board.ask("AT+UART_CUR?").endswith(b",8,1,0,0\r\n" + OK)
    assert board.ask("AT+HTTPPULL=1") == OK
    url = f"{getattr(servers, scheme)}/bytes-stream/{amount}?seed={SEED}&framing=chunked"
    assert board.request(f'AT+HTTPCGET="{url}"').ok
    expected, come, least = wanted(amount), 0, 0
    for number, size in enumerate(itertools.cycle(PIECES)):
        reply = board.request(f"AT+HTTPREAD={size}")
        assert reply.ok
        assert len(reply.body) <= size
        assert reply.body == bytes(itertools.islice(expected, len(reply.body))), come
        come += len(reply.body)
        if not reply.body:
            break
        if number == WARM:
            least = board.free_memory()
    assert come == amount
    assert board.free_memory() > least - STEADY
