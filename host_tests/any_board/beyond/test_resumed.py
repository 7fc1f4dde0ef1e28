"""AT+HTTPGET_TO_FS=...,1: a download that goes on where it broke off."""

import re
import time
from itertools import pairwise

import pytest

from espat_host.client.board import Board
from espat_host.local_world.payload import payload
from espat_host.local_world.raw_server import Connection, RawServer, read_request, send
from host_tests.any_board.http.board_files import (
    ABORTED,
    EMPTY,
    INCOMPLETE,
    MALFORMED,
    OK,
    READ_TIMEOUT,
    download,
    failure,
    md5,
    md5_of,
    names,
    prepare,
    unchanged,
)

SIZE = 100_000
BODY = b"".join(payload(SIZE, 9))
OTHER = b"".join(payload(SIZE, 10))
AGAIN = ",0,1"


class Shop:
    """Serves one resource with ranges, and breaks off as often as it is told to, after so many
    bytes of an answer; `silent`: it then says nothing any more. `asked` has (Range, If-Range)."""

    def __init__(self, server: RawServer) -> None:
        self.body, self.tag = BODY, b'ETag: "one"'
        self.cuts: list[int] = []
        self.silent = self.rangeless = False
        self.asked: list[tuple[bytes, bytes]] = []
        server.script(self.serve)

    def serve(self, connection: Connection) -> None:
        request = connection.next_request()
        asked = dict(re.findall(rb"(?m)^([\w-]+): (.*)\r$", request))
        start, condition = asked.get(b"Range", b""), asked.get(b"If-Range", b"")
        self.asked.append((start, condition))
        same = condition and condition in self.tag
        begin = int(start[6:-1]) if same and not self.rangeless else 0
        head = b"200 OK\r\n"
        if begin and begin >= len(self.body):
            connection.sock.sendall(b"HTTP/1.1 416 X\r\nContent-Length: 0\r\n\r\n")
            return
        if begin:
            span = begin, len(self.body) - 1, len(self.body)
            head = b"206 X\r\nContent-Range: bytes %d-%d/%d\r\n" % span
        length = len(self.body) - begin
        fields = b"%s\r\nContent-Length: %d\r\n\r\n" % (self.tag, length)
        connection.sock.sendall(b"HTTP/1.1 " + head + fields)
        end = begin + self.cuts.pop(0) if self.cuts else len(self.body)
        connection.sock.sendall(self.body[begin:end])
        if self.silent and end < len(self.body):
            connection.stopping.wait(30)


def start_of(asked: tuple[bytes, bytes]) -> int:
    return int(asked[0].removeprefix(b"bytes=").removesuffix(b"-") or 0)


@pytest.fixture
def ready(joined: Board) -> Board:
    """A joined board with one file, `f`, that tells reasons."""
    joined.ask("AT+CWAUTOCONN=0")
    return prepare(joined)


@pytest.fixture
def shop(raw_server: RawServer) -> Shop:
    return Shop(raw_server)


def test_it_goes_on(ready: Board, raw_server: RawServer, shop: Shop) -> None:
    """The old file is there until the new one is whole."""
    shop.cuts = [30_000, 30_000]
    for _ in range(2):
        assert download(ready, "f", raw_server.url, AGAIN) == failure(INCOMPLETE)
        unchanged(ready)
    assert download(ready, "f", raw_server.url, AGAIN) == OK
    assert md5(ready, "f") == md5_of(BODY)
    assert names(ready) == [b"f"]
    assert [condition for _, condition in shop.asked] == [b"", b'"one"', b'"one"']
    assert start_of(shop.asked[1]) == 30_000
    assert start_of(shop.asked[2]) == start_of(shop.asked[1]) + 30_000
    assert download(ready, "f", raw_server.url, AGAIN) == OK
    assert shop.asked[3] == (b"", b"")


def test_over_tls(ready: Board, tls_raw_server: RawServer) -> None:
    shop = Shop(tls_raw_server)
    shop.cuts = [50_001]
    assert download(ready, "f", tls_raw_server.url, AGAIN) == failure(INCOMPLETE)
    assert download(ready, "f", tls_raw_server.url, AGAIN) == OK
    assert md5(ready, "f") == md5_of(BODY)
    assert start_of(shop.asked[1]) == 50_001


def test_after_a_restart(ready: Board, raw_server: RawServer, shop: Shop) -> None:
    shop.cuts = [30_000]
    assert download(ready, "f", raw_server.url, AGAIN) == failure(INCOMPLETE)
    ready.restart()
    ready.ask("AT+CWJAP")
    assert download(ready, "f", raw_server.url, AGAIN) == OK
    assert md5(ready, "f") == md5_of(BODY)
    assert start_of(shop.asked[1]) == 30_000


def test_whatever_ended_it(ready: Board, raw_server: RawServer, shop: Shop) -> None:
    """A silent server, the command's time, the host."""
    shop.cuts, shop.silent = [10_000, 10_000, 10_000], True
    ready.ask("AT+HTTPTIMEOUT=400")
    assert download(ready, "f", raw_server.url, AGAIN) == failure(READ_TIMEOUT)
    ready.ask("AT+HTTPTIMEOUT=0")
    assert download(ready, "f", raw_server.url, ",600,1") == failure(ABORTED)
    url = raw_server.url
    ready.send_line(f'AT+HTTPGET_TO_FS="f",{len(url)},0,1')
    ready.expect_prompt()
    ready.write(url.encode())
    time.sleep(0.5)
    ready.send_line("AT+HTTPABORT")
    assert ready.reply().raw == failure(ABORTED)
    unchanged(ready)
    assert download(ready, "f", url, AGAIN) == OK
    assert md5(ready, "f") == md5_of(BODY)
    starts = [start_of(one) for one in shop.asked]
    assert starts[0] == 0
    assert all(later - before == 10_000 for before, later in pairwise(starts))


