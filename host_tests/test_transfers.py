"""AT+HTTPGET_TO_FS and AT+FS_TO_HTTP_SERVER against servers good and bad."""

import hashlib
import json

import pytest

from espat_host.board import Board
from espat_host.payload import payload, payload_sha256
from espat_host.raw_server import RawServer, Step, drip, pause, read_request, reset, send, silence
from espat_host.servers import Servers
from espat_host.sim import SimBoard

OK = b"\r\nOK\r\n"
ERROR = b"\r\nERROR\r\n"
HEAD = b"HTTP/1.1 200 OK\r\n"
OLD = b"what was there before"
REFUSED, MALFORMED, CLOSED = 0x7002, 0x7007, 0x7008
READ_TIMEOUT, INCOMPLETE, NO_WIFI, ABORTED = 0x700B, 0x700C, 0x700F, 0x7010
FULL, NOT_FOUND, EMPTY = 0x7020, 0x7021, 0x7023
MEGABYTE = 1 << 20


def failure(reason: int) -> bytes:
    return b"ERR CODE:0x010a%04x\r\n" % reason + ERROR


def download(board: Board, name: str, url: str, rest: str = "", timeout: float = 30.0) -> bytes:
    """The answer after the prompt."""
    board.send_line(f'AT+HTTPGET_TO_FS="{name}",{len(url)}{rest}')
    board.expect_prompt()
    board.write(url.encode())
    return board.reply(timeout).raw


def upload(board: Board, name: str, url: str, timeout: float = 30.0) -> bytes:
    board.send_line(f'AT+FS_TO_HTTP_SERVER="{name}",{len(url)}')
    board.expect_prompt()
    board.write(url.encode())
    return board.reply(timeout).raw


def write(board: Board, name: str, data: bytes) -> None:
    board.send_line(f'AT+FS=1,1,"{name}",0,{len(data)}')
    board.expect(b">")
    board.write(data)
    board.expect(OK)


def md5(board: Board, name: str) -> bytes:
    answer = board.ask(f'AT+FS=1,5,"{name}"')
    return answer[4:36] if answer.startswith(b"+FS:") else answer


def md5_of(data: bytes) -> bytes:
    return hashlib.md5(data).hexdigest().encode()


def names(board: Board) -> list[bytes]:
    return board.ask('AT+FS=1,4,"."')[4 : -len(OK)].split()


def unchanged(board: Board) -> None:
    """The old file is there, nothing else is, and the port is in step."""
    assert md5(board, "f") == md5_of(OLD)
    assert names(board) == [b"f"]
    assert board.ask("AT") == OK


@pytest.fixture
def ready(joined: Board) -> Board:
    """A joined board with one file, `f`, that tells reasons."""
    for name in names(joined):
        joined.ask(b'AT+FS=1,0,"%s"' % name)
    write(joined, "f", OLD)
    joined.ask("AT+SYSLOG=1")
    return joined


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
        (read_request, send(HEAD + b"Content-Length: 9\r\n\r\nabc"), pause(0.2), reset),
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


def test_nothing_listens(ready: Board, raw_server: RawServer) -> None:
    url = raw_server.url
    raw_server.stop()
    assert download(ready, "f", url) == failure(REFUSED)
    unchanged(ready)
    assert upload(ready, "f", url) == failure(REFUSED)


def test_the_wait_is_limited(ready: Board, raw_server: RawServer) -> None:
    raw_server.script(read_request, send(HEAD + b"Content-Length: 9\r\n\r\nabc"), silence)
    assert download(ready, "f", raw_server.url, ",700") in (failure(READ_TIMEOUT), failure(ABORTED))
    unchanged(ready)


def test_the_commands_time_is_limited(ready: Board, raw_server: RawServer) -> None:
    """The server never pauses for long, and never ends."""
    raw_server.script(
        read_request, send(HEAD + b"Content-Length: 99999\r\n\r\n"), drip(b"x" * 99999, 0.05, 10)
    )
    assert download(ready, "f", raw_server.url, ",1000", timeout=5) == failure(ABORTED)
    unchanged(ready)
    raw_server.answer(HEAD + b"Content-Length: 3\r\n\r\nabc")
    assert download(ready, "f", raw_server.url, ",60000") == OK


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ('HTTPGET_TO_FS="f"', 0x01060201),
        ('HTTPGET_TO_FS="f",5,0,0', 0x01060304),
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


