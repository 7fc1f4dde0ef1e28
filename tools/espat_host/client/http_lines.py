"""Which AT commands make an HTTP request. Values in, command lines out.

A command line has at most 256 bytes and AT+HTTPCGET has no place for headers: a URL that is too
long goes ahead by AT+HTTPURLCFG, headers that find no place by AT+HTTPCHEAD, and both are undone
afterwards.
"""

import re
from dataclasses import dataclass, replace
from itertools import product

from espat.pure import url as urls
from espat_host.client.dialogue import quoted
from espat_host.client.secrets import masked, without_user

# "Max command length 256 bytes"; CR LF count (docs/wire.md 1.2).
MOST_LINE = 254
LEAST_URL, MOST_URL = 8, 8192
LEAST_MS, MOST_MS = 1, 180_000
# The network timeout of the commands that have no parameter for it (wire.md 7.1).
DEFAULT_TIMEOUT = 5.0
_OPTS = {"HEAD": 1, "GET": 2, "POST": 3, "PUT": 4, "DELETE": 5}
_UPLOADS = {"POST": b"AT+HTTPCPOST", "PUT": b"AT+HTTPCPUT"}
_URL = re.compile(r"(https?)://[^\s/?#]", re.IGNORECASE)


# What the firmware's parser says, and what to do about it.
_ABOUT = {
    "bad port": "a port is a number from 1 to 65535",
    "bad host name": "a host has letters, digits, dots and hyphens; write others as punycode",
    "bad IPv6 address": "an IPv6 address stands in brackets, as in http://[fe80::1]/",
}


class BadRequest(ValueError):
    """The request cannot be made; the message says why. Nothing was sent."""


def is_utf8(text: str) -> bool:
    """Whether a text can be sent: half a surrogate pair cannot."""
    return not any("\ud800" <= character <= "\udfff" for character in text)


@dataclass(frozen=True)
class Request:
    """What to ask for. `length`: of the upload, None without one. `timeout` in seconds."""

    method: str
    url: str
    headers: tuple[str, ...] = ()
    length: int | None = None
    timeout: float = DEFAULT_TIMEOUT

    def __post_init__(self) -> None:
        if not isinstance(self.url, str):
            raise BadRequest(f"{self.url!r} is no url: that is text")
        if not is_utf8(self.url):
            raise BadRequest("the url holds what is no Unicode")
        if isinstance(self.timeout, bool) or not isinstance(self.timeout, (int, float)):
            raise BadRequest(f"{self.timeout!r} is no timeout: that is a number of seconds")


@dataclass(frozen=True)
class Plan:
    """`line` makes the request, after `url` and `headers` have been set by their own commands."""

    line: bytes
    url: bytes | None = None
    headers: tuple[bytes, ...] = ()


def plan(request: Request) -> Plan:
    """The commands for a request; `user:password@` in its URL becomes a header. Raises
    BadRequest."""
    request = _authorised(request)
    _check(request)
    url, headers = request.url.encode(), tuple(line.encode() for line in request.headers)
    ahead = (True,) if request.method == "GET" else (False, True)  # AT+HTTPCGET takes no headers
    for url_ahead, headers_ahead in product((False, True), ahead if headers else (False,)):
        line = _line(request, b"" if url_ahead else url, () if headers_ahead else headers)
        if len(line) <= MOST_LINE:
            return Plan(line, url if url_ahead else None, headers if headers_ahead else ())
    raise BadRequest("the request does not fit into a command line")


def _line(request: Request, url: bytes, headers: tuple[bytes, ...]) -> bytes:
    place, more = _quoted(url), b"".join(b"," + _quoted(header) for header in headers)
    if request.method in _UPLOADS and request.length:
        count = b",%d" % len(headers) if headers else b""
        return b"%s=%s,%d%s%s" % (_UPLOADS[request.method], place, request.length, count, more)
    if request.method == "GET":
        timeout = b"" if request.timeout == DEFAULT_TIMEOUT else b",,,%d" % _ms(request.timeout)
        return b"AT+HTTPCGET=%s%s" % (place, timeout)
    # POST has a place for data before the headers.
    data = b',""' if request.method == "POST" else b""
    tls = 2 if request.url.lower().startswith("https:") else 1
    opt = _OPTS[request.method]
    return b"AT+HTTPCLIENT=%d,0,%s,,,%d%s%s" % (opt, place, tls, data, more)


def file_name(url: str) -> str:
    """The last part of a URL's path; empty if it has none that is a name."""
    path = re.split("[?#]", url, maxsplit=1)[0].partition("://")[2].partition("/")[2]
    name = path.rpartition("/")[2]
    return "" if name in (".", "..") else name


def _authorised(request: Request) -> Request:
    url, authorization = without_user(request.url)
    if authorization is None:
        return request
    if any(line.lower().startswith("authorization:") for line in request.headers):
        raise BadRequest("user and password are in the url and in a header; leave one of them out")
    return replace(request, url=url, headers=(f"Authorization: {authorization}", *request.headers))


def _check(request: Request) -> None:
    if not _URL.match(request.url):
        raise BadRequest(
            f"{masked(request.url)!r} is no url; it begins with http:// or https:// and a host"
        )
    if not LEAST_URL <= len(request.url.encode()) <= MOST_URL:
        raise BadRequest(f"a url has {LEAST_URL} to {MOST_URL} bytes")
    if any(character <= " " or character == "\x7f" for character in request.url):
        raise BadRequest("a url holds no blanks and no control characters; write them as %20")
    _check_host(request.url)
    if not LEAST_MS <= _ms(request.timeout) <= MOST_MS:
        raise BadRequest("a timeout is from 0.001 to 180 seconds")
    if request.length and request.method not in _UPLOADS:
        raise BadRequest(f"ESP-AT has no {request.method} with a body")


def _check_host(url: str) -> None:
    """As the firmware looks at it."""
    try:
        urls.parse(url.encode())
    except urls.BadUrl as error:
        raise BadRequest(f"{masked(url)!r} is no url: {_ABOUT.get(str(error), error)}") from error


def _quoted(text: bytes) -> bytes:
    return quoted(text.decode())


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
