"""The library ends a request at once, and takes a body piece by piece, where the board can
(docs/wire.md 15.2 and 15.7)."""

import threading
import time
from collections.abc import Callable

import pytest

from espat.pure import errors, reasons
from espat_host import AtCommandError, BadRequest, Board, Cancelled, HttpStatusError
from espat_host.local_world.payload import payload
from espat_host.local_world.raw_server import (
    Connection,
    RawServer,
    Step,
    drip,
    read_request,
    silence,
)
from espat_host.local_world.servers import Servers
from host_tests.client.esp_at import OK, EspAt, Script

HEAD = b"HTTP/1.1 203 X\r\nContent-Length: 5\r\n\r\n"
DEFAULTS = b"+HTTPREPORT:0", b"+HTTPPULL:0"
URL = "http://example.com/x"
Call = Callable[[Board, str], object]


def settings(board: Board) -> tuple[bytes, ...]:
    return tuple(board.command(f"AT+HTTP{name}?").lines[0] for name in ("REPORT", "PULL"))


def endless(connection: Connection) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"
    drip(head + b"x" * 1_000_000, 0.02, 50)(connection)


def test_leaving_a_stream_aborts_it(board: Board, raw_server: RawServer) -> None:
    """Neither is the rest read, nor the board restarted."""
    raw_server.script(read_request, endless)
    raw_server.answer(HEAD + b"hello")
    heard, started = board.heard, time.monotonic()
    stream = board.stream(raw_server.url)
    assert next(stream).startswith(b"x")
    stream.close()  # type: ignore[attr-defined]
    assert time.monotonic() - started < board.patience
    assert board.get(raw_server.url).body == b"hello"
    assert board.heard == heard
    assert settings(board) == DEFAULTS


CANCELLED: dict[str, tuple[Step, Call]] = {
    "before the head": (silence, lambda board, url: board.get(url, timeout=60)),
    "in the body": (endless, lambda board, url: board.get(url)),
    "after an upload": (silence, lambda board, url: board.http("PATCH", url, b"x", timeout=60)),
    "a size": (silence, lambda board, url: board.size(url, timeout=60)),
}


@pytest.mark.parametrize("moment", CANCELLED)
def test_cancel_aborts(board: Board, raw_server: RawServer, moment: str) -> None:
    step, call = CANCELLED[moment]
    raw_server.script(read_request, step)
    raw_server.answer(HEAD + b"hello")
    board.has_http_extensions()
    timer = threading.Timer(0.5, board.cancel)
    heard, started = board.heard, time.monotonic()
    timer.start()
    with pytest.raises(Cancelled):
        call(board, raw_server.url)
    assert time.monotonic() - started < board.patience
    assert board.heard == heard
    assert board.get(raw_server.url).body == b"hello"
    assert settings(board) == DEFAULTS


def test_a_cancel_while_settings_are_put_back(board: Board, raw_server: RawServer) -> None:
    """All of them are."""
    raw_server.answer(HEAD + b"hello")
    board.watch_sent = lambda line: board.cancel() if line == b"AT+HTTPREPORT=0" else None
    with pytest.raises(Cancelled):
        list(board.stream(raw_server.url, pull=9))
    board.watch_sent = None
    assert settings(board) == DEFAULTS


@pytest.mark.parametrize("late", [True, False])
def test_an_abort_that_comes_late_has_an_answer_of_its_own(late: bool) -> None:
    """The request ended by itself, or by the abort; the port is in step either way."""

    def under_way(peer: EspAt) -> None:
        peer.say(b"+HTTPCGET:4,abcd\r\n")
        assert peer.take(14) == b"AT+HTTPABORT\r\n"
        peer.say(OK + OK if late else b"ERR CODE:0x010a7010\r\n\r\nERROR\r\n")

    script: Script = {
        b"AT+HTTPREPORT?": b"+HTTPREPORT:7\r\n" + OK,
        b"AT+HTTPCGET=": [under_way, b"+HTTPCGET:2,hi\r\n" + OK],
    }
    with EspAt(script) as peer, Board.open(peer.port) as board:
        stream = board.stream(URL)
        assert next(stream) == b"abcd"
        stream.close()  # type: ignore[attr-defined]
        assert board.get(URL).body == b"hi"
        assert peer.lines.count(b"AT+SYSLOG=1") == 1  # nothing had to be brought in step


@pytest.mark.parametrize("framing", ["length", "chunked"])
@pytest.mark.parametrize("pull", [1, 63, 2048])
def test_a_body_is_pulled(board: Board, servers: Servers, pull: int, framing: str) -> None:
    size = 500 if pull == 1 else 20_000
    url = f"{servers.http}/bytes-stream/{size}?seed=5&framing={framing}"
    pieces = list(board.stream(url, pull=pull))
    assert b"".join(pieces) == b"".join(payload(size, 5))
    assert max(map(len, pieces)) <= pull
    assert settings(board) == DEFAULTS


def test_what_is_not_asked_for_does_not_come(board: Board, servers: Servers) -> None:
    """Also when the loop is left: the rest is not read, and the server is told."""
    url = f"{servers.http}/bytes-stream/1000000?seed=5"
    for _ in board.stream(url, pull=100):
        board.expect_silence(0.3)
        break
    assert board.command("AT+HTTPREAD?").lines == []
    assert settings(board) == DEFAULTS
    assert board.get(f"{servers.http}/bytes-stream/5?seed=5").size == 5


def test_a_body_that_breaks_off_while_it_is_pulled(board: Board, raw_server: RawServer) -> None:
    raw_server.answer(HEAD + b"he")
    pieces: list[bytes] = []
    with pytest.raises(AtCommandError) as caught:
        pieces.extend(board.stream(raw_server.url, pull=2))
    assert caught.value.code == errors.EXEC_FAIL | reasons.INCOMPLETE
    assert settings(board) == DEFAULTS


def test_a_status_before_the_first_piece(board: Board, raw_server: RawServer) -> None:
    raw_server.answer(HEAD.replace(b"203", b"404") + b"hello")
    with pytest.raises(HttpStatusError) as caught:
        next(board.stream(raw_server.url, pull=2))
    assert caught.value.status == 404
    assert settings(board) == DEFAULTS


@pytest.mark.parametrize("pull", [0, 2049, 1.5, True])
def test_what_cannot_be_pulled(board: Board, pull: int) -> None:
    with pytest.raises(BadRequest, match=r"at a time|whole number"):
        next(board.stream(URL, pull=pull))
