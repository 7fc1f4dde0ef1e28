"""`espat get --range` and `--continue`: parts of a body, from servers that know ranges or not."""

import re
from pathlib import Path

import pytest

from espat_host.cli.http import ranges
from espat_host.local_world.payload import payload
from espat_host.local_world.raw_server import Connection, RawServer, Step, read_request, send
from host_tests.cli.process import espat
from host_tests.client.esp_at import JOINED, OK, EspAt, Script, Taking

BODY = b"".join(payload(20_000, 3))
# Nothing in it tells where it is.
ZEROS = bytes(20_000)
CHANGED = b"".join(payload(20_000, 4))


def serving(body: bytes, *, knows: bool = True, tells: bool = True) -> Step:
    """A server of one resource. `knows`: ranges; `tells`: its size."""

    def answer(request: bytes) -> bytes:
        found = re.search(rb"Range: bytes=(\d*)-(\d*)\r\n", request) if knows else None
        status, data = b"200 OK", body
        if found:
            first = int(found[1]) if found[1] else len(body) - int(found[2])
            last = int(found[2]) if found[1] and found[2] else len(body) - 1
            status, data = b"206 Partial Content", body[first : last + 1]
            if first >= len(body):
                status, data = b"416 Range Not Satisfiable", b""
        head = b"HTTP/1.1 %s\r\n" % status
        head += b"Content-Length: %d\r\n\r\n" % len(data) if tells else b"\r\n"
        return head if request.startswith(b"HEAD") else head + data

    def step(connection: Connection) -> None:
        while request := connection.next_request():
            connection.sock.sendall(answer(request))
            if not tells:
                return

    return step


# The range, the server, the exit code, what comes out.
RANGES: dict[str, tuple[str, Step, int, bytes]] = {
    "the begin": ("0-99", serving(BODY), 0, BODY[:100]),
    "the middle": ("5000-9999", serving(BODY), 0, BODY[5000:10_000]),
    "to the end": ("15000-", serving(BODY), 0, BODY[15_000:]),
    "the end": ("-50", serving(BODY), 0, BODY[-50:]),
    "past the end": ("19000-99999", serving(BODY), 0, BODY[19_000:]),
    "everything": ("0-", serving(BODY, knows=False), 0, BODY),
    "behind the end": ("30000-", serving(BODY), 33, b""),
    "ignored": ("15000-", serving(BODY, knows=False), 33, BODY[:5000]),
    "ignored, without a size": ("0-99", serving(BODY, knows=False, tells=False), 33, b""),
    "ignored, only the status tells": ("50-", serving(BODY, knows=False, tells=False), 33, b""),
}


@pytest.mark.sim_only
@pytest.mark.parametrize("name", RANGES)
def test_ranges(port: str, raw_server: RawServer, name: str) -> None:
    wanted, server, code, out = RANGES[name]
    raw_server.script(server)
    done = espat("get", "--port", port, raw_server.url, "--range", wanted)
    assert done.returncode == code, done.stderr
    assert done.stdout == out if code == 0 else out.startswith(done.stdout)


def test_an_ignored_range_on_original_esp_at() -> None:
    """It tells neither status nor size here: what cannot be noticed, and is documented."""
    script: Script = JOINED | {
        b"AT+HTTPGETSIZE=": b"+HTTPGETSIZE:-1\r\n" + OK,
        b"AT+HTTPCHEAD=0": OK,
        b"AT+HTTPCHEAD=": Taking(OK),
        b"AT+HTTPCGET=": b"+HTTPCGET:9,the whole\r\n" + OK,
    }
    with EspAt(script) as peer:
        done = espat("get", "--port", peer.port, "http://example.com/x", "--range", "50-")
    assert (done.returncode, done.stdout) == (0, b"the whole")


# What is there, the server, the exit code, what is there afterwards. The names of the files are
# `f` and `f.part`.
Files = dict[str, bytes]
CONTINUATIONS: dict[str, tuple[Files, Step, int, Files]] = {
    "a part": ({"f.part": BODY[:7000]}, serving(BODY), 0, {"f": BODY}),
    "an incomplete file": ({"f": BODY[:7000]}, serving(BODY), 0, {"f": BODY}),
    "a few bytes": ({"f.part": BODY[:3]}, serving(BODY), 0, {"f": BODY}),
    "nothing": ({}, serving(BODY), 0, {"f": BODY}),
    "nothing, without ranges": ({}, serving(BODY, knows=False), 0, {"f": BODY}),
    "everything": ({"f": BODY}, serving(BODY), 0, {"f": BODY}),
    "a part beside an old file": (
        {"f": CHANGED, "f.part": BODY[:7000]},
        serving(BODY),
        0,
        {"f": BODY},
    ),
    "no ranges": (
        {"f.part": BODY[:7000]},
        serving(BODY, knows=False),
        33,
        {"f.part": BODY[:7000]},
    ),
    "another resource": ({"f": CHANGED[:7000]}, serving(BODY), 33, {"f": CHANGED[:7000]}),
    "zeros without ranges": (
        {"f.part": ZEROS[:7000]},
        serving(ZEROS, knows=False),
        33,
        {"f.part": ZEROS[:7000]},
    ),
    "no size": ({"f": BODY[:7000]}, serving(BODY, tells=False), 33, {"f": BODY[:7000]}),
    "too much": ({"f": BODY + b"x"}, serving(BODY), 33, {"f": BODY + b"x"}),
}


@pytest.mark.sim_only
@pytest.mark.parametrize("name", CONTINUATIONS)
def test_continue(port: str, raw_server: RawServer, tmp_path: Path, name: str) -> None:
    before, server, code, after = CONTINUATIONS[name]
    for file, content in before.items():
        (tmp_path / file).write_bytes(content)
    raw_server.script(server)
    done = espat("get", "--port", port, raw_server.url, "-C", "-o", tmp_path / "f")
    assert done.returncode == code, done.stderr
    there = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert there == after
    if code == 33:
        assert b"espat: " in done.stderr


@pytest.mark.sim_only
def test_a_broken_download_goes_on(port: str, raw_server: RawServer, tmp_path: Path) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(BODY)
    raw_server.script(read_request, send(head + BODY[:9000]))
    raw_server.script(serving(BODY))
    target = tmp_path / "f"
    broken = espat("get", "--port", port, raw_server.url, "-o", target)
    assert broken.returncode == 18
    assert (tmp_path / "f.part").read_bytes() == BODY[:9000]
    assert espat("get", "--port", port, raw_server.url, "-C", "-o", target).returncode == 0
    assert target.read_bytes() == BODY
    ranges_asked = re.findall(rb"Range: bytes=(\d+)-", b"".join(raw_server.received))
    assert ranges_asked == [b"%d" % (9000 - ranges.OVERLAP)]


@pytest.mark.parametrize("text", ["", "-", "5", "5-3", "a-b", "-5-", "0x1-", "1 - 2"])
def test_no_range(text: str) -> None:
    with pytest.raises(ValueError, match="range"):
        ranges.parse(text)


@pytest.mark.parametrize(
    ("text", "size", "length"),
    [
        ("0-99", 1000, (100, True)),
        ("0-99", None, (100, False)),
        ("990-2000", 1000, (10, True)),
        ("1000-", 1000, (0, True)),
        ("10-", None, (None, False)),
        ("-5", 3, (3, True)),
        ("-5", None, (5, False)),
    ],
)
def test_lengths(text: str, size: int | None, length: tuple[int | None, bool]) -> None:
    wanted = ranges.parse(text)
    assert str(wanted) == text
    assert wanted.length(size) == length
