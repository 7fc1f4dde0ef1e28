"""Request heads: defaults, the user's own fields, and what must not go onto the wire."""

import pytest

from espat.pure.request import BadHeader, build, split_header
from espat.pure.url import parse
from host_tests.pure import cases

URL = parse(b"http://httpbin.org:8080/put?user=foo")
TYPE = (b"Content-Type", b"application/json")


def test_get_has_no_body_fields():
    assert b"".join(build(b"GET", URL, [], [])) == (
        b"GET /put?user=foo HTTP/1.1\r\n"
        b"Host: httpbin.org:8080\r\n"
        b"User-Agent: ESP32 HTTP Client/1.0\r\n\r\n"
    )


def test_put_without_a_body_says_so():
    head = b"".join(build(b"PUT", URL, [], [TYPE], b""))
    assert head.endswith(b"\r\nContent-Type: application/json\r\nContent-Length: 0\r\n\r\n")


def test_own_fields_replace_defaults_whatever_their_case():
    own = [(b"host", b"other"), (b"content-type", b"text/xml"), (b"X-Own", b"1")]
    head = b"".join(build(b"POST", URL, own, [TYPE], None, 3))
    assert head.lower().count(b"\r\nhost:") == 1
    assert b"\r\nhost: other\r\n" in head
    assert b"\r\ncontent-type: text/xml\r\n" in head
    assert b"application/json" not in head


def test_the_users_length_is_not_believed():
    head = b"".join(build(b"POST", URL, [(b"Content-Length", b"999")], [], None, 3))
    assert head.count(b"Content-Length") == 1
    assert b"Content-Length: 3\r\n" in head


@pytest.mark.parametrize(
    ("line", "field"),
    [
        (b"Range: bytes=0-255", (b"Range", b" bytes=0-255")),
        (b"X:1", (b"X", b"1")),
        (b"X: ", (b"X", b"")),
        (b"X: a:b", (b"X", b" a:b")),
        # ESP-IDF's http_header.c trims both; hosts count the CR LF of their line in.
        (b"X: 1\r\n", (b"X", b" 1")),
        (b"\r\n X : 1 \n", (b"X", b" 1")),
        (b"X:\r\n 1", (b"X", b" 1")),
    ],
)
def test_split(line, field):
    assert split_header(line) == field


def test_one_blank_before_a_value():
    own = [split_header(line) for line in (b"A:1", b"B: 2", b"C:")]
    assert b"\r\nA: 1\r\nB: 2\r\nC: \r\n" in b"".join(build(b"GET", URL, own, []))


@pytest.mark.parametrize("line", cases.BAD_HEADERS)
def test_refused(line):
    with pytest.raises(BadHeader):
        split_header(line)