@pytest.mark.parametrize("url", ["ftp://x/", "http://x/a b", "x", "http://u:p@x/", "\r\nAT\r\n"])
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


def test_surplus_bytes_are_commands_again(ready: Board, raw_server: RawServer) -> None:
    raw_server.answer(HEAD + b"Content-Length: 3\r\n\r\nabc")
    ready.send_line(f'AT+HTTPGET_TO_FS="f",{len(raw_server.url)}')
    ready.expect_prompt()
    ready.write(raw_server.url.encode() + b"\r\n")
    ready.expect(OK)
    assert md5(ready, "f") == md5_of(b"abc")


def test_space_runs_out_with_other_files_there(ready: Board, servers: Servers) -> None:
    """Free space counts, not size: a second copy of a large file does not fit beside the first."""
    url = f"{servers.http}/bytes-stream/600000?seed=4"
    assert download(ready, "f", url) == OK
    for framing in ("length", "chunked"):
        assert download(ready, "f", f"{url}&framing={framing}") == failure(FULL)
        assert md5(ready, "f") == md5_of(b"".join(payload(600_000, 4)))
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


@pytest.mark.parametrize("size", [1, 2048, 5000, 300_000])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_upload(ready: Board, servers: Servers, scheme: str, size: int) -> None:
    base = servers.http if scheme == "http" else servers.https
    assert download(ready, "f", f"{base}/bytes-stream/{size}?seed=9") == OK
    ready.send_line(f'AT+FS_TO_HTTP_SERVER="f",{len(base) + 7}')
    ready.expect_prompt()
    ready.write(f"{base}/upload".encode())
    reply = ready.reply(30)
    assert reply.ok
    assert json.loads(reply.body) == {
        "method": "POST",
        "length": size,
        "sha256": payload_sha256(size, 9),
        "content_type": "binary/octet-stream",
    }


@pytest.mark.parametrize(("status", "reason"), [(201, 0x70C9), (302, 0x712E), (404, 0x7194)])
def test_an_upload_wants_status_200(
    ready: Board, raw_server: RawServer, status: int, reason: int
) -> None:
    raw_server.answer(b"HTTP/1.1 %d X\r\nContent-Length: 4\r\n\r\nbody" % status)
    chunk = b"+FS_TO_HTTP_SERVER:4,body\r\n"
    assert upload(ready, "f", raw_server.url) == chunk + failure(reason)
    assert bytes(raw_server.received[0]).endswith(b"\r\n\r\n" + OLD)
    unchanged(ready)


def test_the_server_hangs_up_in_an_upload(ready: Board, raw_server: RawServer) -> None:
    write(ready, "big", b"x" * 400_000)
    raw_server.script(lambda connection: connection.receive(), reset)
    assert upload(ready, "big", raw_server.url) == failure(CLOSED)
    assert ready.ask("AT") == OK


def test_an_empty_file_does_not_go_out(joined: Board, sim: SimBoard) -> None:
    """One is left when the power goes in the first write of a file."""
    joined.send_line('AT+FS=1,1,"f",0,5')
    joined.expect(b">")
    sim.reset()
    joined.discard()
    joined.synchronise()
    assert joined.ask('AT+FS=1,3,"f"') == b"+FS:0\r\n" + OK
    joined.ask("AT+SYSLOG=1")
    assert joined.ask('AT+FS_TO_HTTP_SERVER="f",5') == failure(EMPTY)
    assert joined.ask("AT") == OK


def test_memory_is_steady_over_downloads(ready: Board, servers: Servers) -> None:
    url = f"{servers.http}/bytes-stream/300000?seed=4"
    free = []
    for _ in range(11):
        assert download(ready, "f", url) == OK
        free.append(ready.free_memory())
    assert max(free[1:]) - min(free[1:]) < 2048, free
    assert md5(ready, "f") == md5_of(b"".join(payload(300_000, 4)))


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
