"""Bodies that are larger than any memory on the board, byte for byte."""

import hashlib
import itertools
import json

import pytest

from espat_host.client.board import Board
from espat_host.local_world.payload import payload, payload_sha256
from espat_host.local_world.raw_server import RawServer, read_request, send
from espat_host.local_world.servers import Servers

MB = 1_000_000
KB = 1024


# A real board is asked for less: at 115200 baud 100 MB are two and a half hours.
@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    "scheme",
    [
        pytest.param("http", marks=pytest.mark.soak(4 * MB, 100 * MB, real=MB)),
        pytest.param("https", marks=pytest.mark.soak(MB, 10 * MB, real=MB)),
    ],
)
def test_download(joined: Board, servers: Servers, amount: int, scheme: str) -> None:
    size = amount
    base = servers.http if scheme == "http" else servers.https
    small = f'AT+HTTPCLIENT=2,0,"{base}/bytes-stream/1000",,,1'
    assert joined.request(small).ok  # what stays allocated after a first request is no leak
    before = joined.free_memory()
    digest = hashlib.sha256()
    url = f"{base}/bytes-stream/{size}?seed=3"
    reply = joined.request(f'AT+HTTPCLIENT=2,0,"{url}",,,1', sink=digest.update, timeout=60)
    assert reply.ok
    assert sum(reply.sizes) == size
    assert max(reply.sizes) <= 512
    assert digest.hexdigest() == payload_sha256(size, 3)
    assert abs(joined.free_memory() - before) <= 2 * KB


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_upload(joined: Board, servers: Servers, scheme: str) -> None:
    """The host sends as fast as the port takes it."""
    base = servers.http if scheme == "http" else servers.https
    data = b"".join(payload(MB, 4))
    line = f'AT+HTTPCPOST="{base}/upload",{MB}'
    assert joined.request(line, data[:0] + data, timeout=60).result == b"SEND OK"
    before = joined.free_memory()
    reply = joined.request(line, data, timeout=120)
    assert reply.result == b"SEND OK"
    told = json.loads(reply.body)
    assert (told["length"], told["sha256"]) == (MB, payload_sha256(MB, 4))
    assert abs(joined.free_memory() - before) <= 2 * KB


@pytest.mark.timeout(900)
@pytest.mark.soak(2 * MB, 50 * MB, real=MB)
@pytest.mark.parametrize("command", ["HTTPCPOST", "HTTPCPUT"])
def test_large_upload(joined: Board, servers: Servers, amount: int, command: str) -> None:
    """Through a buffer of 16 KB; the payload is made, sent and forgotten in blocks."""
    size = amount
    joined.send_line(f'AT+{command}="{servers.http}/upload",{size}')
    joined.expect_prompt()
    for block in payload(size, 8):
        joined.write(block)
    reply = joined.reply(timeout=60)
    assert reply.result == b"SEND OK"
    assert json.loads(reply.body)["sha256"] == payload_sha256(size, 8)


def in_chunks(data: bytes, size: int) -> bytes:
    pieces = [data[at : at + size] for at in range(0, len(data), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(one), one) for one in pieces) + b"0\r\n\r\n"


@pytest.mark.parametrize("line_end", [b"\r\n", b"\n"])
@pytest.mark.parametrize("command", ["HTTPCLIENT=2,0,", "HTTPCGET="])
def test_a_body_that_comes_with_its_head(
    joined: Board, raw_server: RawServer, command: str, line_end: bytes
) -> None:
    """The head and the first chunk to the host lie in one buffer on the board."""
    line = f'AT+{command}"{raw_server.url}"' + (",,,1" if "CLIENT" in command else "")
    for chunk, size in itertools.product((0, 1, 7, 512), (511, 512, 513, 1024, 1990, 2100)):
        body = b"".join(payload(size, 5))
        framing = b"Transfer-Encoding: chunked" if chunk else b"Content-Length: %d" % size
        head = line_end.join((b"HTTP/1.1 200 OK", framing, b"Connection: close", b"", b""))
        raw_server.script(read_request, send(head + (in_chunks(body, chunk) if chunk else body)))
        reply = joined.request(line)
        assert reply.ok, (chunk, size)
        assert reply.body == body, (chunk, size)
