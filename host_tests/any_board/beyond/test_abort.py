"""AT+HTTPABORT: a request is given up when the host says so."""

import threading
import time

import pytest

from espat_host.client.board import Board
from espat_host.local_world.raw_server import RawServer, drip, pause, read_request, send, silence
from host_tests.any_board.beyond.commands import ERROR, FAIL, requests, transfers
from host_tests.any_board.http.board_files import OLD, prepare, unchanged
from host_tests.conftest import PATIENCE

OK = b"\r\nOK\r\n"
ABORTED = b"ERR CODE:0x010a7010\r\n"
HEAD = b"HTTP/1.1 200 OK\r\n"
HELLO = HEAD + b"Content-Length: 5\r\n\r\nhello"
SOON = 2.5  # seconds; 100 ms on a PC with nothing else to do; it would end by itself after 5 s


@pytest.fixture
def board(joined: Board) -> Board:
    """A joined board that tells reasons."""
    joined.ask("AT+SYSLOG=1")
    return joined


def test_between_requests_it_is_nothing(dut: Board, raw_server: RawServer) -> None:
    assert dut.ask("AT+HTTPABORT") == OK
    assert dut.ask("at+httpabort") == OK
    assert dut.ask("AT+HTTPABORT?") == ERROR


@pytest.mark.parametrize("number", range(7))
@pytest.mark.parametrize("spelling", ["AT+HTTPABORT", "at+HttpAbort"])
def test_the_one_result(joined: Board, raw_server: RawServer, number: int, spelling: str) -> None:
    """And the next request works."""
    board = prepare(joined)
    asked = threading.Event()
    raw_server.script(read_request, lambda _: asked.set(), silence)
    line, data, end = [*requests(raw_server.url), *transfers(raw_server.url)][number]
    board.send_line(line)
    if data:
        board.expect_prompt()
        board.write(data)
    assert asked.wait(PATIENCE)
    began = time.monotonic()
    board.send_line(spelling)
    board.expect(ABORTED + end)
    assert time.monotonic() - began < SOON
    board.expect_silence()
    unchanged(board)
    raw_server.script(read_request, send(HELLO))
    assert board.request(f'AT+HTTPCGET="{raw_server.url}"').body == b"hello"


def test_in_the_middle_of_a_body(board: Board, raw_server: RawServer) -> None:
    """What has come is the host's, in whole chunks."""
    raw_server.script(read_request, send(HEAD + b"\r\n"), drip(b"x" * 1000, 0.02, 10))
    board.send_line(f'AT+HTTPCGET="{raw_server.url}"')
    board.expect(b"+HTTPCGET:10,xxxxxxxxxx\r\n")
    board.send_line("AT+HTTPABORT")
    rest = board.read_until(ABORTED + ERROR)
    assert rest.replace(b"+HTTPCGET:10,xxxxxxxxxx\r\n", b"") in (b"", ABORTED + ERROR)
    board.expect_silence()


def test_data_that_the_host_still_owes_is_swallowed(board: Board, raw_server: RawServer) -> None:
    """It is the host's data that ends first: the abort is a line behind it."""
    raw_server.script(pause(30))
    board.send_line(f'AT+HTTPCPOST="{raw_server.url}",4')
    board.expect_prompt()
    board.write(b"AT\r\nAT+HTTPABORT\r\n")
    board.expect(ABORTED + FAIL)
    assert board.ask("AT") == OK


def test_another_command_is_not_aborted(board: Board) -> None:
    board.send_line('AT+FS=1,1,"f",0,20')
    board.expect(b">")
    board.write(b"AT+HTTPABORT\r\n\r\n\r\n\r\n")
    board.expect(OK)
    board.send_line("AT+CWLAP")
    board.send_line("AT+HTTPABORT")
    answer = board.read_until(OK)
    assert b"ERR CODE:0x010b0000\r\n\r\nbusy p...\r\n" in answer
    assert OLD not in answer


def test_twice(board: Board, raw_server: RawServer) -> None:
    asked = threading.Event()
    raw_server.script(read_request, lambda _: asked.set(), silence)
    board.send_line(f'AT+HTTPCGET="{raw_server.url}"')
    assert asked.wait(PATIENCE)
    board.write(b"AT+HTTPABORT\r\nAT+HTTPABORT\r\n")
    board.expect(ABORTED + ERROR)
    # The second one came when the command had ended, or before.
    assert board.ask("AT+SYSLOG?", timeout=5).removeprefix(OK) == b"+SYSLOG:1\r\n" + OK
