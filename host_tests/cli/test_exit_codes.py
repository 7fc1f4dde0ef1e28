"""Every exit code of the client's commands, each by a real failure; and docs/client.md has them."""

import io
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest

from espat_host.build.checkout import ROOT
from espat_host.cli import exit_codes
from espat_host.client import reason_texts
from espat_host.client.board import Board
from espat_host.client.faults import AtCommandError, Deserted
from espat_host.console.signals import cancelled_by_signals
from espat_host.local_world.raw_server import (
    RawServer,
    drip,
    pause,
    read_request,
    reset,
    send,
    silence,
)
from espat_host.local_world.servers import Servers
from espat_host.sim import SimBoard
from host_tests.cli.process import ESPAT, LIMIT, environment, espat, start
from host_tests.client.esp_at import ERROR, OK, EspAt, Script
from host_tests.client.waiting import wait_until

pytestmark = pytest.mark.sim_only

HEAD = b"HTTP/1.1 200 OK\r\n"
DOCUMENT = ROOT / "docs" / "client.md"


# name: the code, what the server does, what comes after `espat get URL`.
SERVER_FAULTS: dict[str, tuple[int, tuple[Callable[..., object], ...], list[str]]] = {
    "not HTTP": (8, (read_request, send(b"nonsense\r\n\r\n")), []),
    "a short body": (18, (read_request, send(HEAD + b"Content-Length: 9\r\n\r\nabc")), []),
    "a status": (22, (read_request, send(b"HTTP/1.1 500 X\r\nContent-Length: 0\r\n\r\n")), ["-f"]),
    "silence": (28, (read_request, silence), ["--timeout", "0.3"]),
    "silence in the body": (
        28,
        (read_request, send(HEAD + b"Content-Length: 9\r\n\r\nabc"), pause(9)),
        ["--timeout", "0.3"],
    ),
    "no answer": (52, (read_request,), []),
    "a reset": (52, (read_request, reset), []),
    "a head without end": (56, (read_request, send(HEAD + b"X: y\r\n" * 40_000)), []),
    "an output without a folder": (
        23,
        (read_request, send(HEAD + b"\r\nhello")),
        ["-o", "/nowhere/body"],
    ),
}


@pytest.mark.parametrize("name", SERVER_FAULTS)
def test_a_bad_server(port: str, raw_server: RawServer, asked_joined: Board, name: str) -> None:
    code, steps, arguments = SERVER_FAULTS[name]
    raw_server.script(*steps)
    done = espat("get", "--port", port, raw_server.url, *arguments)
    assert done.returncode == code, done.stderr
    assert done.stderr.startswith(b"espat: ")
    assert b"Traceback" not in done.stderr
    assert asked_joined.request("AT").ok


# name: the code, the arguments; {url} is a server, {https} one with TLS.
FAULTS: dict[str, tuple[int, list[str]]] = {
    "a wrong option": (2, ["get", "--nothing", "{url}"]),
    "no such port": (2, ["get", "--port", "/dev/nowhere", "{url}"]),
    "no board at the port": (2, ["get", "--port", "{silent}", "--patience", "1", "{url}"]),
    "no url": (3, ["get", "nonsense"]),
    "a bad header": (3, ["get", "{url}", "-H", "A b: c"]),
    "a port that is none": (3, ["get", "http://127.0.0.1:99999/"]),
    "no such host": (6, ["get", "http://nowhere.invalid/"]),
    "nobody listens": (7, ["get", "http://127.0.0.1:{free}/"]),
    "a wrong password": (7, ["get", "--ssid", "espressif", "--password", "wrong-one", "{url}"]),
    "no such network": (7, ["get", "--ssid", "nowhere", "--password", "wrong-one", "{url}"]),
    "a file that is not there": (26, ["post", "{url}", "--data", "@/nowhere"]),
    "no range": (33, ["get", "{url}/bytes-stream/50", "--range", "10-19"]),
    "no TLS there": (35, ["get", "{plain-tls}"]),
    "no certificate": (58, ["get", "{https}", "--cacert", "{junk}"]),
    "a certificate of nobody": (60, ["get", "{https}", "--cacert", "{stranger}"]),
}


@pytest.mark.parametrize("name", FAULTS)
def test_faults(
    sim: SimBoard, dut: Board, servers: Servers, tmp_path: Path, unused: int, name: str
) -> None:
    junk, stranger = tmp_path / "junk.pem", servers.authority.self_signed("localhost").certificate
    junk.write_bytes(b"no certificate")
    code, arguments = FAULTS[name]
    master, slave = os.openpty()
    places = {"url": servers.http, "https": servers.https, "junk": junk, "stranger": stranger}
    places |= {"silent": os.ttyname(slave), "free": unused}
    places["plain-tls"] = servers.http.replace("http:", "https:")
    if "--port" not in arguments:
        arguments = [*arguments, "--port", sim.port]
    done = espat(*(argument.format(**places) for argument in arguments))
    os.close(master)
    os.close(slave)
    assert done.returncode == code, done.stderr
    assert b"Traceback" not in done.stderr
    assert b"wrong-one" not in done.stderr
    assert dut.request("AT").ok


@pytest.fixture
def unused() -> int:
    """A port on which nobody listens."""
    with RawServer() as server:
        return server.port


def test_an_output_that_is_full(port: str, raw_server: RawServer, asked_joined: Board) -> None:
    raw_server.answer(HEAD + b"\r\nhello")
    command = [*ESPAT, "get", "--port", port, raw_server.url]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(command, stdout=full, env=environment(), timeout=LIMIT)
    assert done.returncode == 23
    assert asked_joined.request("AT").ok


