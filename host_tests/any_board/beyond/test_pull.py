"""AT+HTTPPULL and AT+HTTPREAD: a body that the host reads piece by piece."""

import re
import time

import pytest

from espat_host.client.board import Board
from espat_host.local_world.payload import payload
from espat_host.local_world.raw_server import RawServer, pause, read_request, reset, send
from espat_host.local_world.servers import Servers
from host_tests.any_board.http.board_files import prepare, write

OK, ERROR = b"\r\nOK\r\n", b"\r\nERROR\r\n"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: a/b\r\n"
HELLO = HEAD + b"Content-Length: 5\r\n\r\nhello"
END = b"+HTTPREAD:0,\r\n" + OK
NOTHING = b"ERR CODE:0x010a701d\r\n" + ERROR
STATUS = b'+HTTPSTATUS:200,5,"a/b"\r\n'


@pytest.fixture
def board(joined: Board) -> Board:
    """A joined board that tells reasons and pulls."""
    joined.ask("AT+SYSLOG=1")
    assert joined.ask("AT+HTTPPULL=1") == OK
    return joined


def read(board: Board, most: int = 2048) -> bytes:
    """What one AT+HTTPREAD gives."""
    reply = board.request(f"AT+HTTPREAD={most}")
    assert reply.ok, reply.raw
    assert len(reply.body) <= most
    return reply.body


def read_all(board: Board, *sizes: int) -> bytes:
    found = bytearray()
    while True:
        for size in sizes:
            piece = read(board, size)
            if not piece:
                return bytes(found)
            found += piece


def test_what_is_set_is_told(dut: Board) -> None:
    dut.ask("AT+SYSLOG=1")
    assert dut.ask("AT+HTTPPULL?") == b"+HTTPPULL:0\r\n" + OK
    assert dut.ask("AT+HTTPPULL=1") == OK
    assert dut.ask("AT+HTTPPULL?") == b"+HTTPPULL:1\r\n" + OK
    assert dut.ask("AT+HTTPPULL=2") == b"ERR CODE:0x01070000\r\n" + ERROR
    assert dut.ask("AT+HTTPREAD?") == OK
    assert dut.ask("AT+HTTPREAD=5") == NOTHING
    assert dut.ask("AT+HTTPREAD=0") == b"ERR CODE:0x01070000\r\n" + ERROR
    assert dut.ask("AT+HTTPREAD=1,1") == b"ERR CODE:0x01060102\r\n" + ERROR


@pytest.mark.parametrize(
    "line",
    ['HTTPCLIENT=2,0,"{}",,,1', 'HTTPCGET="{}"', 'HTTPREQ="GET","{}"', 'HTTPREQ="PUT","{}",3'],
)
@pytest.mark.parametrize("secure", [False, True])
def test_the_body_waits(
    board: Board, raw_server: RawServer, tls_raw_server: RawServer, line: str, secure: bool
) -> None:
    server = tls_raw_server if secure else raw_server
    server.answer(HELLO)
    data = b"abc" if line.endswith("3") else None
    assert board.request("AT+" + line.format(server.url), data).raw == STATUS + OK
    assert re.fullmatch(rb"\+HTTPBODY:0,[01],5\r\n" + OK, board.ask("AT+HTTPREAD?"))
    assert board.ask("AT+HTTPREAD=2") == b"+HTTPREAD:2,he\r\n" + OK
    assert board.ask("AT+CWMODE?") == b"+CWMODE:1\r\n" + OK
    assert board.ask("AT+HTTPREAD=2048") == b"+HTTPREAD:3,llo\r\n" + OK
    assert board.ask("AT+HTTPREAD?") == b"+HTTPBODY:5,1,0\r\n" + OK
    assert board.ask("AT+HTTPREAD=2048") == END
    assert board.ask("AT+HTTPREAD=2048") == NOTHING
    assert board.ask("AT+HTTPREAD?") == OK


def test_other_commands_answer_as_ever(board: Board, raw_server: RawServer) -> None:
    raw_server.answer(HELLO)
    reply = board.request(f'AT+HTTPCPOST="{raw_server.url}",3', b"abc")
    assert reply.raw == b"+HTTPCPOST:5,hello\r\n\r\nSEND OK\r\n"
    raw_server.answer(HELLO[:-5])
    assert board.ask(f'AT+HTTPGETSIZE="{raw_server.url}"') == b"+HTTPGETSIZE:5\r\n" + OK
    assert board.ask("AT+HTTPREAD=5") == NOTHING


