"""What users of curl are used to: its short options, its words, its silence."""

import base64
import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from espat_host.client.board import Board
from espat_host.dialogues.pty_screen import PtyScreen
from espat_host.local_world.raw_server import RawServer, drip, read_request, send, silence
from espat_host.local_world.servers import Servers
from host_tests.cli.process import ESPAT, environment, espat
from host_tests.client.esp_at import JOINED, OK, EspAt, Script

pytestmark = pytest.mark.sim_only

URL = "http://example.com/x"
HEAD = b"HTTP/1.1 200 OK\r\n"
HELLO = HEAD + b"Content-Length: 5\r\n\r\nhello"
BUSY = b"HTTP/1.1 503 X\r\nContent-Length: 4\r\n\r\nsad!"
ZERO = HEAD + b"Content-Length: 4\r\n\r\na\0bc"


@pytest.fixture
def esp_at() -> Iterator[EspAt]:
    """Original ESP-AT in its network; a page is longer than HEAD says."""
    script: Script = JOINED | {
        b"AT+HTTPGETSIZE=": b"+HTTPGETSIZE:10\r\n" + OK,
        b"AT+HTTPCGET=": b"+HTTPCGET:5000,%s\r\n" % (b"x" * 5000) + OK,
    }
    with EspAt(script) as peer:
        yield peer


def on_a_terminal(*arguments: str | Path, cwd: Path | None = None) -> PtyScreen:
    settings = environment() | {"TERM": "xterm"}
    return PtyScreen([*ESPAT, *map(str, arguments)], env=settings, cwd=cwd)


@pytest.mark.parametrize(
    ("arguments", "line", "body"),
    [
        (["post", "-d", "a=1", "-d", "b=2"], b"POST / ", b"a=1&b=2"),
        (["get", "-X", "put", "-d", "x"], b"PUT / ", b"x"),
        (["get", "-X", "DELETE"], b"DELETE / ", b""),
        (["post", "-X", "GET"], b"GET / ", b""),
    ],
)
def test_method_and_data(
    port: str, raw_server: RawServer, arguments: list[str], line: bytes, body: bytes
) -> None:
    raw_server.answer(HELLO)
    done = espat(*arguments, "--port", port, raw_server.url)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"hello", b"")
    received = bytes(raw_server.received[0])
    assert received.startswith(line)
    assert received.partition(b"\r\n\r\n")[2] == body


@pytest.mark.parametrize("method", ["get", "head", "post", "delete"])
@pytest.mark.parametrize("where", ["the url", "-u"])
def test_user_and_password(port: str, raw_server: RawServer, method: str, where: str) -> None:
    """As Basic authorization; nobody is shown them, not even with -v."""
    raw_server.answer(HEAD + b"Content-Length: 0\r\n\r\n")
    url = raw_server.url.replace("://", "://ann:se%20cret@") if where == "the url" else None
    user = [] if url else ["-u", "ann:se cret"]
    data = ["-d", "x"] if method == "post" else []
    done = espat(method, "-v", "--json", *user, *data, "--port", port, url or raw_server.url)
    assert done.returncode == 0, done.stderr
    code = base64.b64encode(b"ann:se cret")
    received = bytes(raw_server.received[0])
    assert b"\r\nAuthorization: Basic " + code + b"\r\n" in received
    assert received.splitlines()[0].endswith(b" / HTTP/1.1")
    assert json.loads(done.stdout)["url"] == raw_server.url
    for secret in (b"se%20cret", b"se cret", code):
        assert secret not in done.stdout + done.stderr


def test_a_password_is_asked_for_and_not_shown(port: str, raw_server: RawServer) -> None:
    raw_server.answer(HELLO)
    with on_a_terminal("get", "-u", "ann", "--port", port, raw_server.url) as screen:
        screen.until("Password of ann:")
        screen.type_line("secret")
        screen.until("hello")
        assert screen.until_end() == 0
        assert b"secret" not in screen.seen
    assert base64.b64encode(b"ann:secret") in bytes(raw_server.received[0])


