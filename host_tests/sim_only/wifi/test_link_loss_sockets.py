"""The access point is lost while links are open and data pass, a hundred times with --soak, at
random moments: no byte of TCP is lost or doubled, no link is said to be closed, and memory is as
it was."""

import random
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from typing import Any

import pytest

from espat_host.client.board import Board
from espat_host.local_world.raw_server import RawServer
from espat_host.sim import SimBoard
from host_tests.any_board.sockets.links import OK, PATIENCE, Inbox, echo, start
from host_tests.sim_only.wifi.link_loss import AFTER, UP

pytestmark = [pytest.mark.sim_only, pytest.mark.timeout(1800)]
SEED = 14
LATEST = 0.3  # seconds until a loss
LOST, BACK = b"WIFI DISCONNECT", UP
RESULTS = (b"SEND OK\r\n", b"SEND FAIL\r\n", b"OK\r\n", b"ERROR\r\n")
NUMBER = 8  # bytes of a datagram, which is a number


class Witness(Inbox):
    """An Inbox that brings the access point back when its loss is reported, and hears whether the
    reports make sense."""

    def begin(self, sim: SimBoard, world: dict[str, Any]) -> None:
        points = [point | {"delay": 0} for point in world["access_points"]]
        self.sim, self.here = sim, world | {"access_points": points, "scan_time": 0.01}
        self.link, self.losses = BACK, 0
        sim.set_world(self.here)

    def lose(self, after: float) -> None:
        time.sleep(after)
        self.sim.set_world(self.here | {"access_points": []})

    def read(self) -> None:
        super().read()
        # A prompt has no line end.
        while self.lines and self.lines[-1].lstrip(b">").startswith(b"WIFI "):
            report = self.lines.pop().lstrip(b">").strip()
            assert self.link in AFTER[report], (self.link, report)
            self.link = report
            if report == LOST:
                self.losses += 1
                self.sim.set_world(self.here)

    def result(self, *wanted: bytes) -> bytes:
        """Read on until one of these lines."""
        while True:
            for line in self.lines:
                if line in wanted:
                    self.lines.clear()
                    return line
            self.read()


class Traffic:
    """Data for some links, what comes back compared with it."""

    def __init__(self, board: Board, inbox: Witness, dice: random.Random) -> None:
        self._board, self._inbox, self._dice = board, inbox, dice
        self._sent: dict[int, bytearray] = {}
        self._datagrams = 0

    def send(self, number: int) -> None:
        data = self._dice.randbytes(self._dice.choice((1, 100, 1460, 3000)))
        assert self._send(number, data)
        self._sent.setdefault(number, bytearray()).extend(data)

    def send_number(self, number: int) -> None:
        """A datagram, which cannot wait for the network."""
        self._datagrams += 1
        self._send(number, b"%0*d" % (NUMBER, self._datagrams))

    def _send(self, number: int, data: bytes) -> bool:
        self._board.send_line(f"AT+CIPSEND={number},{len(data)}")
        assert self._inbox.result(*RESULTS) == b"OK\r\n"
        self._board.write(data)
        return self._inbox.result(b"SEND OK\r\n", b"SEND FAIL\r\n") == b"SEND OK\r\n"

    def check(self, *of_tcp: int) -> None:
        for number in of_tcp:
            sent = bytes(self._sent.get(number, b""))
            assert self._inbox.until(number, len(sent)) == sent

    def check_numbers(self, number: int) -> None:
        """Datagrams may be lost; none comes twice, or in part."""
        came = bytes(self._inbox.data.get(number, b""))
        numbers = [int(came[at : at + NUMBER]) for at in range(0, len(came), NUMBER)]
        assert numbers == sorted(set(numbers))

    def open_and_close(self, number: int, server: RawServer) -> None:
        """One more link: it comes about, or it does not."""
        self._board.send_line(f'AT+CIPSTART={number},"TCP","{server.host}",{server.port}')
        if self._inbox.result(b"OK\r\n", b"ERROR\r\n") == b"OK\r\n":
            self._board.send_line(f"AT+CIPCLOSE={number}")
            assert self._inbox.result(b"OK\r\n", b"ERROR\r\n") == b"OK\r\n"
            assert self._inbox.closed == [number]
        self._inbox.closed.clear()


@pytest.fixture
def inbox(sim: SimBoard, joined: Board, world: dict[str, Any]) -> Witness:
    assert joined.ask("AT+CIPMUX=1") == OK
    assert joined.ask("AT+CWRECONNCFG=1,0") == OK
    inbox = Witness(joined)
    inbox.begin(sim, world)
    return inbox


