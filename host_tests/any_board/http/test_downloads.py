"""AT+HTTPGET_TO_FS against servers good and bad."""

import pytest

from espat_host.client.board import Board
from espat_host.local_world.payload import payload
from espat_host.local_world.raw_server import (
    RawServer,
    Step,
    drip,
    pause,
    read_request,
    reset,
    send,
    silence,
)
from espat_host.local_world.servers import Servers
from espat_host.sim import SimBoard
from host_tests.any_board.http.board_files import (
    ABORTED,
    CLOSED,
    EMPTY,
    ERROR,
    FULL,
    HEAD,
    INCOMPLETE,
    MALFORMED,
    NO_WIFI,
    OK,
    OLD,
    READ_TIMEOUT,
    download,
    failure,
    md5,
    md5_of,
    names,
    prepare,
    unchanged,
    write,
)

MEGABYTE = 1 << 20


@pytest.fixture
def joined(joined: Board) -> Board:
    """It does not join by itself after a start: what that reports could come at any moment."""
    assert joined.ask("AT+CWAUTOCONN=0") == OK
    return joined


@pytest.fixture
def ready(joined: Board) -> Board:
    """A joined board with one file, `f`, that tells reasons."""
    return prepare(joined)


@pytest.mark.parametrize("framing", ["length", "chunked", "close"])
@pytest.mark.parametrize("size", [1, 2047, 2048, 2049, 300_000])
def test_download(ready: Board, servers: Servers, size: int, framing: str) -> None:
    url = f"{servers.http}/bytes-stream/{size}?seed=4&framing={framing}"
    assert download(ready, "f", url) == OK
    assert ready.ask('AT+FS=1,3,"f"') == b"+FS:%d\r\n" % size + OK
    assert md5(ready, "f") == md5_of(b"".join(payload(size, 4)))
    assert names(ready) == [b"f"]


def test_download_over_tls_to_a_new_file(ready: Board, servers: Servers) -> None:
    url = f"{servers.https}/bytes-stream/50000?seed=4"
    assert download(ready, "new", url, ",60000") == OK
    assert md5(ready, "new") == md5_of(b"".join(payload(50_000, 4)))
    assert sorted(names(ready)) == [b"f", b"new"]


def test_a_redirect_is_a_result(ready: Board, raw_server: RawServer) -> None:
    raw_server.answer(b"HTTP/1.1 302 X\r\nLocation: /\r\nContent-Length: 4\r\n\r\nmove")
    assert download(ready, "f", raw_server.url) == OK
    assert md5(ready, "f") == md5_of(b"move")


