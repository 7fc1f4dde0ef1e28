"""AT+FS_TO_HTTP_SERVER against servers good and bad."""

import json

import pytest

from espat_host.client.board import Board
from espat_host.local_world.payload import payload_sha256
from espat_host.local_world.raw_server import RawServer, reset
from espat_host.local_world.servers import Servers
from espat_host.sim import SimBoard
from host_tests.any_board.http.board_files import (
    CLOSED,
    NOT_FOUND,
    OK,
    OLD,
    download,
    failure,
    prepare,
    unchanged,
    upload,
    write,
)


@pytest.fixture
def joined(joined: Board) -> Board:
    """It does not join by itself after a start: what that reports could come at any moment."""
    assert joined.ask("AT+CWAUTOCONN=0") == OK
    return joined


@pytest.fixture
def ready(joined: Board) -> Board:
    """A joined board with one file, `f`, that tells reasons."""
    return prepare(joined)


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


def test_no_empty_file_is_left(joined: Board, sim: SimBoard) -> None:
    """Not when the power goes in the first write of a file either."""
    joined.send_line('AT+FS=1,1,"f",0,5')
    joined.expect(b">")
    sim.reset()
    joined.discard()
    joined.synchronise()
    joined.ask("AT+SYSLOG=1")
    assert joined.ask('AT+FS=1,3,"f"') == failure(NOT_FOUND)
    assert joined.ask('AT+FS_TO_HTTP_SERVER="f",5') == failure(NOT_FOUND)
    assert joined.ask("AT") == OK
