"""The client: what it sends, what it waits for, and the evidence when that does not come."""

import threading
import time
from pathlib import Path

import pytest

from espat_host.client.board import PROMPT, Board, NoAnswer, UnexpectedBytes, quoted
from host_tests.client.esp_at import ERROR, OK, EspAt
from host_tests.client.fake_board import FakeBoard


def test_ask_returns_the_answer_byte_for_byte() -> None:
    with FakeBoard(b"+CWMODE:1\r\n\r\nOK\r\n", step=1) as fake, Board(fake.port) as board:
        assert board.ask("AT+CWMODE?") == b"+CWMODE:1\r\n\r\nOK\r\n"
        assert fake.received == b"AT+CWMODE?\r\n"


def test_what_follows_the_result_code_is_kept() -> None:
    with FakeBoard(b"\r\nOK\r\n\r\nready\r\n") as fake, Board(fake.port) as board:
        assert board.ask("AT+RST") == b"\r\nOK\r\n"
        board.expect(b"\r\nready\r\n")
        board.expect_silence()


def test_data_waits_for_the_prompt() -> None:
    answer = b"+HTTPCPOST:2,\r\n\r\n\r\nSEND OK\r\n"
    with FakeBoard(PROMPT, answer) as fake, Board(fake.port) as board:
        reply = board.request('AT+HTTPCPOST="http://h/",6', b"data\r\n")
        assert (reply.body, reply.result) == (b"\r\n", b"SEND OK")
        assert fake.received.endswith(b",6\r\ndata\r\n")


def test_refused_data_is_not_sent() -> None:
    with FakeBoard(b"\r\nERROR\r\n") as fake, Board(fake.port) as board:
        assert board.request("AT+HTTPCPOST=", b"data\r\n").result == b"ERROR"
        assert b"data" not in fake.received


def test_no_answer_says_what_came_and_where_the_log_is() -> None:
    with FakeBoard(b"") as fake, Board(fake.port, timeout=60, log=Path("board.log")) as board:
        fake.say(b"+HALF")
        started = time.monotonic()
        with pytest.raises(NoAnswer) as caught:
            board.ask("AT+GMR", timeout=0.3)
        assert 0.3 <= time.monotonic() - started < 20
    for evidence in ("0.3 s", "AT+GMR", "+HALF", "board.log"):
        assert evidence in str(caught.value)


def test_silence_inside_a_body_is_noticed() -> None:
    cut_off = b"+HTTPCGET:3,abc\r\n+HTTPCGET:9,abc"
    with FakeBoard(cut_off) as fake, Board(fake.port) as board, pytest.raises(NoAnswer):
        board.request("AT+HTTPCGET=", timeout=0.3, sink=lambda data: None)


def test_other_bytes_are_told_at_once() -> None:
    with FakeBoard(b"\r\nERROR\r\n") as fake, Board(fake.port) as board:
        board.send_line("AT+RST")
        started = time.monotonic()
        with pytest.raises(UnexpectedBytes, match="ERROR"):
            board.expect(b"\r\nOK\r\n", timeout=60)
        assert time.monotonic() - started < 20


def test_bytes_nobody_asked_for_break_the_silence() -> None:
    with FakeBoard() as fake, Board(fake.port) as board:
        fake.say(b"WIFI DISCONNECT\r\n")
        with pytest.raises(UnexpectedBytes, match="WIFI DISCONNECT"):
            board.expect_silence(20)


def test_synchronise_survives_a_busy_board_and_leftovers() -> None:
    busy = b"\r\nbusy p...\r\n"
    again = (b"", OK, b"AT+ECHO1\r\n" + ERROR, b"ATE0\r\n" + OK)
    with FakeBoard(b"", busy, *again, OK) as fake, Board(fake.port) as board:
        fake.say(b"left over\r\n")
        board.synchronise()
        board.expect_silence()


class StandsStill(EspAt):
    """Looks at its port late, and late again in the middle of what has come."""

    pauses = iter((2.5, 0, 0, 0, 0.7, 0, 0, 1.3, 0, 0.4, 0.4))

    def _obey(self, line: bytes) -> None:
        time.sleep(next(self.pauses, 0))
        super()._obey(line)


def test_synchronise_waits_for_all_answers_of_a_board_that_stood_still() -> None:
    """Those to earlier tries would be taken for the answer to what follows."""
    version = b"AT version:1\r\n" + OK
    with StandsStill({b"AT+GMR": version}) as peer, Board(peer.port) as board:
        board.synchronise()
        assert peer.lines.count(b"ATE0") > 1
        assert board.ask("AT+GMR") == version
        board.expect_silence()


def test_synchronise_ends_where_noise_never_does() -> None:
    over = threading.Event()

    def noise(fake: FakeBoard) -> None:
        while not over.wait(0.01):
            fake.say(b"\xf0\x0f")

    with FakeBoard() as fake, Board(fake.port) as board:
        thread = threading.Thread(target=noise, args=(fake,))
        thread.start()
        try:
            with pytest.raises(NoAnswer, match=r"waited 0\.5 s for an answer to ATE0"):
                board.synchronise(0.5)
        finally:
            over.set()
            thread.join()


def test_bytes_that_came_in_time_are_found_after_a_pause_of_this_pc(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The process stands still between a look at the port and the one at the clock."""
    with FakeBoard() as fake, Board(fake.port) as board:
        look = board._read_port

        def slow_look(at_least: int) -> bytes:
            data = look(at_least)
            if not data:
                fake.say(b"there")
                time.sleep(0.3)
            return data

        monkeypatch.setattr(board, "_read_port", slow_look)
        assert board.read(5, timeout=0.2) == b"there"


def test_quoted_escapes_what_esp_at_reserves() -> None:
    assert quoted('a,"b"\\c') == b'"a\\,\\"b\\"\\\\c"'