LIARS: dict[str, tuple[tuple[Step, ...], int]] = {
    "404": ((read_request, send(b"HTTP/1.1 404 X\r\nContent-Length: 4\r\n\r\nsad!")), 0x7194),
    "500": ((read_request, send(b"HTTP/1.1 500 X\r\nContent-Length: 0\r\n\r\n")), 0x71F4),
    "nothing in it": ((read_request, send(HEAD + b"Content-Length: 0\r\n\r\n")), EMPTY),
    "204": ((read_request, send(b"HTTP/1.1 204 No\r\n\r\n")), EMPTY),
    "closes at once": ((), CLOSED),
    "no HTTP": ((read_request, send(b"hello\r\n\r\n")), MALFORMED),
    "closes early": (
        (read_request, send(HEAD + b"Content-Length: 90000\r\n\r\n" + b"x" * 50_000)),
        INCOMPLETE,
    ),
    "no last chunk": (
        (read_request, send(HEAD + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")),
        INCOMPLETE,
    ),
    "resets": (
        (read_request, send(HEAD + b"Content-Length: 9\r\n\r\nabc"), pause(2), reset),
        CLOSED,
    ),
    "more than fits": ((read_request, send(HEAD + b"Content-Length: 999999999\r\n\r\n")), FULL),
    "more than it says": (
        (read_request, send(HEAD + b"\r\n"), drip(b"x" * 2 * MEGABYTE, 0, 65536)),
        FULL,
    ),
}


@pytest.mark.parametrize("name", LIARS)
def test_a_failed_download_leaves_the_old_file(
    ready: Board, raw_server: RawServer, name: str
) -> None:
    steps, reason = LIARS[name]
    raw_server.script(*steps)
    assert download(ready, "f", raw_server.url) == failure(reason)
    unchanged(ready)


def test_the_wait_is_limited(ready: Board, raw_server: RawServer) -> None:
    raw_server.script(read_request, send(HEAD + b"Content-Length: 9\r\n\r\nabc"), silence)
    assert download(ready, "f", raw_server.url, ",700") in (failure(READ_TIMEOUT), failure(ABORTED))
    unchanged(ready)


def test_the_commands_time_is_limited(ready: Board, raw_server: RawServer) -> None:
    """The server never pauses for long, and never ends."""
    raw_server.script(
        read_request, send(HEAD + b"Content-Length: 99999\r\n\r\n"), drip(b"x" * 99999, 0.05, 10)
    )
    assert download(ready, "f", raw_server.url, ",1000", timeout=20) == failure(ABORTED)
    unchanged(ready)
    raw_server.answer(HEAD + b"Content-Length: 3\r\n\r\nabc")
    assert download(ready, "f", raw_server.url, ",60000") == OK


def test_surplus_bytes_are_commands_again(ready: Board, raw_server: RawServer) -> None:
    raw_server.answer(HEAD + b"Content-Length: 3\r\n\r\nabc")
    ready.send_line(f'AT+HTTPGET_TO_FS="f",{len(raw_server.url)}')
    ready.expect_prompt()
    ready.write(raw_server.url.encode() + b"\r\n")
    ready.expect(OK)
    assert md5(ready, "f") == md5_of(b"abc")


def test_space_runs_out_with_other_files_there(ready: Board, servers: Servers) -> None:
    """Free space counts, not size: a second copy of a large file does not fit beside the first."""
    free = int(ready.ask("AT+FS=1,6").partition(b":")[2].partition(b",")[0])
    size = free * 3 // 5
    url = f"{servers.http}/bytes-stream/{size}?seed=4"
    assert download(ready, "f", url) == OK
    for framing in ("length", "chunked"):
        assert download(ready, "f", f"{url}&framing={framing}") == failure(FULL)
        assert md5(ready, "f") == md5_of(b"".join(payload(size, 4)))
    assert ready.ask('AT+FS=1,0,"f"') == OK
    assert download(ready, "f", url) == OK


def test_a_power_cut_in_a_download(
    joined: Board, sim: SimBoard, servers: Servers, raw_server: RawServer
) -> None:
    write(joined, "f", OLD)
    free = joined.ask("AT+FS=1,6")
    for sent in (0, 1, 3000, 200_000):
        raw_server.script(
            read_request, send(HEAD + b"Content-Length: 300000\r\n\r\n" + b"x" * sent), silence
        )
        joined.send_line(f'AT+HTTPGET_TO_FS="f",{len(raw_server.url)}')
        joined.expect_prompt()
        joined.write(raw_server.url.encode())
        joined.expect_silence(0.3)
        sim.reset()
        joined.discard()
        joined.synchronise()
        unchanged(joined)
        assert joined.ask("AT+FS=1,6") == free
        joined.join("espressif", "1234567890")
    assert download(joined, "f", f"{servers.http}/bytes-stream/300000?seed=4") == OK


def test_a_link_loss_in_a_download(
    ready: Board, sim: SimBoard, world: dict, raw_server: RawServer
) -> None:
    raw_server.script(
        read_request, send(HEAD + b"Content-Length: 300000\r\n\r\n" + b"x" * 5000), silence
    )
    ready.send_line(f'AT+HTTPGET_TO_FS="f",{len(raw_server.url)}')
    ready.expect_prompt()
    ready.write(raw_server.url.encode())
    ready.expect_silence(0.2)
    sim.set_world({**world, "access_points": []})
    assert ready.read_until(ERROR, timeout=20).endswith(failure(NO_WIFI))
    unchanged(ready)


def test_a_restart_in_a_download(ready: Board, raw_server: RawServer) -> None:
    raw_server.script(read_request, send(HEAD + b"Content-Length: 9\r\n\r\nabc"), silence)
    ready.send_line(f'AT+HTTPGET_TO_FS="f",{len(raw_server.url)}')
    ready.expect_prompt()
    ready.write(raw_server.url.encode())
    ready.expect_silence(0.2)
    ready.send_line("AT")
    ready.expect(b"ERR CODE:0x010b0000\r\n\r\nbusy p...\r\n")
    ready.send_line("AT+RST")
    ready.read_until(b"\r\nready\r\n", timeout=20)
    ready.synchronise()
    unchanged(ready)


def test_memory_is_steady_over_downloads(ready: Board, servers: Servers) -> None:
    url = f"{servers.http}/bytes-stream/300000?seed=4"
    free = []
    for _ in range(11):
        assert download(ready, "f", url) == OK
        free.append(ready.free_memory())
    assert max(free[1:]) - min(free[1:]) < 2048, free
    assert md5(ready, "f") == md5_of(b"".join(payload(300_000, 4)))
