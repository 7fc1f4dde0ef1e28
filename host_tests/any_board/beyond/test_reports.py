"""AT+HTTPREPORT: what an answer is, told before and after its body."""

import re

import pytest

from espat_host.client.board import Board
from espat_host.local_world.raw_server import RawServer, drip, read_request, send
from espat_host.local_world.servers import Servers
from host_tests.any_board.http.board_files import download, prepare

OK, ERROR, FAIL = b"\r\nOK\r\n", b"\r\nERROR\r\n", b"\r\nSEND FAIL\r\n"
FIELDS = b'Content-Type: text/plain; charset="x"\r\nX-A:  b c \r\n'
HELLO = b"HTTP/1.1 200 OK\r\n" + FIELDS + b"Content-Length: 5\r\n\r\nhello"
TOLD = (
    b'+HTTPHEADER:37,Content-Type: text/plain; charset="x"\r\n'
    b"+HTTPHEADER:8,X-A: b c\r\n"
    b"+HTTPHEADER:17,Content-Length: 5\r\n"
    b'+HTTPSTATUS:200,5,"text/plain; charset="x""\r\n'
)
MS = re.compile(rb"(\+HTTPEND:\d+,)\d+")


@pytest.fixture
def board(joined: Board) -> Board:
    """A joined board that tells reasons, and everything else."""
    joined.ask("AT+SYSLOG=1")
    assert joined.ask("AT+HTTPREPORT=15") == OK
    return joined


def raw(board: Board, line: str, data: bytes | None = None) -> bytes:
    """The answer, its milliseconds as `t`."""
    return MS.sub(rb"\1t", board.request(line, data).raw)


def test_what_is_set_is_told(dut: Board) -> None:
    dut.ask("AT+SYSLOG=1")
    assert dut.ask("AT+HTTPREPORT?") == b"+HTTPREPORT:0\r\n" + OK
    for mask in (15, 1, 0):
        assert dut.ask(f"AT+HTTPREPORT={mask}") == OK
        assert dut.ask("AT+HTTPREPORT?") == b"+HTTPREPORT:%d\r\n" % mask + OK
    for values, code in (("16", "01070000"), ("-1", "01070000"), ("", "01070000")):
        assert dut.ask(f"AT+HTTPREPORT={values}") == b"ERR CODE:0x%s\r\n" % code.encode() + ERROR
    assert dut.ask("AT+HTTPREPORT=1,1") == b"ERR CODE:0x01060102\r\n" + ERROR
    assert dut.ask("AT+HTTPREPORT?") == b"+HTTPREPORT:0\r\n" + OK


def lines(url: str) -> list[tuple[str, bytes | None, bytes, bytes]]:
    """(command, its data, its chunk, its end)."""
    return [
        (f'AT+HTTPCLIENT=2,0,"{url}",,,1', None, b"+HTTPCLIENT:5,hello\r\n", OK),
        (f'AT+HTTPCLIENT=3,0,"{url}",,,1,"a=b"', None, b"+HTTPCLIENT:5,hello\r\n", OK),
        (f'AT+HTTPCGET="{url}"', None, b"+HTTPCGET:5,hello\r\n", OK),
        (f'AT+HTTPCPOST="{url}",3', b"abc", b"+HTTPCPOST:5,hello\r\n", b"\r\nSEND OK\r\n"),
        (f'AT+HTTPCPUT="{url}",3', b"abc", b"+HTTPCPUT:5,hello\r\n", b"\r\nSEND OK\r\n"),
        (f'AT+HTTPGET_TO_FS="g",{len(url)}', url.encode(), b"", OK),
        (
            f'AT+FS_TO_HTTP_SERVER="f",{len(url)}',
            url.encode(),
            b"+FS_TO_HTTP_SERVER:5,hello\r\n",
            OK,
        ),
    ]


@pytest.mark.parametrize("number", range(7))
@pytest.mark.parametrize("secure", [False, True])
def test_every_command(
    board: Board, raw_server: RawServer, tls_raw_server: RawServer, number: int, secure: bool
) -> None:
    prepare(board)
    server = tls_raw_server if secure else raw_server
    server.script(read_request, send(HELLO))
    line, data, chunk, end = lines(server.url)[number]
    answer = raw(board, line, data)
    assert answer.removeprefix(b"\r\nOK\r\n\r\n>") == TOLD + chunk + b"+HTTPEND:5,t\r\n" + end


def test_a_head(board: Board, raw_server: RawServer) -> None:
    raw_server.answer(HELLO[:-5])
    head = (
        b'+HTTPCLIENT:37, Content-Type: text/plain; charset="x"\r\n',
        b"+HTTPCLIENT:8, X-A: b c\r\n",
        b"+HTTPCLIENT:17, Content-Length: 5\r\n",
    )
    told = TOLD.splitlines(keepends=True)
    both = [line for pair in zip(head, told, strict=False) for line in pair]
    answer = raw(board, f'AT+HTTPCLIENT=1,0,"{raw_server.url}",,,1')
    assert answer == b"".join(both) + told[3] + b"+HTTPEND:0,t\r\n" + OK


