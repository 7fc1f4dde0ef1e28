"""Peers that lie, hang and hang up: each is answered with its reason, and then AT is answered."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest

from espat_host.client.board import Board
from espat_host.local_world.raw_server import (
    RawServer,
    Step,
    drip,
    pause,
    read_request,
    reset,
    send,
    silence,
)
from espat_host.local_world.servers import Servers
from espat_host.sim import SimBoard

OK = b"\r\nOK\r\n"
HEAD = b"HTTP/1.1 200 OK\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"

LOOKUP, REFUSED, CONNECT_TIMEOUT, HANDSHAKE = 0x7001, 0x7002, 0x7004, 0x7005
MALFORMED, CLOSED, TOO_LARGE = 0x7007, 0x7008, 0x7009
READ_TIMEOUT, INCOMPLETE, NO_WIFI = 0x700B, 0x700C, 0x700F
HANDSHAKE_TIMEOUT, HANDSHAKE_CLOSED = 0x7012, 0x701A
# ESP-AT's time limit for each wait is 5 s; a test that waits for one takes as long.
SLOW = 30.0


def endless_header(connection: Any) -> None:
    connection.read_request()
    connection.sock.sendall(HEAD)
    while True:
        connection.sock.sendall(b"X-Endless: " + b"x" * 500 + b"\r\n")


def endless_line(connection: Any) -> None:
    connection.read_request()
    connection.sock.sendall(HEAD + b"X-Endless: ")
    while True:
        connection.sock.sendall(b"x" * 1000)


LIARS: dict[str, tuple[tuple[Step, ...], int, bytes]] = {
    # name: what the server does, the reason, the body that arrives before it
    "closes at once": ((), CLOSED, b""),
    "closes after the request": ((read_request,), CLOSED, b""),
    "closes in the status line": ((read_request, send(b"HTTP/1.1 2")), CLOSED, b""),
    "closes in the head": ((read_request, send(HEAD + b"X: y\r\n")), CLOSED, b""),
    "resets after the request": ((read_request, reset), CLOSED, b""),
    "closes in the body": (
        (read_request, send(HEAD + b"Content-Length: 9\r\n\r\nabc")),
        INCOMPLETE,
        b"abc",
    ),
    "closes in a chunk": ((read_request, send(CHUNKED + b"9\r\nabc")), INCOMPLETE, b"abc"),
    "leaves out the last chunk": (
        (read_request, send(CHUNKED + b"3\r\nabc\r\n")),
        INCOMPLETE,
        b"abc",
    ),
    "resets in the body": (
        (read_request, send(HEAD + b"\r\nabc"), pause(2), reset),
        CLOSED,
        b"abc",
    ),
    "sends a bad chunk size": (
        (read_request, send(CHUNKED + b"3\r\nabc\r\nxyz\r\n")),
        MALFORMED,
        b"abc",
    ),
    "sends too long a chunk": (
        (read_request, send(CHUNKED + b"3\r\nabcd\r\n0\r\n\r\n")),
        MALFORMED,
        b"abc",
    ),
    "speaks garbage": ((read_request, send(b"\x00\xff garbage\r\n" * 10)), MALFORMED, b""),
    "speaks HTTP/2": ((read_request, send(b"HTTP/2 200\r\n\r\n")), MALFORMED, b""),
    "speaks SMTP": ((send(b"220 mail ESMTP\r\n"), silence), MALFORMED, b""),
    "folds the status line": ((read_request, send(HEAD + b" X: 1\r\n\r\n")), MALFORMED, b""),
    "hides a line behind a CR": (
        (read_request, send(HEAD + b"X: 1\rContent-Length: 2\r\n\r\nab")),
        MALFORMED,
        b"",
    ),
    "has a CR in its status line": (
        (read_request, send(b"HTTP/1.1 200 O\rK\r\n\r\nab")),
        MALFORMED,
        b"",
    ),
    "gives two lengths": (
        (read_request, send(HEAD + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd")),
        MALFORMED,
        b"",
    ),
    "gives length and chunks": (
        (read_request, send(HEAD + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n")),
        MALFORMED,
        b"",
    ),
    "never ends its header": ((endless_header,), TOO_LARGE, b""),
    "never ends a header line": ((endless_line,), TOO_LARGE, b""),
}

HANGERS: dict[str, tuple[tuple[Step, ...], int, bytes]] = {
    "says nothing": ((silence,), READ_TIMEOUT, b""),
    "stops in the head": ((read_request, send(HEAD), silence), READ_TIMEOUT, b""),
    "promises 2 GB and is silent": (
        (read_request, send(HEAD + b"Content-Length: 2147483648\r\n\r\nabc"), silence),
        READ_TIMEOUT,
        b"abc",
    ),
    "stops in a chunk": (
        (read_request, send(CHUNKED + b"9\r\nabc"), silence),
        READ_TIMEOUT,
        b"abc",
    ),
}


def failure(name: bytes, body: bytes, reason: int, end: bytes) -> bytes:
    chunk = b"+%s:%d,%s\r\n" % (name, len(body), body) if body else b""
    return chunk + b"ERR CODE:0x010a%04x\r\n\r\n%s\r\n" % (reason, end)


# name of the command, its line, the data after its prompt, what ends it when it fails
COMMANDS: dict[str, tuple[str, bytes | None, bytes]] = {
    "HTTPCLIENT": ('AT+HTTPCLIENT=2,0,"{url}",,,1', None, b"ERROR"),
    "HTTPCGET": ('AT+HTTPCGET="{url}"', None, b"ERROR"),
    "HTTPCPOST": ('AT+HTTPCPOST="{url}",5', b"hello", b"SEND FAIL"),
    "HTTPCPUT": ('AT+HTTPCPUT="{url}",5', b"hello", b"SEND FAIL"),
}


def check(dut: Board, url: str, reason: int, body: bytes = b"") -> None:
    """Every command fails with the reason, and the port is in step after each."""
    for name in COMMANDS:
        check_one(dut, name, url, reason, body)


def check_one(dut: Board, name: str, url: str, reason: int, body: bytes) -> None:
    line, data, end = COMMANDS[name]
    assert dut.ask("AT+SYSLOG=1") == OK
    answer = dut.request(line.format(url=url), data, timeout=SLOW).raw
    assert answer == failure(name.encode(), body, reason, end)
    assert dut.ask("AT") == OK
    dut.expect_silence(0.02)


@pytest.mark.parametrize("name", LIARS)
def test_liars(asked_joined: Board, raw_server: RawServer, name: str) -> None:
    steps, reason, body = LIARS[name]
    raw_server.script(*steps)
    check(asked_joined, raw_server.url, reason, body)


@pytest.mark.parametrize("name", ["closes in the body", "sends a bad chunk size"])
def test_liars_with_tls(asked_joined: Board, tls_raw_server: RawServer, name: str) -> None:
    steps, reason, body = LIARS[name]
    tls_raw_server.script(*steps)
    check(asked_joined, tls_raw_server.url, reason, body)


@pytest.mark.parametrize("name", HANGERS)
@pytest.mark.parametrize("command", COMMANDS)
def test_hangers(asked_joined: Board, raw_server: RawServer, name: str, command: str) -> None:
    steps, reason, body = HANGERS[name]
    raw_server.script(*steps)
    check_one(asked_joined, command, raw_server.url, reason, body)


# Without a body there is nothing that its framing could be wrong about.
FRAMING = "gives length and chunks"
HEADLESS = [name for name, (_, _, body) in LIARS.items() if not body and name != FRAMING]


@pytest.mark.parametrize("name", HEADLESS)
def test_liars_asked_for_a_size(asked_joined: Board, raw_server: RawServer, name: str) -> None:
    """AT+HTTPGETSIZE sends HEAD, so it only meets those who lie before the body."""
    steps, reason, _ = LIARS[name]
    raw_server.script(*steps)
    asked_joined.ask("AT+SYSLOG=1")
    answer = asked_joined.ask(f'AT+HTTPGETSIZE="{raw_server.url}"', SLOW)
    assert answer == failure(b"", b"", reason, b"ERROR")
    assert asked_joined.ask("AT") == OK


def test_a_slow_server_is_waited_for(asked_joined: Board, raw_server: RawServer) -> None:
    answer = HEAD + b"Content-Length: 20\r\n\r\n" + b"0123456789" * 2
    raw_server.script(read_request, drip(answer, 0.02))
    reply = asked_joined.request(f'AT+HTTPCLIENT=2,0,"{raw_server.url}",,,1', timeout=SLOW)
    assert reply.ok
    assert reply.body == b"0123456789" * 2


def test_tls_to_a_plain_port(asked_joined: Board, raw_server: RawServer) -> None:
    raw_server.script(lambda connection: connection.receive(), send(b"HTTP/1.1 400 Bad\r\n\r\n"))
    check(asked_joined, raw_server.url.replace("http:", "https:"), HANDSHAKE)


def test_plain_to_a_tls_port(asked_joined: Board, servers: Servers) -> None:
    asked_joined.ask("AT+SYSLOG=1")
    url = servers.https.replace("https:", "http:")
    answer = asked_joined.ask(f'AT+HTTPCLIENT=2,0,"{url}",,,1', SLOW)
    # A TLS server hangs up, sends an alert, or a sentence in HTTP; never an OK.
    assert answer.endswith(b"\r\nERROR\r\n")
    assert b"ERR CODE:0x010a7" in answer
    assert asked_joined.ask("AT") == OK


HELLO = bytes.fromhex("160303003a020000360303") + b"\0" * 20  # not all of it
CLOSE_NOTIFY = b"\x15\x03\x03\x00\x02\x01\x00"
QUITTERS: dict[str, tuple[Step, ...]] = {
    "at once": (),
    "after the hello": (lambda connection: connection.receive(),),
    "politely": (lambda connection: connection.receive(), send(CLOSE_NOTIFY)),
    "within its hello": (lambda connection: connection.receive(), send(HELLO)),
    "with a reset": (lambda connection: connection.receive(), pause(0.2), reset),
    "with a reset within its hello": (
        lambda connection: connection.receive(),
        send(HELLO),
        pause(0.2),
        reset,
    ),
}


@pytest.mark.parametrize("name", QUITTERS)
def test_a_server_that_hangs_up_in_the_handshake(
    asked_joined: Board, raw_server: RawServer, name: str
) -> None:
    raw_server.script(*QUITTERS[name])
    check(asked_joined, raw_server.url.replace("http:", "https:"), HANDSHAKE_CLOSED)


@pytest.mark.timeout(300)
def test_tls_handshake_without_an_answer(asked_joined: Board, raw_server: RawServer) -> None:
    raw_server.script(silence)
    asked_joined.ask("AT+SYSLOG=1")
    url = raw_server.url.replace("http:", "https:")
    answer = asked_joined.ask(f'AT+HTTPCLIENT=2,0,"{url}",,,1', SLOW)
    assert answer == failure(b"", b"", HANDSHAKE_TIMEOUT, b"ERROR")
    assert asked_joined.ask("AT") == OK


def test_refused(asked_joined: Board, raw_server: RawServer) -> None:
    url = raw_server.url
    raw_server.stop()
    check(asked_joined, url, REFUSED)


@pytest.fixture
def full_port() -> Iterator[int]:
    """A port whose queue is full: further connections get no answer."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(0)
    clients = []
    for _ in range(3):
        client = socket.socket()
        client.setblocking(False)
        with suppress(BlockingIOError):
            client.connect(listener.getsockname())
        clients.append(client)
    time.sleep(0.1)
    yield listener.getsockname()[1]
    for sock in (*clients, listener):
        sock.close()


