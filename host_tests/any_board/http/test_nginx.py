"""What a production server does: ranges, redirects, large files, connections kept or not."""

import hashlib
import socket
from collections.abc import Iterator

import pytest

from espat_host.client.board import Board
from espat_host.local_world import nginx_server
from espat_host.local_world.nginx_server import Nginx
from espat_host.local_world.payload import payload, payload_sha256
from espat_host.local_world.servers import Servers
from host_tests.any_board.http.board_files import download, md5, md5_of, prepare

pytestmark = pytest.mark.timeout(900)  # the first one may have to fetch nginx

MB = 1_000_000
OK = b"\r\nOK\r\n"


@pytest.fixture(scope="module")
def nginx(servers: Servers) -> Iterator[Nginx]:
    pair = servers.authority.issue("localhost", servers.host, label="nginx")
    with Nginx(servers.host, pair, keepalive_requests=10) as server:
        (server.www / "hello").write_bytes(b"hello world\n")
        with (server.www / "large").open("wb") as large:
            for block in payload(50 * MB, 6):
                large.write(block)
        yield server


def add_header(dut: Board, header: bytes) -> None:
    dut.send_line(f"AT+HTTPCHEAD={len(header)}")
    dut.expect_prompt()
    dut.write(header)
    assert dut.reply().raw == OK


