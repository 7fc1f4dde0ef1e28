"""`espat get`, `head`, `post`, `put` and `delete` through a simulated board: what comes out."""

import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from espat_host.client.board import Board
from espat_host.local_world.payload import payload, payload_sha256
from espat_host.local_world.raw_server import RawServer
from espat_host.local_world.servers import Servers
from espat_host.sim import SimBoard
from host_tests.cli.process import LIMIT, espat

pytestmark = pytest.mark.sim_only

HELLO = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
SAD = b"HTTP/1.1 404 X\r\nContent-Length: 4\r\n\r\nsad!"


def test_a_binary_body_on_stdout(port: str, servers: Servers) -> None:
    done = espat("get", "--port", port, f"{servers.http}/bytes-stream/100000?seed=1")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == b"".join(payload(100_000, 1))


def test_a_file(port: str, servers: Servers, tmp_path: Path) -> None:
    target = tmp_path / "body"
    target.write_bytes(b"old")
    url = f"{servers.http}/bytes-stream/5000?seed=1&framing=chunked"
    done = espat("get", "--port", port, "-o", target, url)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert target.read_bytes() == b"".join(payload(5000, 1))
    assert list(tmp_path.iterdir()) == [target]


def test_what_is_no_file_stays_what_it_is(port: str, servers: Servers, tmp_path: Path) -> None:
    """A pipe, or /dev/null: nothing may be renamed over it."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with ThreadPoolExecutor(1) as pool:
        body = pool.submit(pipe.read_bytes)
        done = espat("get", "--port", port, "-o", pipe, f"{servers.http}/bytes-stream/500?seed=1")
        assert (done.returncode, done.stderr) == (0, b"")
        assert body.result(LIMIT) == b"".join(payload(500, 1))
    assert pipe.is_fifo()


def test_the_network_is_joined_when_it_has_to_be(sim: SimBoard, servers: Servers) -> None:
    url = f"{servers.http}/bytes-stream/3"
    nowhere = espat("get", "--port", sim.port, url, ESPAT_SSID="")
    assert nowhere.returncode == 7
    assert b"--ssid" in nowhere.stderr
    assert espat("get", "--port", sim.port, url).returncode == 0
    # It is there now, so nothing has to be known.
    assert espat("get", "--port", sim.port, url, ESPAT_SSID="").returncode == 0


def test_head(port: str, raw_server: RawServer) -> None:
    raw_server.answer(b"HTTP/1.1 200 OK\r\nX-A: b: c\r\nContent-Length: 5\r\n\r\n")
    done = espat("head", "--port", port, raw_server.url)
    assert (done.returncode, done.stdout) == (0, b"X-A: b: c\nContent-Length: 5\n")


@pytest.mark.parametrize("method", ["post", "put"])
@pytest.mark.parametrize("source", ["text", "file", "stdin"])
def test_upload(port: str, servers: Servers, tmp_path: Path, method: str, source: str) -> None:
    data = b"".join(payload(60_000, 2)) if source != "text" else b"a=b"
    file = tmp_path / "data"
    file.write_bytes(data)
    what = {"text": "a=b", "file": f"@{file}", "stdin": "@-"}[source]
    url = f"{servers.http}/upload"
    arguments = (method, "--port", port, url, "--data", what, "--content-type", "text/x-test")
    done = espat(*arguments, stdin=data if source == "stdin" else b"")
    assert (done.returncode, done.stderr) == (0, b"")
    told = json.loads(done.stdout)
    assert (told["length"], told["content_type"]) == (len(data), "text/x-test")
    assert told["method"] == method.upper()
    if source != "text":
        assert told["sha256"] == payload_sha256(60_000, 2)


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_without_data(port: str, raw_server: RawServer, method: str) -> None:
    raw_server.answer(HELLO)
    done = espat(method, "--port", port, raw_server.url, "-H", "X-A: b,c", "-H", "X-B:d")
    assert (done.returncode, done.stdout) == (0, b"hello")
    head = bytes(raw_server.received[0])
    assert head.startswith(f"{method.upper()} / HTTP/1.1\r\n".encode())
    assert b"\r\nX-A: b,c\r\n" in head
    assert b"\r\nX-B: d\r\n" in head


def test_an_error_status_as_curl_has_it(port: str, raw_server: RawServer, tmp_path: Path) -> None:
    target = tmp_path / "page"
    for _ in range(4):
        raw_server.answer(SAD)
    done = espat("get", "--port", port, raw_server.url)
    assert (done.returncode, done.stdout) == (0, b"sad!")
    assert b"HTTP status 404" in done.stderr
    failed = espat("get", "--port", port, "--fail", raw_server.url)
    assert (failed.returncode, failed.stdout) == (22, b"")
    assert espat("get", "--port", port, "--fail", "-o", target, raw_server.url).returncode == 22
    assert list(tmp_path.iterdir()) == []
    assert espat("get", "--port", port, "-o", target, raw_server.url).returncode == 0
    assert target.read_bytes() == b"sad!"


def test_json(port: str, raw_server: RawServer) -> None:
    raw_server.answer(HELLO)
    told = json.loads(espat("get", "--port", port, "--json", raw_server.url).stdout)
    assert (told["url"], told["method"], told["bytes"]) == (raw_server.url, "GET", 5)
    assert told["seconds"] > 0
    assert told["rate"] > 0
    assert (told["code"], told["reason"], told["status"]) == (None, None, 200)
    raw_server.answer(SAD)
    done = espat("get", "--port", port, "--json", "--fail", raw_server.url)
    told = json.loads(done.stdout)
    assert (told["code"], told["reason"]) == ("0x010a7194", "HTTP status 404")
    assert (told["status"], told["exit_code"], done.returncode) == (404, 22, 22)


def test_json_of_a_head(port: str, raw_server: RawServer) -> None:
    raw_server.answer(b"HTTP/1.1 200 OK\r\nX-A: b\r\nY: d\r\nX-A: c\r\n\r\n")
    told = json.loads(espat("head", "--port", port, "--json", raw_server.url).stdout)
    assert told["headers"] == {"X-A": ["b", "c"], "Y": ["d"]}


def test_verbose_tells_no_secret(sim: SimBoard, servers: Servers) -> None:
    done = espat("get", "--port", sim.port, "-v", f"{servers.http}/bytes-stream/3000?seed=1")
    assert done.returncode == 0
    lines = done.stderr.decode().splitlines()
    assert "> AT+CWJAP=***" in lines
    assert any(line.startswith("< +HTTPCGET:") and " bytes: " in line for line in lines)
    assert b"1234567890" not in done.stderr


def test_certificates(joined: Board, sim: SimBoard, servers: Servers, tmp_path: Path) -> None:
    port = sim.port
    stranger = tmp_path / "stranger.pem"
    stranger.write_bytes(servers.authority.self_signed("localhost").certificate.read_bytes())
    url = f"{servers.https}/bytes-stream/3"
    root = servers.authority.root_path
    assert espat("get", "--port", port, "--cacert", stranger, url).returncode == 60
    assert espat("get", "--port", port, "--cacert", root, url).returncode == 0
    # Nothing of it stays for the next request.
    assert espat("get", "--port", port, url).returncode == 0


def test_a_simulated_board() -> None:
    done = espat("get", "--sim", "https://httpbin.org/bytes/1000")
    assert (done.returncode, len(done.stdout)) == (0, 1000)
