"""Answers that real servers send, and that a strict reader would refuse (docs/http_answers.md)."""

import pytest

from espat_host.client.board import Board
from espat_host.local_world.raw_server import RawServer, read_request, send

OK = b"\r\nOK\r\n"
ERROR = b"\r\nERROR\r\n"
HEAD = b"HTTP/1.1 200 OK\r\n"
HELLO = b"+HTTPCLIENT:5,hello\r\n"
TOO_LARGE = 0x7009
SLOW = 30.0


def code(reason: int) -> bytes:
    return b"ERR CODE:0x010a%04x\r\n" % reason + ERROR


ANSWERS: dict[str, bytes] = {  # the body is "hello" each time
    "a folded field": HEAD + b"Set-Cookie: a=b;\r\n\tpath=/\r\nContent-Length: 5\r\n\r\nhello",
    "a folded length": HEAD + b"Content-Length:\r\n 5\r\n\r\nhello",
    "identity with a length": HEAD
    + b"Transfer-Encoding: identity\r\nContent-Length: 5\r\n\r\nhello",
    "identity until close": HEAD + b"Transfer-Encoding: identity\r\n\r\nhello",
    "a length twice": HEAD + b"Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
    "lengths in a list": HEAD + b"Content-Length: 5, 5\r\n\r\nhello",
    "an empty line before it": b"\r\n" + HEAD + b"Content-Length: 5\r\n\r\nhello",
    "a later minor version": b"HTTP/1.2 200 OK\r\nContent-Length: 5\r\n\r\nhello",
    "bare LF behind the last chunk": HEAD
    + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\n",
    "a size with many zeros": HEAD
    + b"Transfer-Encoding: chunked\r\n\r\n0000000000000005\r\nhello\r\n0\r\n\r\n",
    "a long reason": HEAD[:-2] + b"x" * 5000 + b"\r\nContent-Length: 5\r\n\r\nhello",
}


@pytest.mark.parametrize("name", ANSWERS)
def test_accepted(asked_joined: Board, raw_server: RawServer, name: str) -> None:
    raw_server.answer(ANSWERS[name])
    answer = asked_joined.ask(f'AT+HTTPCLIENT=2,0,"{raw_server.url}",,,1', SLOW)
    assert answer == HELLO + OK
    assert asked_joined.ask("AT") == OK


@pytest.mark.parametrize("status", [599, 600, 999])
def test_statuses_that_nobody_knows(
    asked_joined: Board, raw_server: RawServer, status: int
) -> None:
    """RFC 9110 section 15: like a 5xx."""
    raw_server.answer(b"HTTP/1.1 %d X\r\nContent-Length: 5\r\n\r\nhello" % status)
    asked_joined.ask("AT+SYSLOG=1")
    answer = asked_joined.ask(f'AT+HTTPCLIENT=2,0,"{raw_server.url}",,,1', SLOW)
    assert answer == HELLO + code(0x7000 + status)


@pytest.mark.parametrize("length", [2048, 4096, 4097, 20_000])
def test_long_lines(asked_joined: Board, raw_server: RawServer, length: int) -> None:
    """What is not asked for is skipped whatever its length; HEAD prints what fits."""
    policy = b"Content-Security-Policy: "
    line = policy + b"x" * (length - len(policy))
    answer = HEAD + line + b"\r\nContent-Length: 5\r\nAfter: y\r\n\r\n"
    raw_server.answer(answer + b"hello")
    assert (
        asked_joined.ask(f'AT+HTTPCGET="{raw_server.url}"', SLOW) == b"+HTTPCGET:5,hello\r\n" + OK
    )
    raw_server.answer(answer)
    told = asked_joined.ask(f'AT+HTTPCLIENT=1,0,"{raw_server.url}",,,1', SLOW)
    first, rest = told.split(b"\r\n", 1)
    name, _, shown = first.partition(policy)
    assert name.startswith(b"+HTTPCLIENT:")
    assert set(shown) == {ord("x")}
    assert len(shown) > 2000 - len(policy)
    assert rest == b"+HTTPCLIENT:17, Content-Length: 5\r\n+HTTPCLIENT:8, After: y\r\n" + OK


def test_a_length_that_does_not_fit(asked_joined: Board, raw_server: RawServer) -> None:
    raw_server.answer(HEAD + b"Content-Length:" + b" " * 4096 + b"5\r\n\r\nhello")
    asked_joined.ask("AT+SYSLOG=1")
    answer = asked_joined.ask(f'AT+HTTPCLIENT=2,0,"{raw_server.url}",,,1', SLOW)
    assert answer == code(TOO_LARGE)


def test_head_shows_unfolded_fields(asked_joined: Board, raw_server: RawServer) -> None:
    raw_server.answer(HEAD + b"Set-Cookie: a=b;\r\n\tpath=/\r\nLast: 1\r\n 2\r\n\r\n")
    answer = asked_joined.ask(f'AT+HTTPCLIENT=1,0,"{raw_server.url}",,,1', SLOW)
    cookie = b"+HTTPCLIENT:23, Set-Cookie: a=b; path=/\r\n"
    assert answer == cookie + b"+HTTPCLIENT:9, Last: 1 2\r\n" + OK


@pytest.mark.parametrize("length", [b"5, 5", b"5\r\nContent-Length: 5", b"\r\n 5"])
def test_the_size_of_it(asked_joined: Board, raw_server: RawServer, length: bytes) -> None:
    raw_server.answer(HEAD + b"Content-Length: " + length + b"\r\n\r\n")
    assert (
        asked_joined.ask(f'AT+HTTPGETSIZE="{raw_server.url}"', SLOW) == b"+HTTPGETSIZE:5\r\n" + OK
    )


@pytest.mark.parametrize("option", [b"close, keep-alive", b"close\r\nConnection: keep-alive"])
def test_close_wins(asked_joined: Board, raw_server: RawServer, option: bytes) -> None:
    """RFC 9112 section 9.3: no second request on that connection."""
    head = HEAD + b"Content-Length: 5\r\nConnection: " + option + b"\r\n\r\n"
    raw_server.script(read_request, send(head + b"hello"), read_request)
    for _ in range(2):
        answer = asked_joined.ask(f'AT+HTTPCLIENT=2,0,"{raw_server.url}",,,1', SLOW)
        assert answer == HELLO + OK
    assert [bytes(data).count(b"GET ") for data in raw_server.received] == [1, 1]
