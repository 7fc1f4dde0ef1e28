"""Streams that are closed or full, folders without room, files that cannot be read: a sentence and
a number, and no traceback."""

import os
import subprocess
from pathlib import Path

import pytest

from espat_host.client.board import Board
from espat_host.local_world.raw_server import RawServer
from espat_host.sim import SimBoard
from host_tests.cli.process import ESPAT, LIMIT, environment

pytestmark = pytest.mark.sim_only

HELLO = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"


def through_sh(
    arguments: list[str], redirections: str, cwd: Path
) -> subprocess.CompletedProcess[str]:
    """The command with what a shell does to its streams."""
    command = ["sh", "-c", f'exec "$@" {redirections}', "sh", *ESPAT, *arguments]
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=LIMIT,
        cwd=cwd,
        env=environment(),
    )


# name: the arguments, what the shell does, the exit code, what is said.
STREAMS: dict[str, tuple[list[str], str, int, str]] = {
    "stdin is closed, the data come from it": (
        ["post", "-d", "@-", "--port", "{port}", "{url}"],
        "<&-",
        26,
        "standard input cannot be read: Bad file descriptor; is it closed?",
    ),
    "stdin is closed, commands come from it": (
        ["term", "{port}"],
        "<&-",
        26,
        "standard input cannot be read",
    ),
    "stdin is closed, a log comes from it": (
        ["traceback"],
        "<&-",
        26,
        "standard input cannot be read",
    ),
    "stdout is closed, a body goes there": (
        ["get", "--port", "{port}", "{url}"],
        ">&-",
        23,
        "standard output cannot be written",
    ),
    "stdout is full, headers go there": (
        ["head", "--port", "{port}", "{url}"],
        ">/dev/full",
        23,
        "standard output cannot be written: No space left on device",
    ),
    "stdout is full, JSON goes there": (
        ["get", "--json", "--port", "{port}", "{url}"],
        ">/dev/full",
        23,
        "standard output cannot be written: No space left on device",
    ),
    "stdout is closed, a list goes there": (
        ["boards", "list"],
        ">&-",
        23,
        "standard output cannot be written",
    ),
    "stdout is full, a list goes there": (
        ["boards", "list"],
        ">/dev/full",
        23,
        "standard output cannot be written: No space left on device",
    ),
    "stdout is full, a table goes there": (
        ["wifi", "scan", "--port", "{port}"],
        ">/dev/full",
        23,
        "standard output cannot be written: No space left on device",
    ),
    "stdout is full, help goes there": (
        ["get", "--help"],
        ">/dev/full",
        23,
        "standard output cannot be written: No space left on device",
    ),
    "stdout is full, a terminal's answers go there": (
        ["term", "{port}"],
        "</dev/zero >/dev/full",
        23,
        "standard output cannot be written",
    ),
}


@pytest.mark.parametrize("name", STREAMS)
def test_streams(
    joined: Board, sim: SimBoard, raw_server: RawServer, tmp_path: Path, name: str
) -> None:
    arguments, redirections, code, words = STREAMS[name]
    if "/dev/zero" in redirections:
        (tmp_path / "lines").write_text("AT\n")
        redirections = redirections.replace("/dev/zero", str(tmp_path / "lines"))
    raw_server.answer(HELLO)
    places = {"port": sim.port, "url": raw_server.url}
    done = through_sh([word.format(**places) for word in arguments], redirections, tmp_path)
    assert done.returncode == code, done.stderr
    assert done.stderr.startswith(f"espat: {words}")
    assert done.stderr.count("\n") == 1
    assert joined.request("AT").ok


def test_stderr_is_closed(sim: SimBoard, joined: Board, tmp_path: Path) -> None:
    """Its place must not go to the board's port: what is said would go there."""
    done = through_sh(["get", "--port", sim.port, "nonsense"], "2>&-", tmp_path)
    assert done.returncode == 3
    assert joined.request("AT").ok


# name: the arguments, the exit code, the words.
TEMPORARY: dict[str, tuple[list[str], int, str]] = {
    "an upload from stdin": (
        ["post", "-d", "@-", "--port", "{port}", "{url}"],
        1,
        "set TMPDIR to a folder that can be written",
    ),
    "a simulated board": (["sim"], 1, "TMPDIR names the folder for its files"),
    "a simulated board for a request": (["get", "--sim", "http://httpbin.org/"], 1, "TMPDIR"),
    "the demo": (["demo"], 1, "TMPDIR"),
}


@pytest.mark.parametrize("name", TEMPORARY)
def test_no_temporary_folder(sim: SimBoard, tmp_path: Path, name: str) -> None:
    """Neither TMPDIR nor any of the usual ones: as on a full or read-only disk."""
    arguments, code, words = TEMPORARY[name]
    program = (
        "import sys, tempfile; tempfile._candidate_tempdir_list = lambda: ['/nowhere']; "
        "import espat_command; espat_command.main()"
    )
    places = {"port": sim.port, "url": "http://127.0.0.1/"}
    done = subprocess.run(
        [ESPAT[0], "-c", program, *(word.format(**places) for word in arguments)],
        input="data",
        capture_output=True,
        text=True,
        timeout=LIMIT,
        cwd=tmp_path,
        env=environment(),
    )
    assert done.returncode == code, done.stderr
    assert words in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("command", ["post", "get -f"])
def test_a_temporary_folder_without_room(
    sim: SimBoard, joined: Board, raw_server: RawServer, tmp_path: Path, command: str
) -> None:
    """The limit on the size of files stands for a disk that is full."""
    data = tmp_path / "data"
    data.write_bytes(bytes(3_000_000))
    body = b"HTTP/1.1 200 OK\r\nContent-Length: 3000000\r\n\r\n" + bytes(3_000_000)
    raw_server.answer(body)
    upload = ["post", "-d", "@-"]
    arguments = upload if command == "post" else ["get", "-f"]
    limited = ["sh", "-c", 'ulimit -f 2000; exec "$@"', "sh", *ESPAT, *arguments]
    with data.open("rb") as stdin:
        done = subprocess.run(
            [*limited, "--port", sim.port, raw_server.url],
            stdin=stdin,
            capture_output=True,
            timeout=LIMIT,
            cwd=tmp_path,
            env=environment() | {"TMPDIR": str(tmp_path)},
        )
    assert done.returncode == 23, done.stderr
    assert b"TMPDIR" in done.stderr
    assert done.stderr.count(b"\n") == 1
    assert os.listdir(tmp_path) == ["data"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xff\xfe\x00", "is no text"),
        (b"nonsense\n", ":1: not an event: 'nonsense'"),
        (b">>hex zz\n", "non-hexadecimal number"),
    ],
)
def test_a_transcript_that_cannot_be_read(
    sim: SimBoard, tmp_path: Path, content: bytes, words: str
) -> None:
    path = tmp_path / "x.at"
    path.write_bytes(content)
    done = through_sh(["play", "--port", sim.port, str(path)], "", tmp_path)
    assert done.returncode == 26
    assert words in done.stderr
    assert done.stderr.count("\n") == 1
