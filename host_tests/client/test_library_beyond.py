"""The library and the commands beyond ESP-AT's (docs/wire.md 15): used where a board has them."""

from collections.abc import Callable

import pytest

from espat.pure import errors, reasons
from espat_host import (
    AtCommandError,
    BadRequest,
    Board,
    Head,
    HttpStatusError,
    NotSupported,
)
from espat_host.local_world.raw_server import (
    RawServer,
)
from host_tests.client.esp_at import OK, EspAt, Script, Taking

HEAD = b"HTTP/1.1 203 X\r\nContent-Length: 5\r\nX-A: b: c\r\n\r\n"
FIELDS = [("Content-Length", "5"), ("X-A", "b: c")]
DEFAULTS = (b"+HTTPREPORT:0", b"+HTTPREDIRECT:0,0", b"+HTTPTIMEOUT:5000,0", b"+HTTPPULL:0")
URL = "http://example.com/x"
Call = Callable[[Board, str], object]


def redirect(status: int, target: str) -> bytes:
    head = f"HTTP/1.1 {status} X\r\nLocation: {target}\r\nContent-Length: 3\r\n\r\n"
    return head.encode() + b"far"


def settings(board: Board) -> tuple[bytes, ...]:
    names = ("REPORT", "REDIRECT", "TIMEOUT", "PULL")
    return tuple(board.command(f"AT+HTTP{name}?").lines[0] for name in names)


METHODS: dict[str, Call] = {
    "GET": lambda board, url: board.get(url),
    "HEAD": lambda board, url: board.head(url),
    "POST": lambda board, url: board.post(url, b"data"),
    "PUT": lambda board, url: board.put(url, b"data"),
    "DELETE": lambda board, url: board.delete(url),
    "PATCH": lambda board, url: board.http("PATCH", url, b"data"),
    "propFind": lambda board, url: board.http("propFind", url),
}


@pytest.mark.parametrize("method", METHODS)
def test_status_and_headers_of_a_success(board: Board, raw_server: RawServer, method: str) -> None:
    raw_server.answer(HEAD if method == "HEAD" else HEAD + b"hello")
    answer: object = METHODS[method](board, raw_server.url)
    told = (getattr(answer, "status", None), getattr(answer, "headers", None))
    assert told == (203, FIELDS)
    assert bytes(raw_server.received[0]).startswith(method.encode() + b" / HTTP/1.1\r\n")
    assert settings(board) == DEFAULTS


@pytest.mark.parametrize("method", METHODS)
def test_headers_of_a_failure(board: Board, raw_server: RawServer, method: str) -> None:
    raw_server.answer((HEAD if method == "HEAD" else HEAD + b"hello").replace(b"203", b"404"))
    with pytest.raises(HttpStatusError) as caught:
        METHODS[method](board, raw_server.url)
    assert (caught.value.status, caught.value.headers) == (404, FIELDS)
    assert caught.value.body == (b"" if method == "HEAD" else b"hello")
    assert settings(board) == DEFAULTS


def test_what_was_set_stays_set(board: Board, raw_server: RawServer) -> None:
    for line in ("AT+HTTPREPORT=8", "AT+HTTPREDIRECT=3,1", "AT+HTTPTIMEOUT=7000,90000"):
        board.command(line)
    raw_server.answer(HEAD + b"hello")
    raw_server.answer(HEAD + b"hello")
    url = raw_server.url
    assert board.http("GET", url, redirects=1, max_time=9, timeout=8).body == b"hello"
    assert board.get(url).body == b"hello"
    assert settings(board)[:3] == (
        b"+HTTPREPORT:8",
        b"+HTTPREDIRECT:3,1",
        b"+HTTPTIMEOUT:7000,90000",
    )
    for line in ("AT+HTTPREPORT=0", "AT+HTTPREDIRECT=0", "AT+HTTPTIMEOUT=0"):
        board.command(line)


def test_redirects(board: Board, raw_server: RawServer) -> None:
    raw_server.answer(redirect(302, "/two"))
    raw_server.answer(redirect(308, "three#x"))
    raw_server.answer(HEAD + b"hello")
    answer = board.get(raw_server.url, redirects=2)
    url = raw_server.url
    assert answer.hops == [(302, f"{url}/two"), (308, f"{url}/three")]
    assert (answer.status, answer.headers, answer.body) == (203, FIELDS, b"hello")
    assert settings(board) == DEFAULTS


def test_a_redirect_is_an_answer_unless_one_asks(board: Board, raw_server: RawServer) -> None:
    raw_server.answer(redirect(302, "/two"))
    answer = board.get(raw_server.url)
    assert (answer.status, answer.body, answer.hops) == (302, b"far", [])
    assert answer.header("Location") == "/two"


