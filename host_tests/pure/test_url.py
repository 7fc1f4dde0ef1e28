"""URLs: what is taken, what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from espat.pure import url
from host_tests.pure import cases


@pytest.mark.parametrize(("text", "tls", "host", "port", "target", "authority"), cases.URLS)
def test_parse(text, tls, host, port, target, authority):
    parsed = url.parse(text)
    assert (parsed.tls, parsed.host, parsed.port, parsed.target) == (tls, host, port, target)
    assert parsed.authority() == authority


@pytest.mark.parametrize("text", cases.BAD_URLS)
def test_refused(text):
    with pytest.raises(url.BadUrl):
        url.parse(text)


@given(st.binary())
def test_nothing_that_breaks_a_request_line_gets_through(path):
    try:
        parsed = url.parse(b"http://a/" + path)
    except url.BadUrl:
        return
    assert all(0x20 < byte < 0x7F for byte in parsed.target)


def test_build_from_host_and_path():
    built = url.Url(True, b"a:444", b"x?y")
    assert (built.tls, built.host, built.port, built.target) == (True, b"a", 444, b"/x?y")
    with pytest.raises(url.BadUrl):
        url.Url(False, b"", b"/")


@pytest.mark.parametrize(
    ("text", "credentials", "host"),
    [
        (b"http://a/x@y", b"", b"a"),
        (b"http://@a/", b"", b"a"),
        (b"http://u:p@a/", b"u:p", b"a"),
        (b"http://u@a:81?@", b"u:", b"a"),
        (b"http://:p@a", b":p", b"a"),
        (b"http://u:p:q@a", b"u:p:q", b"a"),
        (b"http://a%40b:c%3Ad%2fe%25@[::1]/", b"a@b:c:d/e%", b"::1"),
        (b"http://\xc3\xa4:%C3%A4@a/", b"\xc3\xa4:\xc3\xa4", b"a"),
    ],
)
def test_credentials(text, credentials, host):
    parsed = url.parse(text)
    assert (parsed.credentials, parsed.host) == (credentials, host)
    assert b"@" not in parsed.authority()
