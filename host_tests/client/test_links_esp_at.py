"""connect() against original ESP-AT: its versions, and what comes in between."""

import threading
from collections.abc import Callable

import pytest

from espat_host import Board, Cancelled, LinkClosed, LinkError, LinkTimeout, NoAnswer, NoFreeLink
from host_tests.client.esp_at import ERROR, OK, PROMPT, EspAt, Script

START = b'AT+CIPSTART=0,"TCP","example.com",80'
SETUP: Script = {
    b"AT+CIPMUX?": b"+CIPMUX:1\r\n" + OK,
    b"AT+CIPRECVTYPE=5,1": OK,
    b"AT+CIPDINFO=0": OK,
    b"AT+CIPSTATE?": OK,
    START: b"0,CONNECT\r\n" + OK,
    b"AT+CIPCLOSE=0": b"0,CLOSED\r\n" + OK,
}


def data(content: bytes) -> bytes:
    return b"+CIPRECVDATA:%d,%s" % (len(content), content) + OK


def taking(answer: bytes) -> Callable[[EspAt], None]:
    def take(peer: EspAt) -> None:
        peer.say(PROMPT)
        peer.take(5)
        peer.say(answer)

    return take


def test_what_it_sends() -> None:
    script: Script = {**SETUP, b"AT+CIPRECVDATA=0,100": [data(b"\r\nOK\r\n"), ERROR]}
    with EspAt(script) as peer, Board.open(peer.port) as board:
        peer.lines.clear()
        with board.connect("example.com", 80) as link:
            peer.say(b"\r\n+IPD,0,6\r\n")
            assert link.recv(100) == b"\r\nOK\r\n"
            peer.say(b"0,CLOSED\r\n")
            assert link.recv(100) == b""
        assert peer.lines == [*list(SETUP)[:5], b"AT+CIPRECVDATA=0,100"]


def test_an_older_one() -> None:
    """It has one mode for all links, and CIPMUX=0 so far."""
    script: Script = {
        **SETUP,
        b"AT+CIPMUX?": b"+CIPMUX:0\r\n" + OK,
        b"AT+CIPMUX=1": OK,
        b"AT+CIPRECVTYPE=5,1": ERROR,
        b"AT+CIPRECVMODE=1": OK,
    }
    with EspAt(script, syslog=False) as peer, Board.open(peer.port) as board:
        board.connect("example.com", 80).close()
        assert b"AT+CIPRECVMODE=1" in peer.lines


def test_the_lowest_number_that_is_free() -> None:
    script: Script = {
        **SETUP,
        b"AT+CIPSTATE?": b'+CIPSTATE:0,"TCP","1.2.3.4",80,5,1\r\n'
        b'+CIPSTATE:2,"TCP","1.2.3.4",80,5,0\r\n' + OK,
        b'AT+CIPSSLCSNI=1,"example.com"': OK,
        b'AT+CIPSTART=1,"SSL","example.com",443,,,2500': b"1,CONNECT\r\n" + OK,
    }
    with EspAt(script) as peer, Board.open(peer.port) as board:
        assert board.connect("example.com", 443, tls=True, timeout=2.5).number == 1


def test_no_number_is_free() -> None:
    state = b"".join(b'+CIPSTATE:%d,"TCP","1.2.3.4",80,5,1\r\n' % number for number in range(5))
    script: Script = {**SETUP, b"AT+CIPSTATE?": state + OK}
    with EspAt(script) as peer, Board.open(peer.port) as board:
        with pytest.raises(NoFreeLink, match="close"):
            board.connect("example.com", 80)
        assert not any(line.startswith(b"AT+CIPSTART") for line in peer.lines)


def test_reports_in_the_middle_of_other_answers() -> None:
    """They are heard whoever has asked, and are no part of the answer."""
    script: Script = {
        **SETUP,
        b"AT+GMR": b"AT version:4\r\n\r\n+IPD,0,3\r\nBin version:1\r\n" + OK,
        b'AT+HTTPCGET="http://h.example/"': b"+HTTPCGET:2,hi\r\n\r\n+IPD,0,3\r\n" + OK,
        b"AT+CIPRECVDATA=0,9": [data(b"abc"), data(b"def"), ERROR],
    }
    with EspAt(script) as peer, Board.open(peer.port) as board:
        link = board.connect("example.com", 80)
        assert board.version().binary == "1"
        assert link.recv(9) == b"abc"
        assert board.get("http://h.example/").body == b"hi"
        assert link.recv(9) == b"def"
        assert board.request("AT+GMR").ok
        peer.say(b"0,CLOSED\r\n")
        assert link.recv(9) == b""