def test_a_file_with_the_name_of_the_url(port: str, raw_server: RawServer, tmp_path: Path) -> None:
    raw_server.answer(HELLO)
    url = f"{raw_server.url}/a/page.txt?x=/y#z"
    with on_a_terminal("get", "-s", "-O", "--port", port, url, cwd=tmp_path) as screen:
        assert screen.until_end() == 0
        assert screen.text == ""
    assert [path.name for path in tmp_path.iterdir()] == ["page.txt"]
    assert (tmp_path / "page.txt").read_bytes() == b"hello"


def test_a_file_keeps_its_mode(port: str, raw_server: RawServer, tmp_path: Path) -> None:
    target = tmp_path / "body"
    target.write_bytes(b"old")
    target.chmod(0o640)
    raw_server.answer(HELLO)
    assert espat("get", "-o", target, "--port", port, raw_server.url).returncode == 0
    assert (target.read_bytes(), target.stat().st_mode & 0o777) == (b"hello", 0o640)


def test_a_dash_is_stdout(port: str, raw_server: RawServer, tmp_path: Path) -> None:
    raw_server.answer(ZERO)
    done = espat("get", "-o", "-", "--port", port, raw_server.url)
    assert (done.returncode, done.stdout) == (0, b"a\0bc")


def test_binary_is_not_for_a_terminal(port: str, raw_server: RawServer) -> None:
    raw_server.answer(ZERO)
    with on_a_terminal("get", "--port", port, raw_server.url) as screen:
        assert screen.until_end() == 23
        assert "use -o FILE to keep it, or -o - to see it" in screen.text.replace("\n", "")
        assert b"a\0bc" not in screen.seen
    raw_server.answer(ZERO)
    with on_a_terminal("get", "-o", "-", "--port", port, raw_server.url) as screen:
        assert screen.until_end() == 0
        assert b"a\0bc" in screen.seen


def test_silent(port: str, raw_server: RawServer) -> None:
    raw_server.script(read_request)
    done = espat("get", "-s", "--port", port, raw_server.url)
    assert (done.returncode, done.stdout, done.stderr) == (52, b"", b"")


def test_headers_are_shown_where_there_are_some(port: str, raw_server: RawServer) -> None:
    raw_server.answer(HEAD + b"X-A: b\r\n\r\n")
    done = espat("head", "-i", "--port", port, raw_server.url)
    assert (done.returncode, done.stdout) == (0, b"HTTP/1.1 200\nX-A: b\n")


@pytest.mark.parametrize("where", ["before the head", "in the body"])
def test_max_time(port: str, raw_server: RawServer, joined: Board, where: str) -> None:
    slow = (silence,) if where == "before the head" else (drip(HEAD + b"\r\n" + b"x" * 900, 0.05),)
    raw_server.script(read_request, *slow)
    started = time.monotonic()
    done = espat("get", "-m", "2", "--timeout", "60", "--port", port, raw_server.url)
    assert done.returncode == 28
    assert done.stderr == b"espat: it was not done within --max-time, 2 s\n"
    assert 2 < time.monotonic() - started < 60
    assert joined.request("AT").ok


def test_retry(port: str, raw_server: RawServer, tmp_path: Path) -> None:
    """After what may be better soon; nothing of the tries in vain is in the output."""
    raw_server.answer(BUSY)
    raw_server.script(read_request, silence)
    raw_server.answer(HELLO)
    arguments = ("get", "--retry", "3", "--timeout", "0.3", "--port", port, raw_server.url)
    done = espat(*arguments)
    assert (done.returncode, done.stdout) == (0, b"hello")
    told = done.stderr.decode().splitlines()
    assert (
        told[0]
        == "espat: AT+HTTPCGET failed: HTTP status 503 (0x010a71f7); trying again in 1 s, 3 more"
    )
    assert told[1].endswith("trying again in 2 s, 2 more")
    for _ in range(2):
        raw_server.answer(BUSY)
    done = espat("get", "--retry", "1", "-f", "--port", port, raw_server.url)
    assert (done.returncode, done.stdout) == (22, b"")
    raw_server.answer(b"HTTP/1.1 404 X\r\nContent-Length: 4\r\n\r\nsad!")
    done = espat("get", "--retry", "1", "-f", "--port", port, raw_server.url)
    assert b"trying again" not in done.stderr


