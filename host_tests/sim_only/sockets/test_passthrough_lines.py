"""A passthrough at the speed of a real line: full in both directions at once, and not a byte is
lost or doubled; over TLS, too, and without flow control."""

import hashlib
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from espat_host.client.board import Board
from espat_host.local_world.payload import payload, payload_sha256
from espat_host.local_world.raw_server import Connection, RawServer
from espat_host.sim import SimBoard
from host_tests.any_board.sockets.links import OK, PATIENCE, PROMPT, start, wait_for
from host_tests.build.updates import write_board

pytestmark = [pytest.mark.sim_only, pytest.mark.timeout(3600)]

MB = 1_000_000
PEER, HOST = 7, 8  # seeds
PIECE = 1024
BITS = 10  # of a byte on the line
# Of what the line carries, at the least: TLS is work for a processor that others want, too.
FULL = {"TCP": 0.85, "SSL": 0.4}
QUIET = 0.3
LATE_MS = 50
HANDSHAKE = 3  # how often one of TLS may take longer than that
# Tells of each time that the event loop stood still for longer, as long as the board runs.
HEARTBEAT = f"""
import asyncio, time
async def beat():
    while True:
        began = time.ticks_ms()
        await asyncio.sleep_ms(5)
        passed = time.ticks_diff(time.ticks_ms(), began)
        if passed > {LATE_MS}:
            print("late:", passed)
asyncio.create_task(beat())
"""


class Peer:
    """Sends `amount` bytes while it takes as many; `digest`: of those that have come."""

    def __init__(self, amount: int) -> None:
        self._amount = amount
        self._digest = hashlib.sha256()
        self.count = 0

    @property
    def digest(self) -> str:
        return self._digest.hexdigest()

    def __call__(self, connection: Connection) -> None:
        connection.sock.settimeout(None)
        while self.count == 0:  # the host begins
            self._take(connection)
        threading.Thread(target=self._send, args=(connection,), daemon=True).start()
        while self.count < self._amount:
            self._take(connection)
        connection.finish_reading()

    def _take(self, connection: Connection) -> None:
        data = connection.sock.recv(65536)
        assert data
        self._digest.update(data)
        self.count += len(data)

    def _send(self, connection: Connection) -> None:
        for block in payload(self._amount, PEER):
            connection.sock.sendall(block)


def exchange(board: Board, amount: int) -> str:
    """Send as many bytes as the line takes while taking all that come; the digest of these."""
    digest, came = hashlib.sha256(), 0
    for block in payload(amount, HOST):
        for at in range(0, len(block), PIECE):
            board.write(block[at : at + PIECE])
            data = board.discard()
            digest.update(data)
            came += len(data)
    while came < amount:
        data = board.read(min(PIECE, amount - came), PATIENCE)
        digest.update(data)
        came += len(data)
    return digest.hexdigest()


def through(board: Board, server: RawServer, amount: int, kind: str = "TCP") -> float:
    """Exchange as many bytes each way; how long that took."""
    peer = Peer(amount)
    server.script(peer)
    start(board, server, kind=kind)
    assert board.ask("AT+CIPMODE=1") == OK
    board.send_line("AT+CIPSEND")
    board.expect(PROMPT, PATIENCE)
    began = time.monotonic()
    came = exchange(board, amount)
    wait_for(lambda: peer.count >= amount)
    took = time.monotonic() - began
    assert came == payload_sha256(amount, PEER)
    assert (peer.count, peer.digest) == (amount, payload_sha256(amount, HOST))
    time.sleep(QUIET)
    board.write(b"+++")
    time.sleep(QUIET)
    assert board.ask("AT") == OK
    return took


@pytest.fixture
def beating(boot: Callable[..., SimBoard], tmp_path: Path) -> Callable[[int], SimBoard]:
    """Boot a board with this flow control, which logs when its loop stands still."""

    def boot_one(flow: int) -> SimBoard:
        folder = write_board(tmp_path / "board", f"FLOW = {flow}\n{HEARTBEAT}")
        return boot(board=folder, baud_pacing=True)

    return boot_one


def late(sim: SimBoard) -> int:
    return sim.log_path.read_text().count("late: ")


@pytest.mark.parametrize(
    "kind",
    [
        pytest.param("TCP", marks=pytest.mark.soak(MB, 100 * MB)),
        pytest.param("SSL", marks=pytest.mark.soak(MB // 2, 10 * MB)),
    ],
)
def test_the_line_is_full_both_ways(
    beating: Callable[[int], SimBoard],
    connect: Callable[..., Board],
    raw_server: RawServer,
    tls_raw_server: RawServer,
    amount: int,
    kind: str,
) -> None:
    rate, sim = 921_600, beating(1)
    board = connect(sim)
    board.join("espressif", "1234567890")
    assert board.ask(f"AT+UART_CUR={rate},8,1,0,1") == OK
    board.synchronise()  # what comes while the port changes over is lost
    before = late(sim)
    took = through(board, tls_raw_server if kind == "SSL" else raw_server, amount, kind)
    assert amount / took >= FULL[kind] * rate / BITS
    # Where other programs take the processor, too, the board may stand still without its doing.
    assert late(sim) - before <= took + HANDSHAKE
    assert sim.starts == 1


@pytest.mark.soak(150_000, 10 * MB)
def test_without_flow_control(
    beating: Callable[[int], SimBoard],
    connect: Callable[..., Board],
    raw_server: RawServer,
    amount: int,
) -> None:
    """At 115200 baud a host need not be held, if its peer takes what comes."""
    sim = beating(0)
    board = connect(sim)
    board.join("espressif", "1234567890")
    assert board.ask("AT+UART_CUR?").endswith(b",8,1,0,0\r\n" + OK)
    took = through(board, raw_server, amount)
    assert amount / took >= FULL["TCP"] * 115_200 / BITS
    assert sim.starts == 1
