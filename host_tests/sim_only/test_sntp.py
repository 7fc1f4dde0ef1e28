"""SNTP: the clock set by chronyd, and not set by servers that lie."""

import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from espat_host.client.board import Board
from espat_host.local_world import ntp_server as ntp_servers
from espat_host.local_world.ntp_server import NtpServer
from espat_host.local_world.servers import Servers
from host_tests.sim_only.clock_answers import NOW, OK, Y2010, shown_time, since, timestamp

# The first test may have to fetch chrony.
pytestmark = [pytest.mark.sim_only, pytest.mark.timeout(900)]

Answer = Callable[[bytes], bytes | None]
UPDATED = b"+TIME_UPDATED\r\n"
NTP_TO_UNIX = 2208988800
REAL, LIAR, SLOW_NAME = "time.espat.test", "liar.espat.test", "slow.espat.test"
FIRST_RETRY = 15.0
SLOW = 6  # seconds for a name


class Liar:
    """A UDP server whose answer to each question is `answer(question)`; None: silence."""

    def __init__(self) -> None:
        self.answer: Answer = packet
        self.reply: Callable[[bytes, Any], object] = self.send
        self.questions: list[bytes] = []
        self.asked = threading.Event()
        self._sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._sock.bind(("127.0.0.1", 0))
        self.port: int = self._sock.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def send(self, data: bytes, address: Any) -> None:
        self._sock.sendto(data, address)

    def stop(self) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as own:
            own.sendto(b"", ("127.0.0.1", self.port))
        self._thread.join()
        self._sock.close()

    def _serve(self) -> None:
        while True:
            question, address = self._sock.recvfrom(1000)
            if not question:
                return
            self.questions.append(question)
            answer = self.answer(question)
            if answer is not None:
                self.reply(answer, address)
            self.asked.set()


def packet(
    question: bytes,
    *,
    first: int = 0x24,
    stratum: int = 2,
    reference: bytes = b"TEST",
    originate: bytes | None = None,
    seconds: int = NOW + NTP_TO_UNIX,
) -> bytes:
    """An answer to `question`, correct where nothing else is asked for. 0x24: version 4, server."""
    mine = question[40:48] if originate is None else originate
    head = struct.pack(">BBbb", first, stratum, 6, -20) + bytes(8) + reference
    return head + bytes(8) + mine + bytes(8) + struct.pack(">II", seconds & 0xFFFFFFFF, 0)


def packets(**fields: Any) -> Callable[[bytes], bytes]:
    return lambda question: packet(question, **fields)


LIES: dict[str, Answer] = {
    "short": lambda question: packet(question)[:47],
    "empty": lambda question: b"",
    "the question sent back": lambda question: question,
    "mode: a broadcast": packets(first=0x25),
    "mode: symmetric": packets(first=0x22),
    "another's originate timestamp": packets(originate=b"12345678"),
    "no originate timestamp": packets(originate=bytes(8)),
    "kiss-o'-death RATE": packets(stratum=0, reference=b"RATE"),
    "kiss-o'-death DENY": packets(stratum=0, reference=b"DENY"),
    "stratum 16": packets(stratum=16),
    "not synchronised": packets(first=0xE4),
    "no transmit timestamp": packets(seconds=0),
    "the time of 1999": packets(seconds=915148800 + NTP_TO_UNIX),
    "silence": lambda question: None,
}


@pytest.fixture(scope="module")
def ntp_server() -> Iterator[NtpServer]:
    with NtpServer() as running:
        yield running


@pytest.fixture
def liar() -> Iterator[Liar]:
    server = Liar()
    yield server
    server.stop()


@pytest.fixture
def world(servers: Servers, ntp_server: NtpServer, liar: Liar) -> dict[str, Any]:
    def at(port: int) -> dict[str, Any]:
        return {"address": "127.0.0.1", "ports": {"123": port}}

    real = at(ntp_server.port)
    hosts = {REAL: real, SLOW_NAME: real | {"delay": SLOW}, LIAR: at(liar.port)}
    access_point = {"ssid": "espressif", "password": "1234567890"}
    return {"access_points": [access_point], "hosts": servers.world_hosts | hosts}


def is_right(board: Board) -> bool:
    """Whether the board's clock shows this PC's time, however long the question takes."""
    before, shown = time.time(), timestamp(board)
    return before - 2 < shown < time.time() + 2


def test_ok_and_the_report_are_two_messages(joined: Board, liar: Liar) -> None:
    """One host drops what comes together with the OK; ESP-IDF asks up to 5 s later, so a host of
    ESP-AT has never seen them close to each other (docs/wire.md 5.5)."""
    for _ in range(3):
        joined.send_line(f'AT+CIPSNTPCFG=1,0,"{LIAR}"')
        joined.expect(OK)
        start = time.monotonic()
        joined.expect(UPDATED)
        assert time.monotonic() - start >= 0.05


def test_the_server_takes_another_port_if_somebody_was_quicker(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ntp_servers, "START_LIMIT", 2.0)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        taken = other.getsockname()[1]
        chosen = iter([taken, *(ntp_servers._free_port() for _ in range(2))])
        monkeypatch.setattr(ntp_servers, "_free_port", lambda: next(chosen))
        with NtpServer() as server:
            assert server.port != taken