def test_a_pipe_that_nobody_reads(port: str, servers: Servers, asked_joined: Board) -> None:
    with start("get", "--port", port, f"{servers.http}/bytes-stream/300000") as command:
        assert command.stdout is not None
        command.stdout.close()
        assert command.wait(LIMIT) == 23
        assert asked_joined.request("AT").ok


def test_a_board_that_vanishes(sim: SimBoard, joined: Board, raw_server: RawServer) -> None:
    raw_server.script(read_request, drip(HEAD + b"\r\n" + b"x" * 10_000, 0.01))
    with start("get", "--port", sim.port, raw_server.url) as command:
        wait_for_output(command)
        sim.stop()
        assert command.wait(LIMIT) == 56


def test_a_board_that_restarts(sim: SimBoard, joined: Board, raw_server: RawServer) -> None:
    raw_server.script(read_request, drip(HEAD + b"\r\n" + b"x" * 10_000, 0.01))
    with start("get", "--port", sim.port, raw_server.url, "--timeout", "30") as command:
        wait_for_output(command)
        sim.reset()
        assert command.wait(LIMIT) in (56, 28)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("body", ["short", "endless"])
def test_interrupted(
    sim: SimBoard, joined: Board, raw_server: RawServer, number: signal.Signals, body: str
) -> None:
    """The board is usable afterwards: it has read to the end, or was restarted and has joined."""
    size = 1000 if body == "short" else 1_000_000
    head = HEAD + b"Content-Length: %d\r\n\r\n" % size
    raw_server.script(read_request, drip(head + b"x" * size, 0.05, 50))
    with start("get", "--port", sim.port, raw_server.url) as command:
        wait_for_output(command)
        command.send_signal(number)
        assert command.wait(LIMIT) == 130
        raw_server.answer(HEAD + b"Content-Length: 2\r\n\r\nhi")
        done = espat("get", "--port", sim.port, raw_server.url)
        assert (done.returncode, done.stdout) == (0, b"hi")


def test_interrupted_twice_in_an_upload(
    boot: Callable[..., SimBoard], raw_server: RawServer, tmp_path: Path
) -> None:
    """An upload cannot be taken back, and the board waits a minute for it; the command need not."""
    sim = boot(baud_pacing=True)
    data = tmp_path / "data"
    data.write_bytes(bytes(2_000_000))
    raw_server.script(read_request)
    with start("post", "--port", sim.port, raw_server.url, "--data", f"@{data}") as command:
        wait_until(lambda: any(raw_server.received), limit=LIMIT)
        assert command.stderr is not None
        for _ in range(2):
            command.send_signal(signal.SIGINT)
            assert command.stderr.readline().startswith(b"giving up")
        assert command.wait(30) == 130


def test_a_signal_in_the_middle_of_output(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """A buffered stream that is written to cannot be written to by what interrupts that."""

    class Interrupted(io.RawIOBase):
        def writable(self) -> bool:
            return True

        def write(self, data: Any) -> int:
            signal.raise_signal(signal.SIGINT)
            signal.raise_signal(signal.SIGINT)
            return len(data)

    class Left:
        cancelled = 0

        def cancel(self) -> None:
            self.cancelled += 1

    monkeypatch.setattr(sys, "stderr", io.TextIOWrapper(io.BufferedWriter(Interrupted())))
    board = Left()
    with pytest.raises(Deserted), cancelled_by_signals(cast(Board, board)):
        print("half of it", file=sys.stderr, flush=True)
    monkeypatch.undo()
    assert board.cancelled == 1
    assert capfd.readouterr().err.count("giving up") == 2


# What no server can make this firmware say is said by a peer.
SAID = {
    b"ERR CODE:0x01090000\r\n": 4,
    b"ERR CODE:0x010a700a\r\n": 27,
    b"ERR CODE:0x010a7010\r\n": 42,
    b"": 56,
}


@pytest.mark.parametrize("said", SAID)
def test_said_by_a_board(said: bytes) -> None:
    script: Script = {
        b"AT+CWJAP?": b'+CWJAP:"espressif","aa:bb:cc:dd:ee:ff",6,-42,0,1,3,0,1\r\n' + OK,
        b"AT+CIPSTA?": b'+CIPSTA:ip:"10.0.0.2"\r\n' + OK,
        b"AT+CIFSR": b'+CIFSR:STAIP,"10.0.0.2"\r\n' + OK,
        b"AT+HTTPCGET=": said + ERROR,
    }
    with EspAt(script, syslog=bool(said)) as peer:
        assert espat("get", "--port", peer.port, "http://example.com/").returncode == SAID[said]
        assert peer.lines[-1] == b'AT+HTTPCGET="http://example.com/"'


def wait_for_output(command: "subprocess.Popen[bytes]") -> None:
    """Until the body has begun to come."""
    assert command.stdout is not None
    assert command.stdout.read(1) == b"x"


def test_each_reason_has_a_code() -> None:
    for number, _ in reason_texts.TABLE:
        error = AtCommandError("AT+HTTPCGET", 0x010A0000 | number, [])
        assert exit_codes.exit_code(error) in exit_codes.MEANINGS
    assert set(exit_codes._BY_REASON) == {number for number, _ in reason_texts.TABLE}


def test_documented_as_they_are() -> None:
    rows = re.findall(r"^\| (\d+) \| (.+) \|$", DOCUMENT.read_text(), re.MULTILINE)
    assert [(int(number), text) for number, text in rows] == sorted(exit_codes.MEANINGS.items())
