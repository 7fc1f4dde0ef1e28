"""Which AT commands make an HTTP request. Values in, command lines out.

A command line has at most 256 bytes and AT+HTTPCGET has no place for headers: a URL that is too
long goes ahead by AT+HTTPURLCFG, headers that find no place by AT+HTTPCHEAD, and both are undone
afterwards. What ESP-AT's commands cannot do goes by AT+HTTPREQ (wire.md 15.5).
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
MOST_REDIRECTS, MOST_PULL = 10, 2048
MOST_SECONDS = 536_870  # AT+HTTPTIMEOUT's limit for the whole, 2^29 - 1 ms
# A token of RFC 9110 5.6.2, of a length that AT+HTTPREQ takes.
_METHOD = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,32}")
_FORM = "Content-Type: application/x-www-form-urlencoded"
_URL = re.compile(r"(https?)://[^\s/?#]", re.IGNORECASE)


# What the firmware's parser says, and what to do about it.
_ABOUT = {
    "no such port": "a port is a number from 1 to 65535",
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
    """What to ask for. `length`: of the upload, None without one. `timeout` in seconds, and
    `max_time` for all of it. `redirects`: how many are followed, None: as the board is set. `pull`:
    how many bytes of the body are asked for at a time; None: it comes as it comes."""

    method: str
    url: str
    headers: tuple[str, ...] = ()
    length: int | None = None
    timeout: float = DEFAULT_TIMEOUT
    redirects: int | None = None
    max_time: float | None = None
    pull: int | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.url, str):
            raise BadRequest(f"{self.url!r} is no url: that is text")
        if not is_utf8(self.url):
            raise BadRequest("the url holds what is no Unicode")
        for name, value in (("timeout", self.timeout), ("max_time", self.max_time or 0)):
            if isinstance(value, bool) or not isinstance(value, (int, float)):
                raise BadRequest(f"{value!r} is no {name}: that is a number of seconds")
        for name, number in (("redirects", self.redirects), ("pull", self.pull)):
            if number is not None and type(number) is not int:
                raise BadRequest(f"{number!r} is no {name}: that is a whole number")

    @property
    def beyond(self) -> bool:
        """Whether ESP-AT has no command for it."""
        body = self.length is not None and self.method not in _UPLOADS
        return body or self.method not in _OPTS

    @property
    def sends(self) -> bool:
        """Whether its command asks for data."""
        return self.length is not None and (self.beyond or self.length > 0)


@dataclass(frozen=True)
class Plan:
    """`line` makes the request, after `url` and `headers` have been set by their own commands."""

    line: bytes
    url: bytes | None = None
    headers: tuple[bytes, ...] = ()


def plan(request: Request) -> Plan:
    """The commands for a request; `user:password@` in its URL becomes a header. Raises
    BadRequest."""
    request = _typed(_authorised(request))
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
    if request.beyond:
        length = b"" if request.length is None else b"%d" % request.length
        line = b"AT+HTTPREQ=%s,%s,%s" % (_quoted(request.method.encode()), place, length)
        return line.rstrip(b",") if not headers else b"%s,,,%d%s" % (line, len(headers), more)
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


def method_of(name: str) -> str:
    """A method as it is sent: the usual ones in capitals, all others as they are. Raises
    BadRequest."""
    if not _METHOD.fullmatch(name) or name.upper() == "CONNECT":
        raise BadRequest(f"{name!r} is no method to send; it is a word such as PATCH")
    return name.upper() if name.upper() in _OPTS else name


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


def _typed(request: Request) -> Request:
    """AT+HTTPREQ sends no Content-Type of its own, as AT+HTTPCPOST does."""
    named = any(line.lower().startswith("content-type:") for line in request.headers)
    if named or not (request.beyond and request.length):
        return request
    return replace(request, headers=(*request.headers, _FORM))


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
    if request.redirects is not None and not 0 <= request.redirects <= MOST_REDIRECTS:
        raise BadRequest(f"a board follows 0 to {MOST_REDIRECTS} redirects")
    if request.pull is not None and not 1 <= request.pull <= MOST_PULL:
        raise BadRequest(f"a board gives out 1 to {MOST_PULL} bytes at a time")
    if request.max_time is not None and not 0 < request.max_time <= MOST_SECONDS:
        raise BadRequest(f"max_time is more than 0 and at most {MOST_SECONDS} seconds")


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
