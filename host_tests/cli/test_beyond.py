"""`espat get` and its like where the board goes beyond ESP-AT, and where it does not."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from espat_host.local_world.raw_server import RawServer, drip, read_request, silence
from host_tests.cli.process import espat
from host_tests.client.esp_at import JOINED, OK, EspAt, Script

pytestmark = pytest.mark.sim_only

HELLO = b"HTTP/1.1 201 X\r\nX-A: b\r\nContent-Length: 5\r\n\r\nhello"
SAD = b"HTTP/1.1 404 X\r\nX-A: b\r\nContent-Length: 4\r\n\r\nsad!"
AWAY = b"HTTP/1.1 302 X\r\nLocation: /there\r\nContent-Length: 3\r\n\r\nfar"


@pytest.fixture
def esp_at() -> Iterator[EspAt]:
    """Original ESP-AT in its network."""
    script: Script = JOINED | {
        b"AT+HTTPCGET=": b"+HTTPCGET:2,hi\r\n" + OK,
        b"AT+HTTPCLIENT=1,": b"+HTTPCLIENT:6, X-A: b\r\n" + OK,
    }
    with EspAt(script) as peer:
        yield peer


@pytest.mark.parametrize("method", ["get", "post", "delete"])
def test_redirects(port: str, raw_server: RawServer, method: str) -> None:
    for answer in (AWAY, HELLO, AWAY, HELLO, AWAY):
        raw_server.answer(answer)
    done = espat(method, "-L", "--port", port, raw_server.url)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"hello", b"")
    told = json.loads(espat(method, "-L", "--json", "--port", port, raw_server.url).stdout)
    assert told["redirects"] == [{"status": 302, "url": f"{raw_server.url}/there"}]
    assert told["status"] == 201
    plain = espat(method, "--port", port, raw_server.url)
    assert (plain.returncode, plain.stdout) == (0, b"far")


def test_redirects_of_head(port: str, raw_server: RawServer) -> None:
    raw_server.answer(AWAY[:-3])
    raw_server.answer(HELLO[:-5])
    done = espat("head", "-L", "-i", "--port", port, raw_server.url)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == b"HTTP/1.1 201\nX-A: b\nContent-Length: 5\n"


def test_redirects_without_end(port: str, raw_server: RawServer) -> None:
    for _ in range(11):
        raw_server.answer(AWAY)
    done = espat("get", "-L", "--port", port, raw_server.url)
    assert (done.returncode, done.stdout) == (47, b"")
    assert b"more redirects than the host allows" in done.stderr


def test_status_and_headers_before_the_body(
    port: str, raw_server: RawServer, tmp_path: Path
) -> None:
    head = b"HTTP/1.1 201\nX-A: b\nContent-Length: 5\n\n"
    for answer in (HELLO, HELLO, SAD, SAD):
        raw_server.answer(answer)
    done = espat("get", "-i", "--port", port, raw_server.url)
    assert (done.returncode, done.stdout) == (0, head + b"hello")
    target = tmp_path / "page"
    done = espat("post", "-i", "-d", "x", "-o", target, "--port", port, raw_server.url)
    assert (done.returncode, target.read_bytes()) == (0, head + b"hello")
    done = espat("get", "-i", "--port", port, raw_server.url)
    assert (done.returncode, done.stdout[:12], done.stdout[-4:]) == (0, b"HTTP/1.1 404", b"sad!")
    done = espat("get", "-i", "-f", "--port", port, raw_server.url)
    assert (done.returncode, done.stdout) == (22, b"")


def test_json_has_status_and_headers(port: str, raw_server: RawServer) -> None:
    for answer in (HELLO, SAD):
        raw_server.answer(answer)
    told = json.loads(espat("get", "--json", "--port", port, raw_server.url).stdout)
    fields = {"X-A": ["b"], "Content-Length": ["5"]}
    assert (told["status"], told["headers"], told["redirects"]) == (201, fields, [])
    told = json.loads(espat("get", "--json", "--port", port, raw_server.url).stdout)
    assert (told["status"], told["headers"]) == (404, fields | {"Content-Length": ["4"]})


@pytest.mark.parametrize(
    ("arguments", "line", "body"),
    [
        (["get", "-X", "PATCH", "-d", "a=1"], b"PATCH / ", b"a=1"),
        (["get", "-X", "options"], b"options / ", b""),
        (["delete", "-d", "x"], b"DELETE / ", b"x"),
        (["post", "-X", "REPORT", "-d", ""], b"REPORT / ", b""),
    ],
)
def test_any_method(
    port: str, raw_server: RawServer, arguments: list[str], line: bytes, body: bytes
) -> None:
    raw_server.answer(HELLO)
    done = espat(*arguments, "--port", port, raw_server.url)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"hello", b"")
    head, _, sent = bytes(raw_server.received[0]).partition(b"\r\n\r\n")
    assert head.startswith(line)
    assert (b"Content-Length" in head) == ("-d" in arguments)
    assert sent == body


@pytest.mark.parametrize("arguments", [["get"], ["post", "-d", "x"], ["get", "-X", "PATCH"]])
def test_max_time_is_the_limit_of_the_board(
    port: str, raw_server: RawServer, tmp_path: Path, arguments: list[str]
) -> None:
    raw_server.script(read_request, drip(b"HTTP/1.1 200 X\r\n\r\n" + b"x" * 900, 0.05))
    target = tmp_path / "page"
    call = [*arguments, "-v", "-m", "5", "-o", str(target), "--timeout", "60"]
    done = espat(*call, "--port", port, raw_server.url)
    assert done.returncode == 28
    limits = re.findall(rb"> AT.HTTPTIMEOUT=60000,(\d+)", done.stderr)
    assert len(limits) == 1
    assert 1000 < int(limits[0]) <= 5000  # what is left when the board has started
    assert b"it was not done within --max-time, 5 s" in done.stderr
    assert b"AT+HTTPABORT" not in done.stderr
    assert target.with_name("page.part").read_bytes().startswith(b"x")
    assert b"> AT+HTTPTIMEOUT=0,0\n" in done.stderr


def test_timeout_of_a_post(port: str, raw_server: RawServer) -> None:
    raw_server.script(read_request, silence)
    done = espat("post", "-v", "-d", "x", "--timeout", "0.5", "--port", port, raw_server.url)
    assert done.returncode == 28
    assert b"> AT+HTTPTIMEOUT=500,0\n" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["get", "-L"], b"cannot follow redirects: its firmware has no AT+HTTPREDIRECT"),
        (["get", "-i"], b"cannot tell the headers of a GET"),
        (["get", "-X", "PATCH"], b"cannot send a PATCH"),
        (["delete", "-d", "x"], b"cannot send a DELETE with a body"),
    ],
)
def test_what_original_esp_at_cannot_do(esp_at: EspAt, arguments: list[str], words: bytes) -> None:
    done = espat(*arguments, "--port", esp_at.port, "http://example.com/x", ESPAT_SSID="")
    assert (done.returncode, done.stdout) == (4, b"")
    assert words in done.stderr
    assert done.stderr.count(b"\n") == 1
    assert not any(line.startswith((b"AT+HTTPC", b"AT+HTTPREQ")) for line in esp_at.lines)


def test_original_esp_at_as_before(esp_at: EspAt) -> None:
    url = "http://example.com/x"
    told = json.loads(espat("get", "--json", "--port", esp_at.port, url, ESPAT_SSID="").stdout)
    assert (told["bytes"], told["status"], told["headers"]) == (2, None, {})
    done = espat("head", "-i", "--port", esp_at.port, url, ESPAT_SSID="")
    assert (done.returncode, done.stdout) == (0, b"X-A: b\n")
