"""That a connection was kept costs no answer: requests at the worst moment to servers that keep it
for a while. KEPT_REQUESTS=200 makes it the long form, an hour or so."""

import os
import random
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from espat_host.client.board import Board
from espat_host.local_world.raw_server import RawServer, read_request, send, silence
from host_tests.any_board.http.keeping import Keeper, Manners

COUNT = int(os.environ.get("KEPT_REQUESTS", "6"))
SEED = 3
Start = Callable[[Manners], Keeper]

MANNERS = {
    "2 s, 50 ms away": Manners(seconds=2.0, way=0.05),
    "2 s, 100 ms away": Manners(seconds=2.0, way=0.1),
    "100 ms": Manners(seconds=0.1, way=0.02),
    "200 ms": Manners(seconds=0.2, way=0.05),
    "300 ms": Manners(seconds=0.3, way=0.05),
    "closes on the second": Manners(second="closed"),
    "resets on the second": Manners(second="reset"),
    "silent on the second": Manners(second="silent"),
}
# The method that the server sees, the command, and the data behind its prompt.
COMMANDS: dict[str, tuple[str, str, bytes]] = {
    "HTTPCGET": ("GET", 'AT+HTTPCGET="{url}"', b""),
    "HTTPCLIENT=1": ("HEAD", 'AT+HTTPCLIENT=1,0,"{url}",,,1', b""),
    "HTTPCLIENT=4": ("PUT", 'AT+HTTPCLIENT=4,0,"{url}",,,1', b""),
    "HTTPCLIENT=5": ("DELETE", 'AT+HTTPCLIENT=5,0,"{url}",,,1', b""),
    "HTTPCLIENT=3": ("POST", 'AT+HTTPCLIENT=3,0,"{url}",,,1,"abc"', b""),
    "HTTPCPOST": ("POST", 'AT+HTTPCPOST="{url}",3', b"abc"),
    "HTTPCPUT": ("PUT", 'AT+HTTPCPUT="{url}",3', b"abc"),
}
UPLOADS = ("HTTPCLIENT=3", "HTTPCPOST", "HTTPCPUT")  # of which nothing may be sent twice


@pytest.fixture
def keeper(raw_server: RawServer) -> Iterator[Start]:
    """Start a Keeper where the board reaches it."""
    with ExitStack() as stack:
        yield lambda manners: stack.enter_context(Keeper(manners, raw_server.host))


def ask(dut: Board, server: Keeper, name: str, path: str) -> tuple[str, bool]:
    """What the server should have seen, and whether the host had its answer."""
    method, line, data = COMMANDS[name]
    reply = dut.request(line.format(url=server.url + path), data or None, timeout=30)
    return f"{method} {path}", reply.ok


def worst_moment(manners: Manners, dice: random.Random) -> float:
    """Seconds after an answer at which a request meets the server's end on its way."""
    if manners.second != "answered":
        return 0.0
    return dice.uniform(max(0.0, manners.seconds - 2 * manners.way), manners.seconds)


@pytest.mark.timeout(120 + 8 * COUNT)
@pytest.mark.parametrize("manners", MANNERS.values(), ids=MANNERS)
def test_no_get_is_lost(joined: Board, keeper: Start, manners: Manners) -> None:
    server, dice = keeper(manners), random.Random(SEED)
    for number in range(COUNT):
        assert ask(joined, server, "HTTPCGET", f"/{number}")[1], number
        time.sleep(worst_moment(manners, dice))
    print(f"{COUNT} requests, {server.connections} connections, {server.lost} without an answer")
    assert server.lost or manners.way  # a moment on a busy PC is not exact


@pytest.mark.timeout(120 + 8 * COUNT)
@pytest.mark.parametrize("manners", MANNERS.values(), ids=MANNERS)
def test_no_upload_is_lost_or_doubled(joined: Board, keeper: Start, manners: Manners) -> None:
    server, dice = keeper(manners), random.Random(SEED)
    for number in range(COUNT):
        if number % 2:
            name = UPLOADS[number // 2 % len(UPLOADS)]
            told, ok = ask(joined, server, name, f"/{number}")
            assert ok, (name, number)
            assert server.seen[told] == 1, (name, number)
        else:
            assert ask(joined, server, "HTTPCGET", f"/{number}")[1], number
        time.sleep(worst_moment(manners, dice))
    print(f"{COUNT} requests, {server.connections} connections, {server.lost} without an answer")


@pytest.mark.parametrize("second", ["closed", "reset"])
@pytest.mark.parametrize("name", ["HTTPCLIENT=1", "HTTPCLIENT=4", "HTTPCLIENT=5"])
def test_what_may_come_twice_is_sent_again(
    joined: Board, keeper: Start, name: str, second: str
) -> None:
    server = keeper(Manners(second=second))
    assert ask(joined, server, "HTTPCGET", "/first")[1]
    told, ok = ask(joined, server, name, "/second")
    assert ok
    assert server.seen[told] == 2


def test_over_tls_too(joined: Board, tls_raw_server: RawServer) -> None:
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
    tls_raw_server.script(read_request, send(answer), read_request)
    tls_raw_server.script(*(read_request, send(answer)) * 2, silence)
    for _ in range(3):
        assert joined.request(f'AT+HTTPCGET="{tls_raw_server.url}/"').body == b"hi"
    counts = [bytes(received).count(b" HTTP/1.1\r\n") for received in tls_raw_server.received]
    assert counts[0] == 2  # the second of them had no answer here
    assert sum(counts) == 4


def test_a_silent_server_costs_half_the_time_limit_once(joined: Board, keeper: Start) -> None:
    """Then its connections are not kept any more."""
    server = keeper(Manners(second="silent"))
    line = f'AT+HTTPCGET="{server.url}/",,,2000'
    taken = []
    for _ in range(5):
        start = time.monotonic()
        assert joined.request(line).ok
        taken.append(time.monotonic() - start)
    assert 1.0 <= taken[1] < 5.0, taken
    assert (server.lost, server.connections) == (1, 5)


def test_an_answer_that_breaks_off_is_no_second_try(joined: Board, raw_server: RawServer) -> None:
    """A byte of the answer tells that the server has worked on it."""
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
    raw_server.script(read_request, send(answer), read_request, send(answer[:3]))
    joined.ask("AT+SYSLOG=1")
    assert joined.request(f'AT+HTTPCGET="{raw_server.url}/"').ok
    told = joined.ask(f'AT+HTTPCGET="{raw_server.url}/"')
    assert told == b"ERR CODE:0x010a7008\r\n\r\nERROR\r\n"
    assert len(raw_server.received) == 1
