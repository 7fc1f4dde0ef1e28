"""What a request takes of the commands beyond ESP-AT's (wire.md 15)."""

from collections.abc import Iterator

from espat_host.client.http_lines import DEFAULT_TIMEOUT, Request

# AT+HTTPREPORT's bits. The lines of HTTPCLIENT's HEAD are the fields already.
_STATUS, _FIELDS, _HOPS = 1, 2, 4
_NEED = "this board cannot {}: its firmware has no {}, which is not a command of ESP-AT's"


def need_of(request: Request, wants_head: bool) -> str | None:
    """A sentence about what original ESP-AT cannot do, if there is something."""
    body = "" if request.length is None else " with a body"
    needs = (
        (request.beyond, f"send a {request.method}{body}", "AT+HTTPREQ"),
        (request.redirects, "follow redirects", "AT+HTTPREDIRECT"),
        (request.max_time, "end a request in time", "AT+HTTPTIMEOUT"),
        (request.pull, "give out a body piece by piece", "AT+HTTPPULL"),
        (wants_head, f"tell the headers of a {request.method}", "AT+HTTPREPORT"),
    )
    found = ((what, command) for wanted, what, command in needs if wanted)
    return next((_NEED.format(*need) for need in found), None)


def settings(request: Request) -> Iterator[tuple[bytes, bytes]]:
    """The commands that set something, and what: all that has to be known for a request."""
    fields = 0 if request.method == "HEAD" and not request.beyond else _FIELDS
    yield b"HTTPREPORT", b"%d" % (_STATUS | fields | _HOPS)
    if request.redirects is not None:
        yield b"HTTPREDIRECT", b"%d,0" % request.redirects
    if request.pull is not None:
        yield b"HTTPPULL", b"1"
    if request.max_time is not None or (request.timeout != DEFAULT_TIMEOUT and _fixed(request)):
        whole = 0 if request.max_time is None else max(1, _ms(request.max_time))
        yield b"HTTPTIMEOUT", b"%d,%d" % (_ms(request.timeout), whole)


def as_set(name: bytes, told: bytes) -> bytes:
    """What to set so that a setting is again what the board has told. ESP-AT's own wait, which is
    not the same for each command, is told as that of most, and set by 0."""
    own = b"%d," % _ms(DEFAULT_TIMEOUT)
    ours = name == b"HTTPTIMEOUT" and told.startswith(own)
    return b"0," + told.removeprefix(own) if ours else told


def _fixed(request: Request) -> bool:
    """Whether its command has no place for a time limit."""
    return request.method != "GET" or request.beyond


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
