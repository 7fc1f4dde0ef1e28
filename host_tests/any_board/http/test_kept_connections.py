"""A connection is kept for the next request to the same origin. What a server that ends it costs is
in test_keeping.py."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from espat_host.client.board import Board
from espat_host.local_world.raw_server import RawServer, Step, read_request, send, silence
from espat_host.local_world.servers import Servers
from espat_host.sim import SimBoard
from host_tests.conftest import Target

# Seconds; half of what the board waits for, which is half of its read limit.
STANDSTILL = 1.25
OK = b"\r\nOK\r\n"
HELLO = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
BYE = HELLO.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")


def answers(count: int, answer: bytes = HELLO) -> tuple[Step, ...]:
    return (read_request, send(answer)) * count


def get(dut: Board, server: RawServer) -> bytes:
    return dut.request(f'AT+HTTPCGET="{server.url}"').body


def requests(server: RawServer) -> list[int]:
    """How many requests each connection carried."""
    return [bytes(received).count(b" HTTP/1.1\r\n") for received in server.received]


def in_one_go(host: str, attempt: Callable[[RawServer], None]) -> None:
    """A PC that stands still for seconds now and then may try again: the board ends a connection
    that nobody uses, and asks once more when a server says nothing."""
    limit = time.monotonic() + 90
    while True:
        started = time.monotonic()
        with RawServer(host=host) as server:
            try:
                attempt(server)
                return
            except AssertionError:
                if time.monotonic() - started < STANDSTILL or time.monotonic() > limit:
                    raise


def test_fifty_requests_make_one_connection(joined: Board, target: Target) -> None:
    def attempt(server: RawServer) -> None:
        server.script(*answers(50))  # and then the server closes
        server.script(*answers(1), silence)
        for _ in range(50):
            assert get(joined, server) == b"hello"
        assert requests(server) == [50]
        assert get(joined, server) == b"hello"
        assert requests(server) == [50, 1]

    in_one_go(target.host_address, attempt)


def test_every_command_uses_it_that_may_be_sent_twice(joined: Board, target: Target) -> None:
    def attempt(server: RawServer) -> None:
        server.script(read_request, send(HELLO[:-5]), *answers(3), silence)
        assert joined.request(f'AT+HTTPGETSIZE="{server.url}"').ok
        assert joined.request(f'AT+HTTPCLIENT=2,0,"{server.url}",,,1').ok
        assert joined.request(f'AT+HTTPCGET="{server.url}/x"').ok
        assert joined.request(f'AT+HTTPCLIENT=5,0,"{server.url}",,,1').ok
        assert requests(server) == [4]

    in_one_go(target.host_address, attempt)


def test_an_upload_takes_a_new_one_and_leaves_it(joined: Board, target: Target) -> None:
    def attempt(server: RawServer) -> None:
        server.script(*answers(2), silence)
        assert joined.request(f'AT+HTTPCPOST="{server.url}",3', b"abc").ok
        assert get(joined, server) == b"hello"
        assert joined.request(f'AT+HTTPCPUT="{server.url}",3', b"abc").ok
        assert get(joined, server) == b"hello"
        assert joined.request(f'AT+HTTPCLIENT=3,0,"{server.url}",,,1,"abc"').ok
        assert requests(server) == [2, 2, 1]

    in_one_go(target.host_address, attempt)


def test_bodies_without_length_and_refusals_of_the_server(
    joined: Board, raw_server: RawServer
) -> None:
    ways = [BYE, HELLO.replace(b"/1.1", b"/1.0"), b"HTTP/1.1 200 OK\r\n\r\nhello"]
    for answer in ways:
        raw_server.script(read_request, send(answer))
        assert get(joined, raw_server) == b"hello"
    assert requests(raw_server) == [1, 1, 1]


def test_the_host_may_refuse_it(joined: Board, raw_server: RawServer) -> None:
    raw_server.script(*answers(2))
    for _ in range(2):
        line = f'AT+HTTPCLIENT=2,0,"{raw_server.url}",,,1,"Connection: close"'
        assert joined.request(line).body == b"hello"
    assert requests(raw_server) == [1, 1]


def test_another_origin_closes_it(joined: Board, raw_server: RawServer) -> None:
    with RawServer(host=raw_server.host) as other:
        raw_server.script(*answers(1), silence)
        other.script(*answers(1), silence)
        get(joined, raw_server)
        get(joined, other)
        get(joined, raw_server)
        assert requests(raw_server) == [1, 1]


def test_it_is_closed_after_a_few_idle_seconds(joined: Board, raw_server: RawServer) -> None:
    ended: list[float] = []

    def until_closed(connection: Any) -> None:
        connection.finish_reading()
        ended.append(time.monotonic())

    raw_server.script(*answers(1), until_closed)
    start = time.monotonic()
    get(joined, raw_server)
    while not ended and time.monotonic() < start + 20:
        time.sleep(0.05)
    assert ended
    assert 2 < ended[0] - start < 15


def test_the_servers_own_limit_counts(joined: Board, raw_server: RawServer) -> None:
    answer = HELLO.replace(b"\r\n\r\n", b"\r\nKeep-Alive: timeout=1, max=9\r\n\r\n")
    raw_server.script(*answers(2, answer))
    get(joined, raw_server)
    get(joined, raw_server)
    assert requests(raw_server) == [1, 1]


def test_the_end_of_the_link_closes_it(
    world: dict[str, Any], sim: SimBoard, joined: Board, raw_server: RawServer
) -> None:
    raw_server.script(*answers(1), silence)
    get(joined, raw_server)
    assert joined.ask("AT+CWQAP") == b"WIFI DISCONNECT\r\n" + OK
    joined.join("espressif", "1234567890")
    get(joined, raw_server)
    assert requests(raw_server) == [1, 1]


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_bodies_stay_in_step(joined: Board, servers: Servers, scheme: str) -> None:
    base = servers.http if scheme == "http" else servers.https
    for size in (0, 1, 5000, 0, 17):
        for framing in ("length", "chunked"):
            url = f"{base}/bytes-stream/{size}?framing={framing}"
            reply = joined.request(f'AT+HTTPCGET="{url}"')
            assert reply.ok
            assert sum(reply.sizes) == size


def test_over_tls_the_second_request_is_five_times_as_fast(joined: Board, servers: Servers) -> None:
    """Both in the same run, the best of several: what is left out is the handshake."""

    def seconds() -> float:
        start = time.perf_counter()
        assert joined.request(f'AT+HTTPCGET="{servers.https}/bytes-stream/10"').ok
        return time.perf_counter() - start

    first, second = [60.0], [60.0]
    limit = time.monotonic() + 30  # a moment in which this PC does nothing else is waited for
    while min(first) < 5 * min(second) and time.monotonic() < limit:
        # Another origin in between, so that the next request has to connect.
        assert joined.request(f'AT+HTTPCGET="{servers.http}/bytes-stream/10"').ok
        first.append(seconds())
        second.append(seconds())
    assert min(first) >= 5 * min(second), (first, second)