@pytest.mark.sim_only
def test_it_takes_other_ports_if_somebody_was_quicker(
    servers: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They were free when it was looked, which is not for ever."""
    pair = servers.authority.issue("localhost", label="nginx-late")
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        chosen = iter([[taken, *nginx_server.free_ports(1)], nginx_server.free_ports(2)])
        monkeypatch.setattr(nginx_server, "free_ports", lambda count: next(chosen))
        with Nginx("127.0.0.1", pair) as server:
            assert str(taken) not in server.http


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_get(joined: Board, nginx: Nginx, scheme: str) -> None:
    reply = joined.request(f'AT+HTTPCGET="{getattr(nginx, scheme)}/hello"')
    assert (reply.result, reply.body) == (b"OK", b"hello world\n")


def test_ranges(joined: Board, nginx: Nginx) -> None:
    add_header(joined, b"Range: bytes=6-10")
    assert joined.request(f'AT+HTTPCGET="{nginx.http}/hello"').body == b"world"
    add_header(joined, b"Range: bytes=1000-")
    joined.ask("AT+SYSLOG=1")
    assert b"ERR CODE:0x010a71a0\r\n" in joined.ask(f'AT+HTTPCGET="{nginx.http}/hello"')
    head = joined.request(f'AT+HTTPCLIENT=1,0,"{nginx.http}/hello",,,1,"Range: bytes=0-3"')
    assert not head.ok  # AT+HTTPCHEAD wins over the command's own header


def test_a_large_file_in_pieces(joined: Board, nginx: Nginx) -> None:
    """As a host would resume a download: range after range, on one connection."""
    digest, piece = hashlib.sha256(), 100_000
    for start in range(0, 5 * piece, piece):
        add_header(joined, b"Range: bytes=%d-%d" % (start, start + piece - 1))
        reply = joined.request(f'AT+HTTPCGET="{nginx.http}/large"', sink=digest.update)
        assert reply.ok
        assert sum(reply.sizes) == piece
    assert digest.hexdigest() == payload_sha256(5 * piece, 6)


def test_redirects_are_results(joined: Board, nginx: Nginx) -> None:
    reply = joined.request(f'AT+HTTPCGET="{nginx.http}/moved"')
    assert reply.ok
    assert b"301 Moved Permanently" in reply.body
    head = joined.request(f'AT+HTTPCLIENT=1,0,"{nginx.http}/moved",,,1')
    assert any(b"Location: " in line for line in head.lines)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_large_file(joined: Board, nginx: Nginx, on_a_real_board: bool, scheme: str) -> None:
    url = f"{getattr(nginx, scheme)}/large"
    assert joined.ask(f'AT+HTTPGETSIZE="{url}"') == b"+HTTPGETSIZE:%d\r\n" % (50 * MB) + OK
    size = 50 * MB
    if on_a_real_board:
        size = MB
        add_header(joined, b"Range: bytes=0-%d" % (size - 1))
    digest = hashlib.sha256()
    reply = joined.request(f'AT+HTTPCGET="{url}"', sink=digest.update, timeout=60)
    assert reply.ok
    assert digest.hexdigest() == payload_sha256(size, 6)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_connections_are_kept_until_nginx_ends_them(
    joined: Board, nginx: Nginx, scheme: str
) -> None:
    """keepalive_requests is 10: every tenth answer says "close", and nobody notices."""
    for _ in range(35):
        reply = joined.request(f'AT+HTTPCGET="{getattr(nginx, scheme)}/hello"')
        assert (reply.result, reply.body) == (b"OK", b"hello world\n")


def test_an_upload_that_nginx_refuses(joined: Board, nginx: Nginx) -> None:
    """client_max_body_size is 1 KB: 413 comes at once, the rest of the data is swallowed."""
    joined.ask("AT+SYSLOG=1")
    for size in (2000, 500_000):
        reply = joined.request(f'AT+HTTPCPOST="{nginx.http}/hello",{size}', b"x" * size)
        assert reply.raw.endswith(b"ERR CODE:0x010a719d\r\n\r\nERROR\r\n"), reply.raw[-200:]
        assert joined.ask("AT") == OK


def test_statuses(joined: Board, nginx: Nginx) -> None:
    joined.ask("AT+SYSLOG=1")
    answer = joined.ask(f'AT+HTTPCGET="{nginx.http}/gone"')
    assert answer == b"+HTTPCGET:5,gone\n\r\nERR CODE:0x010a719a\r\n\r\nERROR\r\n"
    assert b"0x010a7194" in joined.ask(f'AT+HTTPCGET="{nginx.http}/missing"')
    reply = joined.request(f'AT+HTTPCLIENT=4,0,"{nginx.http}/hello",,,1')
    assert reply.raw.endswith(b"ERR CODE:0x010a7195\r\n\r\nERROR\r\n")


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_any_method(joined: Board, nginx: Nginx, scheme: str) -> None:
    """It takes GET and HEAD of a file, and refuses the rest, with a body that says so."""
    url = f"{getattr(nginx, scheme)}/hello"
    assert joined.request(f'AT+HTTPREQ="GET","{url}"').body == b"hello world\n"
    for method, data in (("DELETE", None), ("PATCH", b"x" * 100), ("PROPFIND", b"")):
        length = "" if data is None else f",{len(data)}"
        reply = joined.request(f'AT+HTTPREQ="{method}","{url}"{length}', data)
        assert reply.result == b"ERROR"
        assert b"405 Not Allowed" in reply.body


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_redirects_and_reports(joined: Board, nginx: Nginx, scheme: str) -> None:
    base = getattr(nginx, scheme)
    assert joined.ask("AT+HTTPREDIRECT=1") == OK
    assert joined.ask("AT+HTTPREPORT=5") == OK
    assert joined.ask(f'AT+HTTPCGET="{base}/moved"') == (
        b'+HTTPREDIRECT:301,"%s/hello"\r\n' % base.encode()
        + b'+HTTPSTATUS:200,12,"text/plain"\r\n+HTTPCGET:12,hello world\n\r\n'
        + OK
    )
    add_header(joined, b"Range: bytes=6-10")
    assert joined.ask(f'AT+HTTPCGET="{base}/hello"').startswith(b"+HTTPSTATUS:206,5,")


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_download_goes_on(joined: Board, nginx: Nginx, scheme: str) -> None:
    """Ranges, tags and the real thing's idea of them."""
    board = prepare(joined)
    body = b"".join(payload(300_000, 8))
    (nginx.www / "file").write_bytes(body)
    url = f"{getattr(nginx, scheme)}/file"
    begun = False
    for _ in range(40):
        answer = download(board, "g", url, ",0,1" if begun else ",60,1")
        if answer == OK:
            break
        begun = True
    assert answer == OK
    assert md5(board, "g") == md5_of(body)