class TestSntp:
    def test_a_real_server(self, joined: Board) -> None:
        assert joined.ask(f'AT+CIPSNTPCFG=1,8,"{REAL}"') == OK
        joined.expect(UPDATED)
        assert is_right(joined)
        local = int(time.time()) + 8 * 3600
        shown = shown_time(joined)
        seconds = range(local - 1, int(time.time()) + 8 * 3600 + 2)
        assert shown in [time.asctime(time.gmtime(second)).encode() for second in seconds]
        joined.expect_silence()

    def test_it_waits_for_the_network(self, dut: Board) -> None:
        assert dut.ask(f'AT+CIPSNTPCFG=1,0,"{REAL}"') == OK
        dut.join("espressif", "1234567890")
        dut.expect(UPDATED)
        assert is_right(dut)

    def test_the_second_server_helps(self, joined: Board) -> None:
        assert joined.ask(f'AT+CIPSNTPCFG=1,0,"no-such.test","{REAL}"') == OK
        joined.expect(UPDATED)

    def test_after_a_silent_server(self, joined: Board, liar: Liar) -> None:
        liar.answer = lambda question: None
        assert joined.ask(f'AT+CIPSNTPCFG=1,0,"{LIAR}","{REAL}"') == OK
        joined.expect(UPDATED, 30)

    def test_the_question(self, joined: Board, liar: Liar) -> None:
        """Version 4, mode client, and nothing of this board but a number that is new each time."""
        for _ in range(2):
            start = time.monotonic()
            assert joined.ask(f'AT+CIPSNTPCFG=1,0,"{LIAR}"') == OK
            joined.expect(UPDATED)
        first, second = liar.questions
        assert first[:40] == second[:40] == b"\x23" + bytes(39)
        assert len(first) == len(second) == 48
        assert first[40:] != second[40:]
        assert timestamp(joined) - NOW in since(start)

    def test_the_era_after_2036(self, joined: Board, liar: Liar) -> None:
        later = 0x80000000 + 1000  # 2038: beyond the era of NTP, and beyond 31 bits
        liar.answer = packets(seconds=later + NTP_TO_UNIX)
        start = time.monotonic()
        assert joined.ask(f'AT+CIPSNTPCFG=1,0,"{LIAR}"') == OK
        joined.expect(UPDATED)
        assert timestamp(joined) - later in since(start)

    @pytest.mark.parametrize("name", LIES)
    def test_lies_do_not_set_the_clock(self, joined: Board, liar: Liar, name: str) -> None:
        liar.answer = LIES[name]
        assert joined.ask(f'AT+CIPSNTPCFG=1,0,"{LIAR}"') == OK
        assert liar.asked.wait(30)
        joined.expect_silence(0.3)
        assert timestamp(joined) < 100
        assert joined.ask(f'AT+CIPSNTPCFG=1,0,"{REAL}"') == OK
        joined.expect(UPDATED, 30)

    def test_an_answer_from_elsewhere(self, joined: Board, liar: Liar) -> None:
        def from_elsewhere(data: bytes, address: Any) -> None:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
                other.sendto(data, address)

        liar.reply = from_elsewhere
        assert joined.ask(f'AT+CIPSNTPCFG=1,0,"{LIAR}"') == OK
        assert liar.asked.wait(30)
        joined.expect_silence(0.3)
        assert timestamp(joined) < 100

    def test_a_forged_answer_before_the_right_one(self, joined: Board, liar: Liar) -> None:
        """Whoever cannot see the question cannot end the exchange either."""

        def twice(data: bytes, address: Any) -> None:
            liar.send(packet(bytes(48), originate=b"forged!!", seconds=2 * NOW), address)
            liar.send(data, address)

        liar.reply = twice
        start = time.monotonic()
        assert joined.ask(f'AT+CIPSNTPCFG=1,0,"{LIAR}"') == OK
        joined.expect(UPDATED)
        assert timestamp(joined) - NOW in since(start)

    def test_it_tries_again(self, joined: Board, liar: Liar) -> None:
        """Not before 15 s: a server that does not answer may have too much to do."""
        answers = iter([packets(stratum=0, reference=b"RATE")])
        liar.answer = lambda question: next(answers, packet)(question)
        start = time.monotonic()
        assert joined.ask(f'AT+CIPSNTPCFG=1,0,"{LIAR}"') == OK
        joined.expect(UPDATED, FIRST_RETRY + 30)
        assert time.monotonic() - start > FIRST_RETRY - 1

    def test_it_asks_again_when_the_interval_is_over(self, joined: Board) -> None:
        """And sets a clock that has gone wrong; silently, as ESP-AT after the first time."""
        assert joined.ask("AT+CIPSNTPINTV=15") == OK
        assert joined.ask(f'AT+CIPSNTPCFG=1,0,"{REAL}"') == OK
        joined.expect(UPDATED)
        assert joined.ask(f"AT+SYSTIMESTAMP={Y2010}") == OK
        deadline = time.monotonic() + 45
        while not is_right(joined):
            assert time.monotonic() < deadline, "the clock is still wrong"
            time.sleep(0.5)
        joined.expect_silence()

    def test_the_port_answers_while_a_name_is_looked_up(self, joined: Board) -> None:
        assert joined.ask(f'AT+CIPSNTPCFG=1,0,"{SLOW_NAME}"') == OK
        start = time.monotonic()
        while time.monotonic() < start + 1.5:
            assert joined.ask("AT") == OK
        assert time.monotonic() - start < SLOW - 1, "only when the name was found"
        joined.expect(UPDATED, 30)

    def test_switched_off_in_the_middle(self, joined: Board) -> None:
        assert joined.ask(f'AT+CIPSNTPCFG=1,0,"{SLOW_NAME}"') == OK
        assert joined.ask("AT+CIPSNTPCFG=0") == OK
        joined.expect_silence(SLOW + 1)
        assert timestamp(joined) < 100