@pytest.mark.parametrize(
    ("answer", "status", "left"),
    [
        (
            b"200 X\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n",
            b"200,-1",
            -1,
        ),
        (b"206 X\r\nConnection: close\r\n\r\nhello", b"206,-1", -1),
        (b"200 X\r\nContent-Length: 5\r\n\r\nhello", b"200,5", 5),
    ],
)
@pytest.mark.parametrize("size", [1, 2, 3, 5, 2048, 0x7FFFFFFF])
def test_every_framing(
    board: Board, raw_server: RawServer, answer: bytes, status: bytes, left: int, size: int
) -> None:
    raw_server.answer(b"HTTP/1.1 " + answer)
    assert board.ask(f'AT+HTTPCGET="{raw_server.url}"') == b'+HTTPSTATUS:%s,""\r\n' % status + OK
    told = board.ask("AT+HTTPREAD?")
    assert re.fullmatch(rb"\+HTTPBODY:0,[01],%d\r\n" % left + OK, told)
    assert read_all(board, size) == b"hello"


def test_nothing_to_read_is_the_end(board: Board, raw_server: RawServer) -> None:
    """An empty body, and an answer that has none: a host's loop needs no exception."""
    raw_server.answer(HEAD + b"Content-Length: 0\r\n\r\n")
    assert board.ask(f'AT+HTTPCGET="{raw_server.url}"').endswith(OK)
    assert board.ask("AT+HTTPREAD=9") == END
    raw_server.answer(HELLO[:-5])
    answer = board.ask(f'AT+HTTPCLIENT=1,0,"{raw_server.url}",,,1')
    assert answer.startswith(b"+HTTPCLIENT:")
    assert answer.endswith(STATUS + OK)
    assert board.ask("AT+HTTPREAD=9") == END


def test_an_error_has_a_body_too(board: Board, raw_server: RawServer) -> None:
    raw_server.answer(HELLO.replace(b"200", b"404"))
    assert board.ask(f'AT+HTTPCGET="{raw_server.url}"') == (
        STATUS.replace(b"200", b"404") + b"ERR CODE:0x010a7194\r\n" + ERROR
    )
    assert read_all(board, 3) == b"hello"


def test_reports(board: Board, raw_server: RawServer) -> None:
    """The end is told with the end."""
    assert board.ask("AT+HTTPREPORT=14") == OK
    raw_server.answer(HELLO)
    assert board.ask(f'AT+HTTPCGET="{raw_server.url}"') == (
        b"+HTTPHEADER:17,Content-Type: a/b\r\n+HTTPHEADER:17,Content-Length: 5\r\n" + STATUS + OK
    )
    assert read(board) == b"hello"
    answer = board.ask("AT+HTTPREAD=1")
    assert re.fullmatch(rb"\+HTTPREAD:0,\r\n\+HTTPEND:5,\d+\r\n" + OK, answer)


def test_a_redirect(board: Board, raw_server: RawServer) -> None:
    assert board.ask("AT+HTTPREDIRECT=1") == OK
    raw_server.answer(b"HTTP/1.1 302 X\r\nLocation: /b\r\nContent-Length: 3\r\n\r\nfar")
    raw_server.answer(HELLO)
    assert board.ask(f'AT+HTTPCGET="{raw_server.url}"') == STATUS + OK
    assert read_all(board, 4) == b"hello"


def test_a_read_waits_for_a_byte_and_takes_what_is_there(
    board: Board, raw_server: RawServer
) -> None:
    raw_server.script(
        read_request, send(HELLO[:-5]), pause(0.7), send(b"he"), pause(0.7), send(b"llo")
    )
    assert board.ask(f'AT+HTTPCGET="{raw_server.url}"') == STATUS + OK
    assert board.ask("AT+HTTPREAD?") == b"+HTTPBODY:0,0,5\r\n" + OK
    assert read(board) == b"he"
    assert read(board) == b"llo"
    assert read(board) == b""


def test_what_breaks_off_is_told_at_the_read_that_meets_it(
    board: Board, raw_server: RawServer
) -> None:
    raw_server.script(read_request, send(HELLO[:-1]))
    assert board.ask(f'AT+HTTPCGET="{raw_server.url}"') == STATUS + OK
    answer = board.ask("AT+HTTPREAD=9")
    if answer == b"+HTTPREAD:4,hell\r\n" + OK:
        answer = board.ask("AT+HTTPREAD=9")
    assert answer.endswith(b"ERR CODE:0x010a700c\r\n" + ERROR)
    assert board.ask("AT+HTTPREAD=9") == NOTHING


def test_a_reset(board: Board, raw_server: RawServer) -> None:
    raw_server.script(read_request, send(HELLO[:-5]), pause(0.5), reset)
    assert board.ask(f'AT+HTTPCGET="{raw_server.url}"') == STATUS + OK
    assert board.ask("AT+HTTPREAD=9") == b"ERR CODE:0x010a7008\r\n" + ERROR


