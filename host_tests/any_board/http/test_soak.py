"""Requests of mixed kind, twenty thousand with --soak, with faults mixed in: no answer is
lost or doubled, the port stays in step, and memory ends where it was."""

import hashlib
import random
import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from espat_host.client.board import Board
from espat_host.local_world.raw_server import Connection, RawServer

WARM_UP = 100
SEED = 3
KB = 1024
HEAD = b"HTTP/1.1 200 OK\r\n"

OK, ERROR, SEND_OK, SEND_FAIL = b"OK", b"ERROR", b"SEND OK", b"SEND FAIL"


def body(size: int) -> bytes:
    return hashlib.shake_128(b"%d" % size).digest(size)


def chunks(data: bytes) -> bytes:
    pieces = [data[at : at + 700] for at in range(0, len(data), 700)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def length(size: int, more: bytes = b"") -> bytes:
    return HEAD + more + b"Content-Length: %d\r\n\r\n" % size


# What the server does for a path, given the size in it: (bytes to send, whether it closes then).
ANSWERS: dict[bytes, Callable[[int], tuple[bytes, bool]]] = {
    b"length": lambda n: (length(n) + body(n), False),
    b"chunked": lambda n: (HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + chunks(body(n)), False),
    b"close": lambda n: (HEAD + b"\r\n" + body(n), True),
    b"bye": lambda n: (length(n, b"Connection: close\r\n") + body(n), True),
    b"drop": lambda n: (length(n) + body(n), True),  # closes without saying so
    b"missing": lambda n: (b"HTTP/1.1 404 X\r\nContent-Length: %d\r\n\r\n" % n + body(n), False),
    b"short": lambda n: (length(n + 5) + body(n), True),
    b"bad": lambda n: (HEAD + b"Transfer-Encoding: chunked\r\n\r\nxyz\r\n", True),
    b"silent": lambda n: (b"", True),
    b"garbage": lambda n: (b"\x00\xff\r\n", True),
}
FAULTS = {b"short", b"bad", b"silent", b"garbage", b"missing"}


def serve(connection: Connection) -> None:
    while request := connection.next_request():
        found = re.match(rb"(\w+) /(\w+)/(\d+) ", request)
        assert found, request
        data, closes = ANSWERS[found[2]](int(found[3]))
        if found[1] == b"HEAD":
            data = data[: data.find(b"\r\n\r\n") + 4]
        connection.sock.sendall(data)
        if closes:
            return


@dataclass
class Case:
    line: str
    data: bytes | None
    result: bytes
    body: bytes | None  # None: whatever the server says


def make_case(dice: random.Random, url: str) -> Case:
    kind = dice.random()
    if kind < 0.02:
        return Case('AT+HTTPCGET="http://no-such-name.invalid/"', None, ERROR, b"")
    if kind < 0.04:
        return Case('AT+HTTPCGET="nonsense"', None, ERROR, b"")
    name = dice.choice(list(ANSWERS))
    size = dice.choice([0, 1, 300, 512, 2048, 3000])
    path = f"{url}/{name.decode()}/{size}"
    failed = name in FAULTS
    expected = body(size) if name not in (b"bad", b"silent", b"garbage") else b""
    if kind < 0.5:
        command = dice.choice(['AT+HTTPCGET="%s"', 'AT+HTTPCLIENT=2,0,"%s",,,1'])
        return Case(command % path, None, ERROR if failed else OK, expected)
    if kind < 0.8:
        data = body(dice.choice([1, 100, 5000]))
        command = dice.choice(["AT+HTTPCPOST", "AT+HTTPCPUT"])
        line = f'{command}="{path}",{len(data)}'
        ends = {b"missing": ERROR}.get(name, SEND_FAIL if failed else SEND_OK)
        return Case(line, data, ends, expected)
    opt = dice.choice([3, 4, 5])
    return Case(f'AT+HTTPCLIENT={opt},0,"{path}",,,1', None, ERROR if failed else OK, expected)


@pytest.mark.timeout(900)
@pytest.mark.soak(400, 20_000, real=500)
def test_mixed_requests(joined: Board, raw_server: RawServer, amount: int) -> None:
    raw_server.script(serve)
    dice, first, dropped = random.Random(SEED), 0, False
    for number in range(amount):
        case = make_case(dice, raw_server.url)
        reply = joined.request(case.line, case.data)
        # A request that is sent at the moment in which the server drops the kept connection fails:
        # it is never sent twice (docs/wire.md 14).
        if not (dropped and not reply.ok and reply.body == b""):
            assert (reply.result, reply.body) == (case.result, case.body), (number, case.line)
        if raw_server.url in case.line:  # whatever else is asked for leaves that connection alone
            dropped = "/drop/" in case.line
        if number == WARM_UP:
            first = joined.free_memory()
    joined.expect_silence()
    # A kept connection more or less, and what a conservative collector takes for one.
    assert abs(joined.free_memory() - first) <= 4 * KB
