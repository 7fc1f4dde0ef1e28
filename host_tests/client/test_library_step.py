"""The library keeps host and board in step when a command is left in the middle: by a loop that
ends, by cancel(), by silence, by a restart; against original ESP-AT on a pty."""

import threading
import time
from collections.abc import Iterator

import pytest

from espat_host import Board, BoardError, BoardRestarted, NoAnswer, PortLost
from espat_host.client import echo_off, session
from espat_host.client.board import UploadFault
from host_tests.client.esp_at import OK, PROMPT, EspAt, Script, Taking
from host_tests.client.waiting import wait_until

URL = "http://example.com/x"
GET = b"AT+HTTPCGET="
POST = b"AT+HTTPCPOST="


def test_leaving_a_stream_reads_the_rest() -> None:
    with EspAt({GET: b"+HTTPCGET:4,abcd\r\n" * 50 + OK}) as peer, Board.open(peer.port) as board:
        for chunk in board.stream(URL):
            assert chunk == b"abcd"
            break
        assert board.get(URL).size == 200


def test_a_body_without_end_ends_with_a_restart() -> None:
    """AT+RST is what a busy board obeys."""

    def endless(peer: EspAt) -> None:
        while not peer.pending():
            peer.say(b"+HTTPCGET:4,abcd\r\n")
            time.sleep(0.01)
        assert peer.take(8) == b"AT+RST\r\n"
        peer.say(b"\r\nWill force to restart!!!\r\n")
        peer.restart()

    with EspAt({GET: endless}) as peer, Board.open(peer.port, patience=0.3) as board:
        stream: Iterator[bytes] = board.stream(URL)
        assert next(stream) == b"abcd"
        stream.close()  # type: ignore[attr-defined]
        assert board.ask("AT") == OK


@pytest.mark.parametrize("moment", ["between", "within"])
def test_a_restart_by_itself(moment: str) -> None:
    reports: list[str] = []
    script: Script = {
        b"AT+GMR": [EspAt.restart, b"AT version:1\r\n" + OK],
        b"AT+CWQAP": OK,
    }
    with (
        EspAt(script) as peer,
        Board.open(peer.port, on_unsolicited=reports.append) as board,
    ):
        if moment == "between":
            peer.restart()
            wait_until(lambda: b"ready" in board.waiting())
        with pytest.raises(BoardRestarted):
            board.version()
        # The next command finds echo on again, and switches it off.
        board.leave()
        assert board.ask("AT") == OK
        assert reports == ["ready"]
        assert peer.lines.count(b"AT+SYSLOG=1") == 2


def test_what_comes_unasked_is_heard() -> None:
    heard: list[str] = []
    with EspAt({}) as peer, Board.open(peer.port, on_unsolicited=heard.append) as board:
        peer.say(b"WIFI DISCONNECT\r\n")
        board.wait_for("WIFI DISCONNECT", 20)
        peer.say(b"+TIME_UPDATED\r\n")
        board.wait_for("+TIME_UPDATED", 20)
        assert heard == list(board.unsolicited) == ["WIFI DISCONNECT", "+TIME_UPDATED"]
        with pytest.raises(NoAnswer):
            board.wait_for("WIFI DISCONNECT", 0.2)


def test_what_was_set_is_unset_after_a_silence() -> None:
    script: Script = {
        b"AT+HTTPCHEAD=0": OK,
        b"AT+HTTPCHEAD=4": Taking(OK),
        GET: [lambda peer: None, b"+HTTPCGET:2,hi\r\n" + OK],
    }
    with EspAt(script) as peer, Board.open(peer.port) as board:
        with pytest.raises(NoAnswer), board.kept_in_step([b"AT+HTTPCHEAD=0"]):
            board.command('AT+HTTPCGET="http://example.com/x"', timeout=0.3)
        assert peer.lines[-1] == b'AT+HTTPCGET="http://example.com/x"'
        assert board.get(URL).body == b"hi"
        again = [b"AT+SYSLOG=1", b"AT+HTTPCHEAD=0", b"AT+HTTPREPORT?"]
        assert peer.lines[-4:-1] == again


def test_a_source_that_is_too_long_is_cut() -> None:
    with EspAt({POST: Taking(b"\r\nSEND OK\r\n")}) as peer, Board.open(peer.port) as board:
        with pytest.raises(UploadFault, match="more data"):
            board.post(URL, iter([b"123", b"456"]), length=4)
        assert peer.data == [b"1234"]
        assert board.ask("AT") == OK


def test_a_source_that_is_too_short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Original ESP-AT waits for ever: nothing may be sent that it would take for the data."""
    monkeypatch.setattr(session, "UPLOAD_SILENCE", 0.3)
    with EspAt({POST: Taking(b"\r\nSEND OK\r\n")}) as peer, Board.open(peer.port) as board:
        with pytest.raises(NoAnswer, match="reset it by hand") as caught:
            board.post(URL, iter([b"123"]), length=4)
        assert isinstance(caught.value.__context__, UploadFault)
        board.write(b"4")
        assert board.reply().result == b"SEND OK"
        assert peer.data == [b"1234"]


def test_cancel_ends_a_wait() -> None:
    def slow(peer: EspAt) -> None:
        board.cancel()
        time.sleep(0.5)  # several looks of the one who waits
        peer.say(b"+HTTPCGET:4,abcd\r\n" + OK)

    with EspAt({GET: slow}) as peer, Board.open(peer.port) as board:
        with pytest.raises(BoardError, match="given up"):
            board.get(URL)
        assert board.ask("AT") == OK


def test_a_port_that_goes_away() -> None:
    with EspAt({GET: lambda peer: None}) as peer, Board.open(peer.port) as board:
        peer.vanish()
        with pytest.raises(PortLost):
            board.get(URL)


def test_a_board_that_was_left_in_an_upload_gets_one_line() -> None:
    """What it hears it takes for its data, so the next user says no more until it speaks."""
    given_up = threading.Event()

    def upload(peer: EspAt) -> None:
        peer.say(PROMPT)
        while not given_up.wait(0.05):
            peer.say(b"WIFI GOT IP\r\n")  # news is no sign that it listens to lines
        heard.append(bytes(peer.take(8)))
        assert not peer.pending()
        peer.say(b"\r\nSEND FAIL\r\n")

    heard: list[bytes] = []
    with EspAt({POST: upload}) as peer:
        with Board(peer.port) as left:
            left.start()
            left.send_line('AT+HTTPCPOST="http://example.com/x",1000')
            left.expect_prompt()
        with Board(peer.port) as board:
            threading.Timer(4.0, given_up.set).start()  # several patiences of the first line
            board.start(timeout=60)
            assert heard == [b"\r\nATE0\r\n"]
            assert board.ask("AT") == OK


def test_a_board_that_says_nothing_gets_one_line() -> None:
    with EspAt({}) as peer, Board(peer.port) as board:
        peer.mute = True
        with pytest.raises(NoAnswer):
            board.start(timeout=4)
        assert peer.lines == [b"", b"ATE0"]


def test_a_board_that_missed_the_line_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """When no upload can be under way any more; it was asleep, or its UART was set anew."""
    monkeypatch.setattr(echo_off, "UPLOAD_ENDS", 1.5)
    with EspAt({}) as peer:
        peer.mute = True
        threading.Timer(1.0, setattr, (peer, "mute", False)).start()
        with Board.open(peer.port) as board:
            assert board.ask("AT") == OK
