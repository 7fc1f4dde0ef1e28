"""What AT+HTTPGET_TO_FS and AT+FS_TO_HTTP_SERVER refuse, and what both do."""

import pytest

from espat_host.client.board import Board
from espat_host.local_world.raw_server import RawServer
from host_tests.any_board.http.board_files import (
    ERROR,
    HEAD,
    NO_WIFI,
    NOT_FOUND,
    OK,
    OLD,
    REFUSED,
    download,
    failure,
    prepare,
    unchanged,
    upload,
    write,
)


@pytest.fixture
def ready(joined: Board) -> Board:
    """A joined board with one file, `f`, that tells reasons."""
    return prepare(joined)


def test_nothing_listens(ready: Board, raw_server: RawServer) -> None:
    url = raw_server.url
    raw_server.stop()
    assert download(ready, "f", url) == failure(REFUSED)
    unchanged(ready)
    assert upload(ready, "f", url) == failure(REFUSED)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ('HTTPGET_TO_FS="f"', 0x01060201),
        ('HTTPGET_TO_FS="f",5,0,0,0', 0x01060405),
        ('HTTPGET_TO_FS="f",5,0,2', 0x01070003),
        ('HTTPGET_TO_FS="",5', 0x01070000),
        ('HTTPGET_TO_FS="../f",5', 0x01070000),
        ('HTTPGET_TO_FS="f",0', 0x01070001),
        ('HTTPGET_TO_FS="f",8193', 0x01070001),
        ('HTTPGET_TO_FS="f",5,-1', 0x01070002),
        ("HTTPGET_TO_FS=5,5", 0x01050000),
        ("HTTPGET_TO_FS", 0x010C0000),
        ('FS_TO_HTTP_SERVER="f"', 0x01060201),
        ('FS_TO_HTTP_SERVER="f",5,0', 0x01060203),
        ('FS_TO_HTTP_SERVER="",5', 0x01070000),
        ('FS_TO_HTTP_SERVER="f",0', 0x01070001),
        ('FS_TO_HTTP_SERVER="none",5', 0x010A0000 | NOT_FOUND),
    ],
)
def test_refusals(ready: Board, line: str, code: int) -> None:
    assert ready.ask("AT+" + line) == b"ERR CODE:0x%08x\r\n" % code + ERROR
    ready.expect_silence()
    unchanged(ready)


@pytest.mark.parametrize("url", ["ftp://x/", "http://x/a b", "x", "http://u:p@q@x/", "\r\nAT\r\n"])
def test_bad_urls(ready: Board, url: str) -> None:
    assert download(ready, "f", url) == b"ERR CODE:0x01070001\r\n" + ERROR
    assert upload(ready, "f", url) == b"ERR CODE:0x01070001\r\n" + ERROR
    unchanged(ready)


def test_not_joined(dut: Board, raw_server: RawServer) -> None:
    write(dut, "f", OLD)
    dut.ask("AT+SYSLOG=1")
    assert download(dut, "f", raw_server.url) == failure(NO_WIFI)
    assert upload(dut, "f", raw_server.url) == failure(NO_WIFI)
    unchanged(dut)


def test_preset_headers_go_with_both(ready: Board, raw_server: RawServer) -> None:
    ready.send_line("AT+HTTPCHEAD=6")
    ready.expect_prompt()
    ready.write(b"X-A: 1")
    ready.expect(OK)
    raw_server.answer(HEAD + b"Content-Length: 3\r\n\r\nabc")
    assert download(ready, "f", raw_server.url) == OK
    raw_server.answer(HEAD + b"Content-Length: 0\r\n\r\n")
    assert upload(ready, "f", raw_server.url) == OK
    for received in raw_server.received:
        assert b"\r\nX-A: 1\r\n" in received