def test_a_size(board: Board, raw_server: RawServer) -> None:
    raw_server.answer(HELLO[:-5])
    answer = raw(board, f'AT+HTTPGETSIZE="{raw_server.url}"')
    assert answer == TOLD + b"+HTTPEND:0,t\r\n+HTTPGETSIZE:5\r\n" + OK


BODY = b"+HTTPCGET:5,hello\r\n+HTTPEND:5,t\r\n"


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (b"200 OK\r\nConnection: close\r\n\r\nhello", b'200,-1,""\r\n' + BODY + OK),
        (
            b"206 X\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n",
            b'206,-1,""\r\n' + BODY + OK,
        ),
        (b"204 X\r\n\r\n", b'204,0,""\r\n+HTTPEND:0,t\r\n' + OK),
        (
            b"404 X\r\nContent-Length: 5\r\nContent-Type: a/b\r\n\r\nhello",
            b'404,5,"a/b"\r\n' + BODY + b"ERR CODE:0x010a7194\r\n" + ERROR,
        ),
        (
            b"302 X\r\nContent-Length: 5\r\nLocation: /\r\n\r\nhello",
            b'302,5,""\r\n' + BODY + OK,
        ),
        (
            b"200 X\r\nContent-Length: 9\r\n\r\nhello",
            b'200,9,""\r\n' + BODY + b"ERR CODE:0x010a700c\r\n" + ERROR,
        ),
        (
            b"200 X\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhello",
            b'200,-1,""\r\n' + BODY + b"ERR CODE:0x010a700c\r\n" + ERROR,
        ),
    ],
)
def test_kinds_of_answers(board: Board, raw_server: RawServer, answer: bytes, told: bytes) -> None:
    assert board.ask("AT+HTTPREPORT=9") == OK
    raw_server.answer(b"HTTP/1.1 " + answer)
    assert raw(board, f'AT+HTTPCGET="{raw_server.url}"') == b"+HTTPSTATUS:" + told


@pytest.mark.parametrize("mask", range(16))
def test_each_bit_alone(board: Board, raw_server: RawServer, mask: int) -> None:
    assert board.ask(f"AT+HTTPREPORT={mask}") == OK
    raw_server.answer(HELLO)
    answer = raw(board, f'AT+HTTPCGET="{raw_server.url}"')
    told = TOLD.splitlines(keepends=True)
    wanted = b"".join(told[:3]) if mask & 2 else b""
    wanted += told[3] if mask & 1 else b""
    wanted += b"+HTTPCGET:5,hello\r\n"
    wanted += b"+HTTPEND:5,t\r\n" if mask & 8 else b""
    assert answer == wanted + OK


def test_what_failed_has_an_end_too(board: Board, raw_server: RawServer) -> None:
    url = raw_server.url
    raw_server.stop()
    assert raw(board, f'AT+HTTPCGET="{url}"') == (
        b"+HTTPEND:0,t\r\nERR CODE:0x010a7002\r\n" + ERROR
    )
    answer = raw(board, f'AT+HTTPCPOST="{url}",3', b"abc")
    assert answer.endswith(b"+HTTPEND:0,t\r\nERR CODE:0x010a7002\r\n" + FAIL)


def test_they_are_out_before_the_body(board: Board, raw_server: RawServer) -> None:
    raw_server.script(read_request, send(HELLO[:-5]), drip(b"hello", 1.0, 5), drip(b"", 0))
    board.send_line(f'AT+HTTPCGET="{raw_server.url}"')
    board.expect(TOLD)
    board.read_until(OK)


def test_message_filters_see_them(board: Board, raw_server: RawServer) -> None:
    assert board.request("AT+SYSMSGFILTERCFG=1,8,0", b"^+HTTPHE").ok
    assert board.request("AT+SYSMSGFILTERCFG=1,17,3", b"^+HTTPCGET:[0-9],\r\n$").ok
    assert board.ask("AT+SYSMSGFILTER=1") == OK
    raw_server.answer(HELLO)
    cut = TOLD.replace(b"+HTTPHE", b"").replace(b"+HTTPCGET:5,", b"")
    answer = raw(board, f'AT+HTTPCGET="{raw_server.url}"')
    assert answer == cut + b"hello" + b"+HTTPEND:5,t\r\n" + OK


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("framing", ["length", "chunked", "close"])
def test_large_bodies(board: Board, servers: Servers, scheme: str, framing: str) -> None:
    base = servers.http if scheme == "http" else servers.https
    url = f"{base}/bytes-stream/200000?seed=7&framing={framing}"
    answer = board.request(f'AT+HTTPCGET="{url}"')
    assert answer.ok
    length = b"200000" if framing == "length" else b"-1"
    assert b"\r\n+HTTPSTATUS:200,%s," % length in answer.raw
    assert re.search(rb"\r\n\+HTTPEND:200000,\d+\r\n\r\nOK\r\n$", answer.raw)


def test_a_download(board: Board, servers: Servers) -> None:
    prepare(board)
    answer = download(board, "g", servers.https + "/bytes/3000")
    assert b'+HTTPSTATUS:200,3000,"application/octet-stream"\r\n' in answer
    assert answer.endswith(OK)