def test_another_version_comes_whole(ready: Board, raw_server: RawServer, shop: Shop) -> None:
    shop.cuts = [30_000]
    assert download(ready, "f", raw_server.url, AGAIN) == failure(INCOMPLETE)
    shop.body, shop.tag = OTHER, b'ETag: "two"'
    assert download(ready, "f", raw_server.url, AGAIN) == OK
    assert md5(ready, "f") == md5_of(OTHER)


def test_a_server_without_ranges(ready: Board, raw_server: RawServer, shop: Shop) -> None:
    shop.cuts, shop.rangeless = [30_000], True
    assert download(ready, "f", raw_server.url, AGAIN) == failure(INCOMPLETE)
    assert download(ready, "f", raw_server.url, AGAIN) == OK
    assert md5(ready, "f") == md5_of(BODY)
    assert start_of(shop.asked[1]) == 30_000


@pytest.mark.parametrize(
    ("tag", "condition"),
    [
        (b"Last-Modified: Sun, 29 Nov 2026 10:00:00 GMT", b"Sun, 29 Nov 2026 10:00:00 GMT"),
        (b'ETag: W/"x"', b""),
        (b"X-Nothing: 1", b""),
    ],
)
def test_what_names_a_version(
    ready: Board, raw_server: RawServer, shop: Shop, tag: bytes, condition: bytes
) -> None:
    """A date does, a weak tag does not; without one it begins anew."""
    shop.cuts, shop.tag = [30_000], tag
    assert download(ready, "f", raw_server.url, AGAIN) == failure(INCOMPLETE)
    assert download(ready, "f", raw_server.url, AGAIN) == OK
    assert md5(ready, "f") == md5_of(BODY)
    assert shop.asked[1][1] == condition
    assert start_of(shop.asked[1]) == (30_000 if condition else 0)


@pytest.mark.parametrize(
    ("name", "path", "rest"), [("g", "", AGAIN), ("f", "/x", AGAIN), ("f", "", "")]
)
def test_another_download_begins_anew(
    ready: Board, raw_server: RawServer, shop: Shop, name: str, path: str, rest: str
) -> None:
    """Another name, another URL, or one that was not asked to go on: the part is thrown away."""
    shop.cuts = [30_000]
    free = ready.ask("AT+FS=1,6")
    assert download(ready, "f", raw_server.url, AGAIN) == failure(INCOMPLETE)
    assert ready.ask("AT+FS=1,6") != free
    shop.cuts = [0] if rest == AGAIN else []
    shop.tag = b"X-Nothing: 1"
    answer = download(ready, name, raw_server.url + path, rest)
    assert answer == (failure(INCOMPLETE) if rest == AGAIN else OK)
    assert shop.asked[1] == (b"", b"")
    shop.tag = b'ETag: "one"'
    assert download(ready, "f", raw_server.url, AGAIN) == OK
    assert shop.asked[2] == (b"", b"")
    assert md5(ready, "f") == md5_of(BODY)


def test_a_part_that_was_whole(ready: Board, raw_server: RawServer, shop: Shop) -> None:
    """The server has no more of it: it is asked for all of it."""
    shop.cuts = [30_000]
    assert download(ready, "f", raw_server.url, AGAIN) == failure(INCOMPLETE)
    shop.body = BODY[:10_000]
    assert download(ready, "f", raw_server.url, AGAIN) == OK
    assert md5(ready, "f") == md5_of(BODY[:10_000])
    assert [bool(start) for start, _ in shop.asked] == [False, True, False]


def test_errors_leave_the_part(ready: Board, raw_server: RawServer, shop: Shop) -> None:
    shop.cuts = [30_000]
    assert download(ready, "f", raw_server.url, AGAIN) == failure(INCOMPLETE)
    raw_server.answer(b"HTTP/1.1 503 X\r\nContent-Length: 3\r\n\r\nno!")
    assert download(ready, "f", raw_server.url, AGAIN) == failure(0x71F7)
    raw_server.answer(b"HTTP/1.1 206 X\r\nContent-Range: bytes 5-9/10\r\n\r\nhello")
    assert download(ready, "f", raw_server.url, AGAIN) == failure(MALFORMED)
    raw_server.script(shop.serve)
    assert download(ready, "f", raw_server.url, AGAIN) == OK
    assert md5(ready, "f") == md5_of(BODY)
    assert start_of(shop.asked[1]) == 30_000


def test_nothing_is_no_file(ready: Board, raw_server: RawServer) -> None:
    raw_server.answer(b"HTTP/1.1 200 X\r\nContent-Length: 0\r\n\r\n")
    assert download(ready, "f", raw_server.url, AGAIN) == failure(EMPTY)
    unchanged(ready)


def test_a_redirect(ready: Board, raw_server: RawServer, tls_raw_server: RawServer) -> None:
    """The range goes where the redirect leads."""
    shop = Shop(tls_raw_server)
    shop.cuts = [30_000]
    moved = b"HTTP/1.1 302 X\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n"
    place = moved % tls_raw_server.url.encode()
    raw_server.script(read_request, send(place))
    ready.ask("AT+HTTPREDIRECT=1")
    assert download(ready, "f", raw_server.url, AGAIN) == failure(INCOMPLETE)
    assert download(ready, "f", raw_server.url, AGAIN) == OK
    assert md5(ready, "f") == md5_of(BODY)
    assert start_of(shop.asked[1]) == 30_000
