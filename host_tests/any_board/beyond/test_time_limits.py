"""AT+HTTPTIMEOUT: how long a wait may be, and a request as a whole."""

import time

import pytest

from espat_host.client.board import Board
from espat_host.local_world.raw_server import RawServer, drip, read_request, send, silence
from espat_host.local_world.servers import Servers
from host_tests.any_board.beyond.commands import ERROR, FAIL, requests
from host_tests.any_board.http.board_files import download, prepare

OK = b"\r\nOK\r\n"
READ_TIMEOUT, ABORTED = b"ERR CODE:0x010a700b\r\n", b"ERR CODE:0x010a7010\r\n"
HEAD = b"HTTP/1.1 200 OK\r\n"
HELLO = HEAD + b"Content-Length: 5\r\n\r\nhello"


@pytest.fixture
def board(joined: Board) -> Board:
    """A joined board that tells reasons."""
    joined.ask("AT+SYSLOG=1")
    return joined


def test_what_is_set_is_told(dut: Board) -> None:
    assert dut.ask("AT+HTTPTIMEOUT?") == b"+HTTPTIMEOUT:5000,0\r\n" + OK
    assert dut.ask("AT+HTTPTIMEOUT=180000,536870911") == OK
    assert dut.ask("AT+HTTPTIMEOUT?") == b"+HTTPTIMEOUT:180000,536870911\r\n" + OK
    assert dut.ask("AT+HTTPTIMEOUT=0") == OK
    assert dut.ask("AT+HTTPTIMEOUT?") == b"+HTTPTIMEOUT:5000,0\r\n" + OK


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ("", "01070000"),
        ("-1", "01070000"),
        ("180001", "01070000"),
        ("5000,-1", "01070001"),
        ("5000,536870912", "01070001"),
        ('"5000"', "01050000"),
        ("5000,0,0", "01060203"),
    ],
)
def test_refused(asked_dut: Board, values: str, code: str) -> None:
    asked_dut.ask("AT+SYSLOG=1")
    assert asked_dut.ask(f"AT+HTTPTIMEOUT={values}") == b"ERR CODE:0x%s\r\n" % code.encode() + ERROR
    assert asked_dut.ask("AT+HTTPTIMEOUT?") == b"+HTTPTIMEOUT:5000,0\r\n" + OK


@pytest.mark.parametrize("number", range(5))
@pytest.mark.parametrize(
    ("setting", "code"), [("300", READ_TIMEOUT), ("5000,300", ABORTED), ("0,300", ABORTED)]
)
def test_a_silent_server(
    board: Board, raw_server: RawServer, number: int, setting: str, code: bytes
) -> None:
    assert board.ask(f"AT+HTTPTIMEOUT={setting}") == OK
    raw_server.script(read_request, silence)
    line, data, end = requests(raw_server.url)[number]
    started = time.monotonic()
    reply = board.request(line, data)
    assert reply.raw.endswith(code + end)
    assert 0.25 < time.monotonic() - started < 4


def test_a_parameter_in_the_command_wins(board: Board, raw_server: RawServer) -> None:
    assert board.ask("AT+HTTPTIMEOUT=300") == OK
    raw_server.script(read_request, drip(HELLO, 0.7, 25))
    assert board.request(f'AT+HTTPCGET="{raw_server.url}",0,0,5000').body == b"hello"
    assert board.request(f'AT+HTTPCGET="{raw_server.url}"').raw == READ_TIMEOUT + ERROR
    assert board.ask("AT+HTTPTIMEOUT=5000") == OK
    raw_server.script(read_request, silence)
    assert board.request(f'AT+HTTPCGET="{raw_server.url}",0,0,300').raw == READ_TIMEOUT + ERROR


@pytest.mark.parametrize("secure", [False, True])
def test_a_body_that_never_ends(
    board: Board, raw_server: RawServer, tls_raw_server: RawServer, secure: bool
) -> None:
    """No wait is too long, but all of them together; what has come is the host's."""
    server = tls_raw_server if secure else raw_server
    server.script(read_request, send(HEAD + b"\r\n"), drip(b"x" * 1000, 0.05))
    assert board.ask("AT+HTTPTIMEOUT=5000,1500") == OK
    reply = board.request(f'AT+HTTPCGET="{server.url}"')
    assert reply.raw.endswith(ABORTED + ERROR)
    assert set(reply.body) == set(b"x")
    assert board.ask("AT") == OK


def test_the_time_of_an_upload_goes_on_while_the_host_is_slow(
    board: Board, raw_server: RawServer
) -> None:
    """What it owes is swallowed all the same."""
    raw_server.script(read_request, send(HELLO))
    assert board.ask("AT+HTTPTIMEOUT=5000,500") == OK
    board.send_line(f'AT+HTTPCPOST="{raw_server.url}",40000')
    board.expect_prompt()
    for _ in range(20):
        board.write(b"x" * 1000)
    time.sleep(1)
    board.write(b"AT\r\n" * 5000)
    board.expect(ABORTED + FAIL)
    assert board.ask("AT") == OK


def test_a_download_to_a_file(joined: Board, raw_server: RawServer) -> None:
    board = prepare(joined)
    assert board.ask("AT+HTTPTIMEOUT=5000,500") == OK
    raw_server.script(read_request, send(HEAD + b"\r\n"), drip(b"x" * 200, 0.05))
    assert download(board, "f", raw_server.url) == ABORTED + ERROR
    assert board.ask("AT+HTTPTIMEOUT=300,0") == OK
    raw_server.script(read_request, silence)
    assert download(board, "f", raw_server.url) == READ_TIMEOUT + ERROR


def test_a_request_in_time_is_as_ever(board: Board, servers: Servers) -> None:
    assert board.ask("AT+HTTPTIMEOUT=5000,20000") == OK
    for url in (servers.http, servers.https):
        assert len(board.request(f'AT+HTTPCGET="{url}/bytes/3000"').body) == 3000
    time.sleep(0.2)
    assert board.ask("AT") == OK