@pytest.mark.sim_only
def test_connecting_without_an_answer(asked_joined: Board, full_port: int) -> None:
    asked_joined.ask("AT+SYSLOG=1")
    answer = asked_joined.ask(f'AT+HTTPCLIENT=2,0,"http://127.0.0.1:{full_port}/",,,1', SLOW)
    assert answer == failure(b"", b"", CONNECT_TIMEOUT, b"ERROR")
    assert asked_joined.ask("AT") == OK


def test_unknown_name(asked_joined: Board) -> None:
    check(asked_joined, "http://no-such-name.invalid/", LOOKUP)


def test_wifi_gone_in_the_middle_of_a_body(
    world: dict[str, Any], sim: SimBoard, joined: Board, raw_server: RawServer
) -> None:
    """The answer stops, the loss is reported between two chunks, and the reason is the link."""
    gone = threading.Event()

    def body(connection: Any) -> None:
        connection.sock.sendall(HEAD + b"Content-Length: 100000000\r\n\r\n")
        while not gone.is_set():
            connection.sock.sendall(b"x" * 1000)
        connection.finish_reading()

    raw_server.script(read_request, body)
    joined.ask("AT+SYSLOG=1")
    joined.send_line(f'AT+HTTPCLIENT=2,0,"{raw_server.url}",,,1')
    joined.read_until(b"+HTTPCLIENT:512,")
    sim.set_world(world | {"access_points": []})
    reply = joined.reply(SLOW)
    gone.set()
    assert b"WIFI DISCONNECT" in reply.lines
    assert reply.raw.endswith(failure(b"", b"", NO_WIFI, b"ERROR"))
    assert joined.ask("AT") == OK
    sim.set_world(world)
    joined.expect(b"WIFI CONNECTED\r\nWIFI GOT IP\r\n")
    raw_server.answer(HEAD + b"Content-Length: 2\r\n\r\nhi")
    assert joined.request(f'AT+HTTPCLIENT=2,0,"{raw_server.url}",,,1').body == b"hi"