def test_control_c_is_one_line_that_tells_what_stays(
    port: str, raw_server: RawServer, tmp_path: Path
) -> None:
    target = tmp_path / "body"
    size = 3000
    head = HEAD + b"Content-Length: %d\r\n\r\n" % size
    raw_server.script(read_request, send(head), drip(b"x" * size, 0.02, 10))
    raw_server.script(read_request, send(head), drip(b"x" * size, 0.02, 10))
    with on_a_terminal("get", "-o", target, "--port", port, raw_server.url) as screen:
        screen.until("bytes/s")
        screen.keys("\x03")
        assert screen.until_end(60) == 130
        bar, *rest = [line for line in screen.lines if line]
        assert bar.startswith("GET")
        said = "".join(rest)
        assert said.startswith("espat: given up on request; ")
        assert said.endswith(" bytes; -C goes on from there")
    assert (tmp_path / "body.part").exists()


def test_bars(port: str, servers: Servers, raw_server: RawServer, tmp_path: Path) -> None:
    """One for what is sent and one for what comes, each with its percents."""
    data = tmp_path / "data"
    data.write_bytes(bytes(200_000))
    url = f"{servers.http}/upload"
    with on_a_terminal("put", "-d", f"@{data}", "--port", port, url) as screen:
        assert screen.until_end(60) == 0
        bars = [line for line in screen.lines if "kB" in line]
        assert [line.split()[0] for line in bars] == ["sending"]
        assert "100%" in bars[0]
        assert '"method"' in screen.text
    url = f"{servers.http}/bytes-stream/300000?seed=1"
    with on_a_terminal("get", "-o", tmp_path / "x", "--port", port, url) as screen:
        assert screen.until_end(60) == 0
        bars = [line for line in screen.lines if "kB" in line]
        assert [line.split()[0] for line in bars] == ["GET"]
        assert "100%" in bars[0]


def test_a_bar_knows_its_size_from_the_same_exchange(
    port: str, raw_server: RawServer, tmp_path: Path
) -> None:
    page = b"x" * 5000
    raw_server.answer(b"HTTP/1.1 404 X\r\nContent-Length: 5000\r\n\r\n" + page)
    with on_a_terminal("get", "-o", tmp_path / "x", "--port", port, raw_server.url) as screen:
        assert screen.until_end(60) == 0
        assert "5.0/5.0 kB" in screen.text
    assert len(raw_server.received) == 1


def test_a_bar_never_goes_above_its_end(esp_at: EspAt, tmp_path: Path) -> None:
    """A HEAD may tell another size than what comes, as with an error page."""
    with on_a_terminal("get", "-o", tmp_path / "x", "--port", esp_at.port, URL) as screen:
        assert screen.until_end(60) == 0
        assert "5.0/? kB" in screen.text
    assert b"50000%" not in screen.seen


def test_a_continued_bar_begins_where_it_was(port: str, servers: Servers, tmp_path: Path) -> None:
    target = tmp_path / "x"
    url = f"{servers.http}/range/100000"
    assert espat("get", "-o", target, "--port", port, url).returncode == 0
    whole = target.read_bytes()
    target.write_bytes(whole[:60_000])
    with on_a_terminal("get", "-C", "-o", target, "--port", port, url) as screen:
        assert screen.until_end(60) == 0
        assert "100%" in screen.text
        assert "100.0/100.0 kB" in screen.text
    assert target.read_bytes() == whole


def test_no_silence_on_a_terminal(port: str, raw_server: RawServer) -> None:
    raw_server.script(read_request, silence)
    with on_a_terminal("get", "--timeout", "8", "--port", port, raw_server.url) as screen:
        screen.until("waiting for the server ...")
        assert screen.until_end(60) == 28
        assert "waiting" not in screen.text
