"""Where a redirect leads: RFC 3986's own examples (5.4), and what else servers send."""

import pytest

from espat.pure.redirect import target
from espat.pure.url import BadUrl, parse

BASE = b"http://a/b/c/d;p?q"
# RFC 3986 5.4.1 and 5.4.2, without the fragments, which are not sent.
NORMAL = [
    ("g", "/b/c/g"),
    ("./g", "/b/c/g"),
    ("g/", "/b/c/g/"),
    ("/g", "/g"),
    ("?y", "/b/c/d;p?y"),
    ("g?y", "/b/c/g?y"),
    ("#s", "/b/c/d;p?q"),
    ("g#s", "/b/c/g"),
    ("g?y#s", "/b/c/g?y"),
    (";x", "/b/c/;x"),
    ("g;x", "/b/c/g;x"),
    ("g;x?y#s", "/b/c/g;x?y"),
    ("", "/b/c/d;p?q"),
    (".", "/b/c/"),
    ("./", "/b/c/"),
    ("..", "/b/"),
    ("../", "/b/"),
    ("../g", "/b/g"),
    ("../..", "/"),
    ("../../", "/"),
    ("../../g", "/g"),
    ("../../../g", "/g"),
    ("../../../../g", "/g"),
    ("/./g", "/g"),
    ("/../g", "/g"),
    ("g.", "/b/c/g."),
    (".g", "/b/c/.g"),
    ("g..", "/b/c/g.."),
    ("..g", "/b/c/..g"),
    ("./../g", "/b/g"),
    ("./g/.", "/b/c/g/"),
    ("g/./h", "/b/c/g/h"),
    ("g/../h", "/b/c/h"),
    ("g;x=1/./y", "/b/c/g;x=1/y"),
    ("g;x=1/../y", "/b/c/y"),
    ("g?y/./x", "/b/c/g?y/./x"),
    ("g?y/../x", "/b/c/g?y/../x"),
]


@pytest.mark.parametrize(("location", "path"), NORMAL)
def test_the_examples(location: str, path: str) -> None:
    url = target(parse(BASE), location.encode())
    assert (url.tls, url.authority(), url.target) == (False, b"a", path.encode())


@pytest.mark.parametrize(
    ("location", "tls", "authority", "path"),
    [
        (b"//g", False, b"g", b"/"),
        (b"https://h:8443/x/../y?z", True, b"h:8443", b"/y?z"),
        (b"HTTP://h", False, b"h", b"/"),
        (b"http://[::1]:81/", False, b"[::1]:81", b"/"),
        (b"a b?c d", False, b"a", b"/b/c/a%20b?c%20d"),
        (b"x?u=http://h/", False, b"a", b"/b/c/x?u=http://h/"),
        (b"/x:y", False, b"a", b"/x:y"),
        (b"\xc3\xa4", False, b"a", b"/b/c/%C3%A4"),
    ],
)
def test_others(location: bytes, tls: bool, authority: bytes, path: bytes) -> None:
    url = target(parse(BASE), location)
    assert (url.tls, url.authority(), url.target) == (tls, authority, path)


@pytest.mark.parametrize(
    "location", [b"ftp://h/", b"mailto:x", b"http:g", b"http://", b"http://h:x/", b"a\x00b", b"//"]
)
def test_refused(location: bytes) -> None:
    with pytest.raises(BadUrl):
        target(parse(BASE), location)


def test_the_scheme_of_the_base() -> None:
    assert target(parse(b"https://a:444/x"), b"//b/y").tls
    assert target(parse(b"https://a:444/x"), b"y").authority() == b"a:444"


def test_a_long_base() -> None:
    """Its target is no copy but a view."""
    url = target(parse(b"http://a/" + b"x" * 600 + b"/y"), b"z")
    assert url.target == b"/" + b"x" * 600 + b"/z"