def test_active_data_of_other_links_is_no_answer() -> None:
    """A link that somebody has opened by hand, with what looks like results."""
    more = b"\r\n+IPD,3,9:\r\nERROR\r\n\r\n"
    script: Script = {**SETUP, b"AT+CIPRECVDATA=0,9": [data(b"abc") + more, more + data(b"def")]}
    with EspAt(script) as peer, Board.open(peer.port) as board:
        link = board.connect("example.com", 80)
        peer.say(b"+IPD,0,3\r\n")
        assert link.recv(9) == b"abc"
        peer.say(b"+IPD,0,3\r\n")
        assert link.recv(9) == b"def"


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (b"\r\nRecv 5 bytes\r\n\r\nSEND FAIL\r\n", LinkError),
        (b"\r\nRecv 5 bytes\r\nERR CODE:0x010a700d\r\n\r\nSEND FAIL\r\n", LinkTimeout),
        (b"\r\nRecv 5 bytes\r\n0,CLOSED\r\n\r\nSEND FAIL\r\n", LinkClosed),
    ],
)
def test_what_is_not_sent(answer: bytes, kind: type[Exception]) -> None:
    script: Script = {**SETUP, b"AT+CIPSEND=0,5": taking(answer)}
    with EspAt(script) as peer, Board.open(peer.port) as board:
        link = board.connect("example.com", 80)
        with pytest.raises(kind):
            link.sendall(b"hello")


def test_sent() -> None:
    sent = b"\r\nRecv 5 bytes\r\n\r\nSEND OK\r\n"
    script: Script = {**SETUP, b"AT+CIPSEND=0,5": taking(sent)}
    with EspAt(script) as peer, Board.open(peer.port) as board:
        board.connect("example.com", 80).sendall(b"hello")
        assert peer.data == [b"hello"]


def test_cancel() -> None:
    with EspAt(SETUP) as peer, Board.open(peer.port) as board:
        link = board.connect("example.com", 80)
        timer = threading.Timer(0.2, board.cancel)
        timer.start()
        with pytest.raises(Cancelled):
            link.recv(1)
        timer.join()
        peer.say(b"0,CLOSED\r\n")
        assert link.recv(1) == b""


def test_a_board_that_was_out_of_step() -> None:
    """What it said meanwhile is lost, so it is asked again."""
    state = b'+CIPSTATE:0,"TCP","1.2.3.4",80,5,0\r\n'
    script: Script = {
        **SETUP,
        b"AT+CIPSTATE?": [OK, state + OK, OK],
        b"AT+CIPRECVDATA=0,9": data(b"abc"),
        b"AT+GMR": b"+IPD,0,3\r\n",  # and nothing else
    }
    with EspAt(script) as peer, Board.open(peer.port, timeout=0.5) as board:
        link = board.connect("example.com", 80)
        for _ in range(2):
            with pytest.raises(NoAnswer):
                board.command("AT+GMR", timeout=0.5)
            assert not board.in_step
            if peer.lines.count(b"AT+CIPSTATE?") == 1:
                assert link.recv(9) == b"abc"
        with pytest.raises(LinkClosed, match="out of step"):
            link.recv(9)


def test_a_connection_that_is_given_up() -> None:
    """The board may open it nevertheless: then it is closed before the next one."""

    def late(peer: EspAt) -> None:
        while not stop.wait(0.01):
            pass
        peer.say(b"0,CONNECT\r\n" + OK)

    stop = threading.Event()
    script: Script = {**SETUP, START: [late, b"0,CONNECT\r\n" + OK]}
    with EspAt(script) as peer, Board.open(peer.port) as board:

        def give_up() -> None:
            board.cancel()
            stop.set()

        timer = threading.Timer(0.2, give_up)
        timer.start()
        with pytest.raises(Cancelled):
            board.connect("example.com", 80)
        timer.join()
        board.connect("example.com", 80)
        assert peer.lines.count(b"AT+CIPCLOSE=0") == 1
