"""The library when things go wrong, against original ESP-AT on a pty: which exception comes, what
it tells, and that the port is in step afterwards."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from espat_host import (
    AtCommandError,
    BadRequest,
    Board,
    BoardError,
    HttpStatusError,
    JoinError,
    NoAnswer,
    PortLost,
)
from espat_host.client.board import BodyTooLarge, UnexpectedBytes
from host_tests.client.esp_at import BUSY, ERROR, OK, PROMPT, EspAt, Script, Taking

URL = "http://example.com/x"
GET = b"AT+HTTPCGET="
POST = b"AT+HTTPCPOST="
SEND_FAIL = b"\r\nSEND FAIL\r\n"
NOT_FOUND = b"+HTTPCGET:4,sad!\r\nERR CODE:0x010a7194\r\n" + ERROR
STATION = {b"AT+CWMODE?": b"+CWMODE:1\r\n" + OK}

Call = Callable[[Board], object]
FAILS: dict[str, tuple[Call, Script, type[Exception], dict[str, object]]] = {
    "a status": (
        lambda board: board.get(URL),
        {GET: NOT_FOUND},
        HttpStatusError,
        {"status": 404, "code": 0x010A7194, "body": b"sad!", "reason": "HTTP status 404"},
    ),
    "ERROR without a code": (
        lambda board: board.get(URL),
        {GET: b"+HTTPCGET:4,sad!\r\n" + ERROR},
        AtCommandError,
        {"code": None, "reason": "the board does not say why", "command": "AT+HTTPCGET"},
    ),
    "a reason of the firmware's table": (
        lambda board: board.get(URL),
        {GET: b"ERR CODE:0x010a7001\r\n" + ERROR},
        AtCommandError,
        {"code": 0x010A7001, "reason": "the host name could not be resolved"},
    ),
    "an unknown number": (
        lambda board: board.get(URL),
        {GET: b"ERR CODE:0x010a70ff\r\n" + ERROR},
        AtCommandError,
        {"reason": "the command could not be carried out"},
    ),
    "SEND FAIL": (
        lambda board: board.post(URL, b"12345"),
        {POST: Taking(b"+HTTPCPOST:3,big\r\nERR CODE:0x010a719d\r\n" + SEND_FAIL)},
        HttpStatusError,
        {"status": 413, "body": b"big"},
    ),
    "SEND FAIL without a code": (
        lambda board: board.post(URL, b"12345"),
        {POST: Taking(SEND_FAIL)},
        AtCommandError,
        {"code": None},
    ),
    "ERROR after the data": (
        lambda board: board.put(URL, b"12345"),
        {b"AT+HTTPCPUT=": Taking(ERROR)},
        AtCommandError,
        {"command": "AT+HTTPCPUT"},
    ),
    "ERROR instead of a prompt": (
        lambda board: board.post(URL, b"12345"),
        {POST: b"ERR CODE:0x010a700f\r\n" + ERROR},
        AtCommandError,
        {"reason": "the station has no IP address, or the link was lost"},
    ),
    "an unknown command": (
        lambda board: board.get(URL),
        {},
        AtCommandError,
        {"code": 0x01090000, "reason": "no such command"},
    ),
    "a wrong password": (
        lambda board: board.join("net", "secret"),
        STATION | {b"AT+CWJAP=": b"WIFI DISCONNECT\r\n+CWJAP:2\r\n" + ERROR},
        JoinError,
        {"cause": 2, "reason": "wrong password"},
    ),
    "a join without a cause": (
        lambda board: board.join("net", "secret"),
        STATION | {b"AT+CWJAP=": ERROR},
        JoinError,
        {"cause": None},
    ),
    "a certificate that is not there": (
        lambda board: board.load_certificates(),
        {b"AT+HTTPCFG=": b"NO CA FOUND\r\n" + ERROR},
        AtCommandError,
        {"lines": [b"NO CA FOUND"]},
    ),
    "a scan with other fields": (
        lambda board: board.scan(),
        STATION | {b"AT+CWLAP": b"+CWLAP:(3)\r\n" + OK},
        UnexpectedBytes,
        {},
    ),
    "a body that is too large for memory": (
        lambda board: board.get(URL, max_size=5),
        {GET: b"+HTTPCGET:4,abcd\r\n" * 3 + OK},
        BodyTooLarge,
        {},
    ),
    "a sink that raises": (
        lambda board: board.get(URL, sink=lambda data: 1 / 0),
        {GET: b"+HTTPCGET:4,abcd\r\n" * 3 + OK},
        ZeroDivisionError,
        {},
    ),
    "no answer": (
        lambda board: board.command("AT+GMR", timeout=0.3),
        {b"AT+GMR": [b"", OK]},
        NoAnswer,
        {},
    ),
    "a board that stays busy": (
        lambda board: board.command("AT+GMR", timeout=0.3),
        {b"AT+GMR": BUSY},
        BoardError,
        {},
    ),
}


@pytest.mark.parametrize("name", FAILS)
def test_fails(name: str) -> None:
    call, script, kind, fields = FAILS[name]
    with EspAt(script) as peer, Board.open(peer.port) as board:
        with pytest.raises(kind) as caught:
            call(board)
        assert {key: getattr(caught.value, key) for key in fields} == fields
        assert "secret" not in str(caught.value)
        assert board.request("AT").ok


REFUSED: dict[str, Call] = {
    "no url": lambda board: board.get("example.com"),
    "another scheme": lambda board: board.get("ftp://example.com/"),
    "a blank": lambda board: board.get("http://example.com/a b"),
    "too long": lambda board: board.get("http://x/" + "y" * 8192),
    "a line end in a header": lambda board: board.get(URL, headers={"A": "b\r\nC: d"}),
    "no name": lambda board: board.get(URL, headers={"": "b"}),
    "a header that is too long": lambda board: board.get(URL, headers={"A": "b" * 1100}),
    "a timeout of nothing": lambda board: board.get(URL, timeout=0),
    "a timeout without end": lambda board: board.get(URL, timeout=181),
    "an iterator without a length": lambda board: board.post(URL, iter([b"x"])),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_before_anything_is_sent(name: str) -> None:
    with EspAt({}) as peer, Board.open(peer.port) as board:
        begin = len(peer.lines)
        with pytest.raises(BadRequest, match=r".+"):
            REFUSED[name](board)
        assert peer.lines[begin:] == []


def test_a_file_appears_when_it_is_complete(tmp_path: Path) -> None:
    target = tmp_path / "page"
    target.write_bytes(b"old")
    script: Script = {GET: [NOT_FOUND, b"+HTTPCGET:3,new\r\n" + OK]}
    with EspAt(script) as peer, Board.open(peer.port) as board:
        with pytest.raises(HttpStatusError):
            board.get(URL, sink=target)
        assert target.read_bytes() == b"old"
        assert board.get(URL, sink=target).size == 3
    assert target.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/nowhere/tty", "there is no port /nowhere/tty; `espat ports` lists"),
        ("/dev/null", "/dev/null is no serial port; `espat ports` lists"),
        ("/", "/ is no serial port; `espat ports` lists"),
    ],
)
def test_a_port_that_is_none(path: str, words: str) -> None:
    with pytest.raises(PortLost, match=re.escape(words)):
        Board.open(path)


def test_a_port_belongs_to_one() -> None:
    with EspAt({}) as peer, Board.open(peer.port):
        with pytest.raises(PortLost, match=rf"{peer.port} is busy: .* has it open; close that"):
            Board(peer.port)
        with Board(peer.port, exclusive=False):
            pass


def test_nobody_at_the_port() -> None:
    with EspAt({}) as peer:
        peer.mute = True
        with pytest.raises(NoAnswer):
            Board(peer.port).start(timeout=0.5)


def test_a_prompt_without_ok() -> None:
    """AT+FS=1,1 and AT+SYSFLASH=1 (wire.md 1.7)."""
    script: Script = {
        b'AT+FS=1,1,"f",0,3': Taking(OK, b">"),
        b'AT+FS=1,2,"f",0,3': b"+FS:3,\r\n>" + OK,
        b"AT+SYSFLASH=1,": Taking(OK, PROMPT),
    }
    with EspAt(script) as peer, Board.open(peer.port) as board:
        board.command('AT+FS=1,1,"f",0,3', b"\r\n>", length=3)
        board.command('AT+SYSFLASH=1,"p",0,1', b">", length=1)
        assert board.command('AT+FS=1,2,"f",0,3').body == b"\r\n>"
        assert peer.data == [b"\r\n>", b">"]
