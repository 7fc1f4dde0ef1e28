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
from host_tests.any_board.sockets.links import OK, PATIENCE, echo, start
from host_tests.any_board.sockets.passing import begin, end
from host_tests.build.updates import write_board
from host_tests.client.waiting import wait_until

pytestmark = [pytest.mark.sim_only, pytest.mark.timeout(3600)]

MB = 1_000_000
PEER, HOST = 7, 8  # seeds
PIECE = 256
AHEAD = 1024  # bytes that may wait in the host's driver
BITS = 10  # of a byte on the line
WINDOW = 1536  # bytes on the way, of a host that nobody holds
# Of what the line carries, at the least: a PC that has much else to do is slower than a line.
FULL = {"TCP": 0.2, "SSL": 0.1}
LATE_MS = 50
LATE_A_SECOND = 4
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


class Host:
    """Takes all that comes, while it sends as much as the line carries, and no more: nothing may
    wait in its own driver, or it would not come to reading. `digest`: of what has come."""

    def __init__(self, board: Board, rate: int) -> None:
        self._board = board
        self._rate = rate / BITS
        self._digest = hashlib.sha256()
        self._began = time.monotonic()
        self._sent = self.count = 0

    @property
    def digest(self) -> str:
        return self._digest.hexdigest()

    def send(self, data: bytes) -> None:
        while self._sent - (time.monotonic() - self._began) * self._rate > AHEAD:
            self.take(self._board.discard())
            time.sleep(0.001)
        self._board.write(data)
        self._sent += len(data)
        self.take(self._board.discard())

    def take(self, data: bytes) -> None:
        self._digest.update(data)
        self.count += len(data)


def through(board: Board, server: RawServer, amount: int, rate: int, kind: str = "TCP") -> float:
    """Exchange as many bytes each way; how long that took."""
    peer = Peer(amount)
    server.script(peer)
    start(board, server, kind=kind)
    begin(board)
    began, host = time.monotonic(), Host(board, rate)
    for block in payload(amount, HOST):
        for at in range(0, len(block), PIECE):
            host.send(block[at : at + PIECE])
    while host.count < amount:
        host.take(board.read(min(PIECE, amount - host.count), PATIENCE))
    wait_until(lambda: peer.count >= amount)
    took = time.monotonic() - began
    assert (host.count, host.digest) == (amount, payload_sha256(amount, PEER))
    assert (peer.count, peer.digest) == (amount, payload_sha256(amount, HOST))
    end(board)
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
        pytest.param("TCP", marks=pytest.mark.soak(MB // 2, 5 * MB, hours=100 * MB)),
        pytest.param("SSL", marks=pytest.mark.soak(MB // 4, 2 * MB, hours=10 * MB)),
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
    rate, sim = 921_600, beating(3)
    board = connect(sim)
    board.join("espressif", "1234567890")
    assert board.ask(f"AT+UART_CUR={rate},8,1,0,3") == OK
    board.synchronise()  # what comes while the port changes over is lost
    before = late(sim)
    took = through(board, tls_raw_server if kind == "SSL" else raw_server, amount, rate, kind)
    assert amount / took >= FULL[kind] * rate / BITS
    # Where others want the processor, too, the board may stand still without its doing.
    assert late(sim) - before <= LATE_A_SECOND * took + HANDSHAKE
    assert sim.starts == 1


@pytest.mark.soak(40_000, 500_000, hours=10 * MB)
def test_without_flow_control(
    beating: Callable[[int], SimBoard],
    connect: Callable[..., Board],
    raw_server: RawServer,
    amount: int,
) -> None:
    """At 115200 baud, a host that never has more on the way than the port's buffer holds."""
    sim = beating(0)
    board = connect(sim)
    board.join("espressif", "1234567890")
    assert board.ask("AT+UART_CUR?").endswith(b",8,1,0,0\r\n" + OK)
    raw_server.script(echo)
    start(board, raw_server)
    begin(board)
    for block in payload(amount, HOST):
        sent = came = 0
        while came < len(block):
            if sent - came <= WINDOW - PIECE and sent < len(block):
                board.write(block[sent : sent + PIECE])
                sent += len(block[sent : sent + PIECE])
                continue
            piece = block[came : came + PIECE]
            assert board.read(len(piece), PATIENCE) == piece
            came += len(piece)
    end(board)
    assert sim.starts == 1
