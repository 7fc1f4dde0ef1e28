"""AT+HTTPREQ: requests with any method, with a body or without."""

import json

import pytest

from espat_host.client.board import Board
from espat_host.local_world.raw_server import RawServer, pause, read_request, send, silence
from espat_host.local_world.servers import Servers

OK, ERROR = b"\r\nOK\r\n", b"\r\nERROR\r\n"
HELLO = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
CHUNK = b"+HTTPREQ:5,hello\r\n"


@pytest.fixture
def board(joined: Board) -> Board:
    """A joined board that tells reasons."""
    joined.ask("AT+SYSLOG=1")
    return joined


def request_of(server: RawServer) -> tuple[str, dict[str, str], bytes]:
    head, _, body = bytes(server.received[-1]).partition(b"\r\n\r\n")
    line, *fields = head.decode().split("\r\n")
    return line, dict(field.split(": ", 1) for field in fields), body


@pytest.mark.parametrize("method", ["GET", "PATCH", "OPTIONS", "PROPFIND", "M-SEARCH", "get", "!"])
def test_without_a_body(board: Board, raw_server: RawServer, method: str) -> None:
    raw_server.answer(HELLO)
    assert board.ask(f'AT+HTTPREQ="{method}","{raw_server.url}/a?b"') == CHUNK + OK
    line, fields, body = request_of(raw_server)
    assert (line, body) == (f"{method} /a?b HTTP/1.1", b"")
    assert fields.keys() == {"Host", "User-Agent"}


@pytest.mark.parametrize("method", ["PATCH", "DELETE", "POST", "GET", "REPORT"])
@pytest.mark.parametrize("data", [b"", b"a", b"AT\r\n" * 10_000])
@pytest.mark.parametrize("secure", [False, True])
def test_with_a_body(
    board: Board,
    raw_server: RawServer,
    tls_raw_server: RawServer,
    method: str,
    data: bytes,
    secure: bool,
) -> None:
    """An empty one, too, which has a prompt and a Content-Length."""
    server = tls_raw_server if secure else raw_server
    server.answer(HELLO)
    reply = board.request(f'AT+HTTPREQ="{method}","{server.url}/a",{len(data)}', data)
    assert reply.raw == CHUNK + OK
    line, fields, body = request_of(server)
    assert (line, body) == (f"{method} /a HTTP/1.1", data)
    assert fields["Content-Length"] == str(len(data))
    assert "Content-Type" not in fields


def test_a_head_has_no_body(board: Board, raw_server: RawServer) -> None:
    raw_server.answer(HELLO[:-5])
    assert board.ask(f'AT+HTTPREQ="HEAD","{raw_server.url}"') == OK


def test_headers_and_chunks(board: Board, raw_server: RawServer) -> None:
    raw_server.answer(HELLO)
    board.request("AT+HTTPCHEAD=6", b"X-A: b")
    line = f'AT+HTTPREQ="PATCH","{raw_server.url}",2,,4,2,"Content-Type: a/b","X-A: c"'
    reply = board.request(line, b"{}")
    assert reply.raw == b"+HTTPREQ:4,hell\r\n+HTTPREQ:1,o\r\n" + OK
    _, fields, body = request_of(raw_server)
    assert (fields["Content-Type"], fields["X-A"], body) == ("a/b", "b", b"{}")


def test_the_preset_url(board: Board, raw_server: RawServer) -> None:
    raw_server.answer(HELLO)
    url = raw_server.url.encode() + b"/preset"
    assert board.request(f"AT+HTTPURLCFG={len(url)}", url).result == b"SET OK"
    assert board.ask('AT+HTTPREQ="TRACE",""') == CHUNK + OK
    assert request_of(raw_server)[0] == "TRACE /preset HTTP/1.1"


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ('"GET"', "01060201"),
        ('"","{url}"', "01070000"),
        ('"A B","{url}"', "01070000"),
        ('"A\r","{url}"', "01070000"),
        ('"CONNECT","{url}"', "01070000"),
        ('5,"{url}"', "01050000"),
        ('"' + "X" * 33 + '","{url}"', "01040000"),
        ('"A","ftp://h"', "01070001"),
        ('"A","{url}",-1', "01070002"),
        ('"A","{url}",,180001', "01070003"),
        ('"A","{url}",,,10241', "01070004"),
        ('"A","{url}",,,,1', "01060706"),
        ('"A","{url}",,,,0,"a: b"', "01060607"),
        ('"A","{url}",,,,1,"a"', "01070006"),
    ],
)
def test_bad_parameters(asked_joined: Board, raw_server: RawServer, values: str, code: str) -> None:
    asked_joined.ask("AT+SYSLOG=1")
    answer = asked_joined.ask("AT+HTTPREQ=" + values.format(url=raw_server.url))
    assert answer == b"ERR CODE:0x%s\r\n" % code.encode() + ERROR
    assert not raw_server.received


def test_failures_end_with_error(board: Board, raw_server: RawServer) -> None:
    """What breaks off after the prompt, too: HTTPCPOST has SEND FAIL for that."""
    raw_server.script(read_request, silence)
    reply = board.request(f'AT+HTTPREQ="PATCH","{raw_server.url}",1,300', b"x")
    assert reply.raw == b"ERR CODE:0x010a700b\r\n" + ERROR
    raw_server.answer(HELLO.replace(b"200", b"404"))
    reply = board.request(f'AT+HTTPREQ="PATCH","{raw_server.url}",1', b"x")
    assert reply.raw == CHUNK + b"ERR CODE:0x010a7194\r\n" + ERROR
    raw_server.stop()
    reply = board.request(f'AT+HTTPREQ="PATCH","{raw_server.url}",5', b"AT\r\nx")
    assert reply.raw == b"ERR CODE:0x010a7002\r\n" + ERROR
    assert board.ask("AT") == OK


def test_not_joined(dut: Board) -> None:
    dut.ask("AT+SYSLOG=1")
    assert dut.ask('AT+HTTPREQ="PATCH","http://127.0.0.1/",3') == (
        b"ERR CODE:0x010a700f\r\n" + ERROR
    )


def test_what_may_act_twice_is_not_sent_twice(board: Board, raw_server: RawServer) -> None:
    """A kept connection is for methods that may be repeated (RFC 9110 9.2.2)."""
    raw_server.script(read_request, send(HELLO), read_request, send(HELLO), pause(20))
    raw_server.script(read_request, send(HELLO), pause(20))
    board.ask(f'AT+HTTPCGET="{raw_server.url}"')
    assert board.ask(f'AT+HTTPREQ="OPTIONS","{raw_server.url}"') == CHUNK + OK
    assert len(raw_server.received) == 1
    assert board.ask(f'AT+HTTPREQ="PATCH","{raw_server.url}"') == CHUNK + OK
    assert len(raw_server.received) == 2


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("method", ["PATCH", "DELETE", "POST", "PUT"])
def test_httpbin(board: Board, servers: Servers, scheme: str, method: str) -> None:
    base = servers.http if scheme == "http" else servers.https
    line = f'AT+HTTPREQ="{method}","{base}/anything",7,,,1,"Content-Type: application/json"'
    seen = json.loads(board.request(line, b'{"a":1}').body)
    assert (seen["method"], seen["json"]) == (method, {"a": 1})
