"""URLs: what is taken, what is refused."""

import pytest
from espat.pure import url
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("text", "tls", "host", "port", "target", "authority"),
    [
        (b"http://a", False, b"a", 80, b"/", b"a"),
        (b"HTTPS://a.b/", True, b"a.b", 443, b"/", b"a.b"),
        (b"http://a:8080/x?y=1", False, b"a", 8080, b"/x?y=1", b"a:8080"),
        (b"http://a:80/x", False, b"a", 80, b"/x", b"a"),
        (b"https://a:80", True, b"a", 80, b"/", b"a:80"),
        (b"http://a?x", False, b"a", 80, b"/?x", b"a"),
        (b"http://a/x#frag", False, b"a", 80, b"/x", b"a"),
        (b"http://a#frag", False, b"a", 80, b"/", b"a"),
        (b"http://10.0.0.1/", False, b"10.0.0.1", 80, b"/", b"10.0.0.1"),
        (b"http://[::1]/x", False, b"::1", 80, b"/x", b"[::1]"),
        (b"https://[fe80::1]:8443/x", True, b"fe80::1", 8443, b"/x", b"[fe80::1]:8443"),
        ("http://a/ü".encode(), False, b"a", 80, b"/%C3%BC", b"a"),
    ],
)
def test_parse(text, tls, host, port, target, authority):
    parsed = url.parse(text)
    assert (parsed.tls, parsed.host, parsed.port, parsed.target) == (tls, host, port, target)
    assert parsed.authority() == authority


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"a",
        b"ftp://a/",
        b"http:/a",
        b"http://",
        b"http:///x",
        b"http://a:0/",
        b"http://a:65536/",
        b"http://a:8_0/",
        b"http://a:x/",
        b"http://user:pass@a/",
        b"http://a b/",
        b"http://a/x y",
        b"http://a/x\r\nEvil: 1",
        b"http://a\r\n/",
        b"http://a/\x00",
        b"http://a/\x7f",
        b"http://[::1/",
        b"http://[::1]x/",
        b"http://[x]/",
        b"http://" + b"a" * 256 + b"/",
        "http://bücher.de/".encode(),
    ],
)
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
    built = url.build(True, b"a:444", b"x?y")
    assert (built.tls, built.host, built.port, built.target) == (True, b"a", 444, b"/x?y")
    with pytest.raises(url.BadUrl):
        url.build(False, b"", b"/")