def test_a_short_loss_of_wifi_is_survived(
    world: dict[str, Any], sim: SimBoard, joined: Board, raw_server: RawServer
) -> None:
    gone = threading.Event()
    raw_server.script(
        read_request,
        send(HEAD + b"Content-Length: 6\r\n\r\nabc"),
        lambda connection: gone.wait(SLOW),
        send(b"def"),
    )
    joined.send_line(f'AT+HTTPCLIENT=2,0,"{raw_server.url}",,,1')
    joined.expect(b"+HTTPCLIENT:3,abc\r\n")
    sim.set_world(world | {"access_points": []})
    joined.expect(b"WIFI DISCONNECT\r\n")
    gone.set()
    sim.set_world(world)
    reply = joined.reply()
    assert reply.ok
    assert reply.body == b"def"
    assert reply.lines[0] == b"WIFI CONNECTED"


def test_tls_that_is_cut_without_its_own_end(
    asked_joined: Board, tls_raw_server: RawServer
) -> None:
    """MicroPython cannot tell it from close_notify (docs/errors.md), so only a body that says how
    long it is can be found short."""
    asked_joined.ask("AT+SYSLOG=1")
    line = f'AT+HTTPCGET="{tls_raw_server.url}/"'
    tls_raw_server.script(read_request, send(b"HTTP/1.1 200 OK\r\n\r\nhey"))
    assert asked_joined.ask(line) == b"+HTTPCGET:3,hey\r\n\r\nOK\r\n"
    for framing in (
        b"Content-Length: 5\r\n\r\nhey",
        b"Transfer-Encoding: chunked\r\n\r\n3\r\nhey\r\n",
    ):
        tls_raw_server.script(read_request, send(b"HTTP/1.1 200 OK\r\n" + framing))
        told = b"+HTTPCGET:3,hey\r\nERR CODE:0x010a700c\r\n\r\nERROR\r\n"
        assert asked_joined.ask(line) == told