@pytest.fixture
def datagram_port() -> Iterator[int]:
    """Of a socket that sends back what comes."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        sock.settimeout(0.1)
        stopped = threading.Event()

        def serve() -> None:
            while not stopped.is_set():
                try:
                    sock.sendto(*sock.recvfrom(2048))
                except TimeoutError:
                    continue

        thread = threading.Thread(target=serve)
        thread.start()
        yield int(sock.getsockname()[1])
        stopped.set()
        thread.join()


def give_back(client: socket.socket) -> None:
    with suppress(OSError):  # the test has ended
        while data := client.recv(65536):
            client.sendall(data)


def lose_it(inbox: Witness, dice: random.Random, amount: int, act: Any, check: Any) -> list[int]:
    """`amount` losses, each while act() runs again and again, and check() behind it; bytes that
    were free then."""
    free = []
    for number in range(amount):
        losing = threading.Thread(target=inbox.lose, args=(dice.uniform(0, LATEST),))
        losing.start()
        while inbox.losses <= number or inbox.link != BACK:
            act()
        losing.join()
        check()
        assert inbox.closed == []
        inbox.board.send_line("AT+SYSRAM?")
        while not (inbox.lines and inbox.lines[-1] == b"OK\r\n"):
            inbox.read()
        free.append(int(re.findall(rb"\+SYSRAM:(\d+)", inbox.lines[-2])[0]))
        inbox.lines.clear()
    return free


@pytest.mark.soak(6, 100)
def test_with_links_over_tcp(
    sim: SimBoard,
    joined: Board,
    inbox: Witness,
    raw_server: RawServer,
    amount: int,
) -> None:
    """Two links to a server, a client of our own server, and one more that comes and goes."""
    raw_server.script(echo)
    dice = random.Random(SEED)
    start(joined, raw_server, 0)
    start(joined, raw_server, 1)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert joined.ask(f"AT+CIPSERVER=1,{port}") == OK
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as client:
        threading.Thread(target=give_back, args=(client,), daemon=True).start()
        joined.expect(b"2,CONNECT\r\n", PATIENCE)
        traffic = Traffic(joined, inbox, dice)
        acts = [partial(traffic.send, number) for number in (0, 1, 2)]
        acts.append(partial(traffic.open_and_close, 3, raw_server))
        check = partial(traffic.check, 0, 1, 2)
        levels = lose_it(inbox, dice, amount, lambda: dice.choice(acts)(), check)
        assert joined.ask("AT+CIPSERVER=0,1") == b"2,CLOSED\r\n" + OK
    assert max(levels[1:]) - min(levels[1:]) <= 2048, levels
    assert (sim.starts, sim.measures.growths) == (1, 1)


@pytest.mark.soak(4, 100)
def test_with_a_link_over_tls(
    sim: SimBoard, joined: Board, inbox: Witness, tls_raw_server: RawServer, amount: int
) -> None:
    tls_raw_server.script(echo)
    dice = random.Random(SEED)
    start(joined, tls_raw_server, 0, "SSL")
    traffic = Traffic(joined, inbox, dice)
    levels = lose_it(inbox, dice, amount, lambda: traffic.send(0), lambda: traffic.check(0))
    assert max(levels[1:]) - min(levels[1:]) <= 2048, levels
    assert (sim.starts, sim.measures.growths) == (1, 1)


@pytest.mark.soak(4, 100)
def test_with_a_link_over_udp(
    sim: SimBoard,
    joined: Board,
    inbox: Witness,
    raw_server: RawServer,
    datagram_port: int,
    amount: int,
) -> None:
    """Beside one over TCP."""
    raw_server.script(echo)
    dice = random.Random(SEED)
    start(joined, raw_server, 0)
    line = f'AT+CIPSTART=1,"UDP","127.0.0.1",{datagram_port}'
    assert joined.ask(line) == b"1,CONNECT\r\n" + OK
    traffic = Traffic(joined, inbox, dice)
    acts = [partial(traffic.send, 0), partial(traffic.send_number, 1)]

    def check() -> None:
        traffic.check(0)
        traffic.check_numbers(1)

    levels = lose_it(inbox, dice, amount, lambda: dice.choice(acts)(), check)
    assert max(levels[1:]) - min(levels[1:]) <= 2048, levels
    assert (sim.starts, sim.measures.growths) == (1, 1)
