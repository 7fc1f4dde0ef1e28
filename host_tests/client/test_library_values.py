"""What a program gives to the library and gets from it: uploads, headers, answers; and what it is
told where it gave the wrong thing."""

import io
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from espat_host import Answer, BadRequest, Board, NoSuchBody, UploadFault
from host_tests.client.esp_at import OK, EspAt, Script, Taking

URL = "http://example.com/x"
POST, GET = b"AT+HTTPCPOST=", b"AT+HTTPCGET="
TAKING: Script = {POST: Taking(OK)}

Call = Callable[[Any], object]
SENT: dict[str, tuple[Call, bytes]] = {
    "bytes": (lambda board: board.post(URL, b"a=1"), b"a=1"),
    "text": (lambda board: board.post(URL, "gr\u00fc\u00dfe"), "gr\u00fc\u00dfe".encode()),
    "a bytearray": (lambda board: board.post(URL, bytearray(b"a=1")), b"a=1"),
    "a part of one": (lambda board: board.post(URL, memoryview(b"xa=1")[1:]), b"a=1"),
    "a file": (lambda board: board.post(URL, io.BytesIO(b"a=1")), b"a=1"),
    "the rest of a file": (lambda board: board.post(URL, at(io.BytesIO(b"xa=1"), 1)), b"a=1"),
    "pieces": (lambda board: board.post(URL, iter([b"a", b"=1"]), length=3), b"a=1"),
    "pieces of other kinds": (
        lambda board: board.post(URL, [bytearray(b"a"), memoryview(b"=1")], length=3),
        b"a=1",
    ),
    "JSON": (
        lambda board: board.post(URL, json={"a": [1, None, "\u00fc"]}),
        b'{"a": [1, null, "\\u00fc"]}',
    ),
    "JSON that is empty": (lambda board: board.post(URL, json={}), b"{}"),
    "JSON that is no": (lambda board: board.post(URL, json=False), b"false"),
}


def at(file: io.BytesIO, place: int) -> io.BytesIO:
    file.seek(place)
    return file


@pytest.mark.parametrize("name", SENT)
def test_what_is_sent(name: str) -> None:
    call, data = SENT[name]
    with EspAt(TAKING) as peer, Board.open(peer.port) as board:
        call(board)
        assert peer.data == [data]
        typed = [b"Content-Type: application/json" in line for line in peer.lines[-1:]]
        assert typed == ["JSON" in name]


def test_a_command_takes_text() -> None:
    line = 'AT+SYSMFG=2,"ns","key",8,5'
    with EspAt({b"AT+SYSMFG=2,": Taking(OK)}) as peer, Board.open(peer.port) as board:
        board.command(line, "value", length=5)
        board.request(line, "value")
        assert peer.data == [b"value", b"value"]


def test_another_type_of_json_stays() -> None:
    with EspAt(TAKING) as peer, Board.open(peer.port) as board:
        board.post(URL, json=[], headers={"content-type": "application/problem+json"})
        assert peer.lines[-1].count(b"ontent-") == 1


HEADERS: dict[str, tuple[object, bytes]] = {
    "a number": ({"X-A": 5}, b'"X-A: 5"'),
    "a fraction": ({"X-A": 0.5}, b'"X-A: 0.5"'),
    "bytes": ({"X-A": b"b"}, b'"X-A: b"'),
    "blanks around": ({" X-A ": " b "}, b'"X-A: b"'),
    "pairs": ([("X-A", 1), ("X-A", "2")], b'"X-A: 1","X-A: 2"'),
    "lists as pairs": ([["X-A", 1]], b'"X-A: 1"'),
}


@pytest.mark.parametrize("name", HEADERS)
def test_headers_become_text(name: str) -> None:
    headers, sent = HEADERS[name]
    board: Any
    with EspAt(TAKING) as peer, Board.open(peer.port) as board:
        board.post(URL, b"x", headers=headers)
        assert peer.lines[-1].endswith(sent)