def test_a_server_that_falls_silent(board: Board, raw_server: RawServer) -> None:
    raw_server.script(read_request, send(HELLO[:-3]), pause(30))
    assert board.ask(f'AT+HTTPCGET="{raw_server.url}",,,400') == STATUS + OK
    time.sleep(1)  # nobody reads meanwhile: that is not the server's silence
    assert read(board) == b"he"
    assert board.ask("AT+HTTPREAD=9") == b"ERR CODE:0x010a700b\r\n" + ERROR


def test_the_whole_limit(board: Board, raw_server: RawServer) -> None:
    assert board.ask("AT+HTTPTIMEOUT=5000,1500") == OK
    raw_server.script(read_request, send(HELLO[:-3]), pause(30))
    assert board.ask(f'AT+HTTPCGET="{raw_server.url}"') == STATUS + OK
    assert read(board) == b"he"
    assert board.ask("AT+HTTPREAD=9") == b"ERR CODE:0x010a7010\r\n" + ERROR
    raw_server.answer(HELLO)
    assert board.ask(f'AT+HTTPCGET="{raw_server.url}"') == STATUS + OK
    time.sleep(1.7)
    assert board.ask("AT+HTTPREAD=9") == b"ERR CODE:0x010a7010\r\n" + ERROR
    assert board.ask("AT+HTTPREAD=9") == NOTHING


def test_abort(board: Board, raw_server: RawServer) -> None:
    """Between two reads it is obeyed, and during one."""
    raw_server.script(read_request, send(HELLO[:-3]), pause(30))
    assert board.ask(f'AT+HTTPCGET="{raw_server.url}"') == STATUS + OK
    assert board.ask("AT+HTTPABORT") == OK
    assert board.ask("AT+HTTPREAD=9") == NOTHING
    raw_server.script(read_request, send(HELLO[:-5]), pause(30))
    assert board.ask(f'AT+HTTPCGET="{raw_server.url}"') == STATUS + OK
    board.send_line("AT+HTTPREAD=9")
    time.sleep(0.3)
    board.send_line("AT+HTTPABORT")
    board.expect(b"ERR CODE:0x010a7010\r\n" + ERROR)
    assert board.ask("AT+HTTPREAD=9") == NOTHING


def test_another_request_ends_it(board: Board, raw_server: RawServer) -> None:
    raw_server.script(read_request, send(HELLO[:-3]), pause(30))
    raw_server.script(read_request, send(HELLO.replace(b"hello", b"world")))
    assert board.ask(f'AT+HTTPCGET="{raw_server.url}"') == STATUS + OK
    assert board.ask(f'AT+HTTPCGET="{raw_server.url}"') == STATUS + OK
    assert read_all(board, 2) == b"world"


def test_the_connection_is_kept_when_all_is_read(board: Board, raw_server: RawServer) -> None:
    raw_server.script(read_request, send(HELLO), read_request, send(HELLO), pause(30))
    for _ in range(2):
        assert board.ask(f'AT+HTTPCGET="{raw_server.url}"') == STATUS + OK
        assert read_all(board, 5) == b"hello"
    assert len(raw_server.received) == 1


def test_other_commands_take_no_byte_of_it(board: Board, servers: Servers) -> None:
    """They use the same buffers."""
    prepare(board)
    body = b"".join(payload(20_000, 3))
    found = bytearray()
    for scheme in (servers.http, servers.https):
        found.clear()
        url = f"{scheme}/bytes-stream/20000?seed=3&framing=chunked"
        assert board.request(f'AT+HTTPCGET="{url}"').ok
        while piece := read(board, 1000):
            found += piece
            if len(found) < 6000:
                write(board, "x", b"y" * 3000)
                assert board.request('AT+FS=1,2,"x",0,3000').body == b"y" * 3000
                assert board.request("AT+GMR").ok
        assert found == body


def test_a_filter(board: Board, raw_server: RawServer) -> None:
    assert board.request("AT+SYSMSGFILTERCFG=1,18,3", b"^+HTTPREAD:[0-9]*,\r\n$").ok
    assert board.ask("AT+SYSMSGFILTER=1") == OK
    raw_server.answer(HELLO)
    assert board.ask(f'AT+HTTPCGET="{raw_server.url}"') == STATUS + OK
    assert board.ask("AT+HTTPREAD=2") == b"he" + OK


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("framing", ["length", "chunked", "close"])
@pytest.mark.parametrize("size", [63, 2048])
def test_large_bodies(board: Board, servers: Servers, scheme: str, framing: str, size: int) -> None:
    base = servers.http if scheme == "http" else servers.https
    total = 30_000 if size < 100 else 300_000
    url = f"{base}/bytes-stream/{total}?seed=7&framing={framing}"
    assert board.request(f'AT+HTTPCGET="{url}"').ok
    assert read_all(board, size) == b"".join(payload(total, 7))