def test_too_many_redirects(board: Board, raw_server: RawServer) -> None:
    for _ in range(3):
        raw_server.answer(redirect(302, "/"))
    with pytest.raises(AtCommandError) as caught:
        board.get(raw_server.url, redirects=2)
    assert caught.value.code == errors.EXEC_FAIL | reasons.REDIRECTS
    assert settings(board) == DEFAULTS


@pytest.mark.parametrize("method", ["PATCH", "DELETE", "GET", "M-SEARCH"])
@pytest.mark.parametrize("data", [b"", b"a=b"])
def test_any_method_with_a_body(
    board: Board, raw_server: RawServer, method: str, data: bytes
) -> None:
    raw_server.answer(HEAD + b"hello")
    assert board.http(method, raw_server.url, data, headers={"X-B": "c"}).body == b"hello"
    head, _, body = bytes(raw_server.received[0]).partition(b"\r\n\r\n")
    assert head.startswith(method.encode() + b" / HTTP/1.1\r\n")
    assert b"\r\nX-B: c" in head
    assert b"\r\nContent-Length: %d" % len(data) in head
    assert (b"\r\nContent-Type: application/x-www-form-urlencoded" in head) == bool(data)
    assert body == data


def test_json_with_any_method(board: Board, raw_server: RawServer) -> None:
    raw_server.answer(HEAD + b"hello")
    board.http("PATCH", raw_server.url + "/" + "y" * 300, json={"a": 1})
    head, _, body = bytes(raw_server.received[0]).partition(b"\r\n\r\n")
    assert head.count(b"\r\nContent-Type: application/json") == head.count(b"Content-Type") == 1
    assert body == b'{"a": 1}'


def test_the_head_comes_before_the_body(board: Board, raw_server: RawServer) -> None:
    raw_server.answer(HEAD + b"hello")
    came: list[object] = []
    board.http("GET", raw_server.url, sink=came.append, on_head=came.append)
    assert came == [Head(203, 5, FIELDS, []), b"hello"]


@pytest.mark.parametrize("method", ["", "A B", "connect", "x" * 33, "A\r\nB"])
def test_what_is_no_method(board: Board, method: str) -> None:
    with pytest.raises(BadRequest, match="is no method to send"):
        board.http(method, URL)


NEEDS: dict[str, tuple[Call, str]] = {
    "another method": (lambda board, url: board.http("PATCH", url), r"send a PATCH: .*HTTPREQ"),
    "a body": (lambda board, url: board.http("DELETE", url, b"x"), "send a DELETE with a body"),
    "redirects": (lambda board, url: board.get(url, redirects=1), "follow redirects"),
    "a limit": (lambda board, url: board.http("GET", url, max_time=1), "end a request in time"),
    "pull": (lambda board, url: list(board.stream(url, pull=9)), "a body piece by piece"),
    "a head": (
        lambda board, url: board.http("GET", url, on_head=print),
        "tell the headers of a GET: its firmware has no AT.HTTPREPORT",
    ),
}


@pytest.mark.parametrize("name", NEEDS)
def test_original_esp_at_is_asked_once_and_refused(name: str) -> None:
    call, words = NEEDS[name]
    script: Script = {b"AT+HTTPCGET=": b"+HTTPCGET:2,hi\r\n" + OK}
    with EspAt(script) as peer, Board.open(peer.port) as board:
        begin = len(peer.lines)
        with pytest.raises(NotSupported, match=words):
            call(board, URL)
        answer = board.get(URL)
        assert (answer.body, answer.status, answer.headers) == (b"hi", None, [])
        assert peer.lines[begin:] == [b"AT+HTTPREPORT?", b'AT+HTTPCGET="http://example.com/x"']


def test_the_wait_of_esp_at_itself_comes_back(board: Board, raw_server: RawServer) -> None:
    """It is told as 5000, and is 10000 for AT+FS_TO_HTTP_SERVER: so 0, which is each one's own."""
    sent: list[bytes] = []
    board.watch_sent = sent.append
    raw_server.answer(HEAD + b"hello")
    board.delete(raw_server.url, timeout=9)
    board.watch_sent = None
    assert b"AT+HTTPTIMEOUT=9000,0" in sent
    assert b"AT+HTTPTIMEOUT=0,0" in sent


def test_no_redirects_are_what_original_esp_at_does() -> None:
    script: Script = {b"AT+HTTPCPOST=": Taking(b"\r\nSEND OK\r\n")}
    with EspAt(script) as peer, Board.open(peer.port) as board:
        assert board.http("post", URL, b"x", redirects=0).status is None