REFUSED: dict[str, tuple[Call, str]] = {
    "a header without a value": (lambda b: b.get(URL, headers={"A": None}), "A is None"),
    "a header that is true": (lambda b: b.get(URL, headers={"A": True}), "A is True"),
    "a header that is a list": (lambda b: b.get(URL, headers={"A": ["b"]}), "text or a number"),
    "a header that is no number": (lambda b: b.get(URL, headers={"A": float("nan")}), "number"),
    "a name that is a number": (lambda b: b.get(URL, headers={1: "b"}), "1 is no name"),
    "headers as text": (lambda b: b.get(URL, headers="A: b"), "pairs of a name and a value"),
    "headers as lines": (lambda b: b.get(URL, headers=["A: b"]), "pairs of a name and a value"),
    "headers as a number": (lambda b: b.get(URL, headers=5), "pairs of a name and a value"),
    "no text in a header": (lambda b: b.get(URL, headers={"A": b"\xff"}), "no UTF-8"),
    "half a character in a header": (lambda b: b.get(URL, headers={"A": "\ud800"}), "no Unicode"),
    "a url of bytes": (lambda b: b.get(URL.encode()), "no url: that is text"),
    "no url": (lambda b: b.head(None), "None is no url"),
    "half a character in a url": (lambda b: b.get(URL + "\ud800"), "no Unicode"),
    "no timeout": (lambda b: b.get(URL, timeout=None), "None is no timeout"),
    "data and JSON": (lambda b: b.post(URL, b"x", json=1), "not both"),
    "a length and JSON": (lambda b: b.post(URL, length=3, json=1), "not both"),
    "what is no JSON": (lambda b: b.post(URL, json=Decimal(1)), "as JSON"),
    "a number that is none": (lambda b: b.post(URL, json=float("inf")), "as JSON"),
    "a mapping": (lambda b: b.post(URL, {"a": 1}), "json="),
    "a number as data": (lambda b: b.post(URL, 5), "int cannot be sent"),
    "nothing as data": (lambda b: b.put(URL, None), "NoneType cannot be sent"),
    "a file of text": (lambda b: b.post(URL, io.StringIO("x")), '"rb"'),
    "half a character": (lambda b: b.post(URL, "\ud800"), "no Unicode"),
    "a certificate by its name": (lambda b: b.load_certificates(ca="ca.pem"), "Path to its file"),
    "a certificate without its key": (lambda b: b.load_certificates(cert=b"x"), "come together"),
    "pieces without a length": (lambda b: b.post(URL, [b"x"]), "length"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_before_anything_is_sent(name: str) -> None:
    call, told = REFUSED[name]
    with EspAt({}) as peer, Board.open(peer.port) as board:
        begin = len(peer.lines)
        with pytest.raises(BadRequest) as caught:
            call(board)
        assert told in str(caught.value)
        assert peer.lines[begin:] == []
        assert board.request("AT").ok


def test_pieces_that_are_no_bytes() -> None:
    """Seen in the first of them, before the board waits for it."""
    board: Any
    with EspAt(TAKING) as peer, Board.open(peer.port) as board:
        begin = len(peer.lines)
        with pytest.raises(UploadFault, match="comes as str"):
            board.post(URL, ["abc"], length=3)
        assert peer.lines[begin:] == []


def test_the_body_as_text_and_as_json() -> None:
    body = json.dumps({"a": "\u00fc"}, ensure_ascii=False).encode()
    said = b"+HTTPCGET:%d,%s\r\n" % (len(body), body)
    with EspAt({GET: said + OK}) as peer, Board.open(peer.port) as board:
        answer = board.get(URL)
    assert answer.text == body.decode()
    assert answer.json() == {"a": "\u00fc"}


def answer(body: bytes, size: int | None = None) -> Answer:
    return Answer("GET", URL, len(body) if size is None else size, 0.1, body)


def test_a_body_that_is_no_text() -> None:
    assert answer(b"a\xff").text == "a\ufffd"


@pytest.mark.parametrize(
    ("body", "size", "told"),
    [(b"<html>", None, "begins b'<html>'"), (b"", None, "empty"), (b"", 5, "went to a sink")],
)
def test_a_body_that_is_no_json(body: bytes, size: int | None, told: str) -> None:
    with pytest.raises(NoSuchBody, match=told):
        answer(body, size).json()


def test_a_body_in_a_file_is_no_text(tmp_path: Path) -> None:
    with EspAt({GET: b"+HTTPCGET:3,new\r\n" + OK}) as peer, Board.open(peer.port) as board:
        answer = board.get(URL, sink=tmp_path / "page")
    with pytest.raises(NoSuchBody, match="went to a sink"):
        assert answer.text
