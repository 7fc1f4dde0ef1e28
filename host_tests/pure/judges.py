"""Three readers of the same answer: the firmware's own, llhttp (of httptools) and h11."""

import sys
import types
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, NamedTuple
from unittest import mock

import h11
import httptools

from espat.pure.body import Incomplete, body_of
from espat.pure.errors import Failure
from espat.pure.head import Malformed, ResponseHead
from espat.pure.reasons import CLOSED

# The reader of lines is the firmware's, but for the clock that CPython has not.
_deadline = types.ModuleType("espat.edges.deadline")
_deadline.expired = lambda deadline: False  # type: ignore[attr-defined]
with mock.patch.dict(sys.modules, {"espat.edges.deadline": _deadline}):
    from espat.services.inbound import Inbound

MEMORY = 2048  # of the firmware, for what it reads at once
BASE = 16


class Reading(NamedTuple):
    """`end`: how many bytes the answer has, None: all until the connection ends."""

    status: int
    body: bytes
    end: int | None


@dataclass
class Verdict:
    """`reading` None: refused, or `incomplete`, for `reason`. `keeps`: the connection is kept."""

    reading: Reading | None = None
    reason: str = ""
    incomplete: bool = False
    keeps: bool = False
    fields: tuple[tuple[bytes, bytes], ...] = ()


def _now(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """What a coroutine gives that has nothing to wait for."""
    try:
        coroutine.send(None)
    except StopIteration as stop:
        return stop.value
    raise AssertionError("it waits")


class _Connection:
    """What the server has sent, in steps; then the end."""

    def __init__(self, data: bytes, step: int) -> None:
        self.at = 0
        self._data = data
        self._step = step

    def reader(self, end_matters: bool) -> Any:
        return self._read

    def _read(self, buf: Any, count: int) -> int:
        piece = self._data[self.at : self.at + min(count, self._step)]
        buf[: len(piece)] = piece
        self.at += len(piece)
        return len(piece)

    def look(self) -> bool:
        return True

    def restart_limit(self) -> None:
        pass


def firmware(method: bytes, answer: bytes, step: int = 1 << 20) -> Verdict:
    """As services/exchange.py and services/streaming.py read it."""
    connection = _Connection(answer, step)
    inbound = Inbound(bytearray(BASE + MEMORY), BASE)
    inbound.open(connection)
    fields: list[tuple[bytes, bytes]] = []
    try:
        head = _final_head(inbound, fields)
        body = body_of(head, method)
        content = _body(body, inbound)
    except Malformed as error:
        return Verdict(reason=str(error))
    except Incomplete as error:
        return Verdict(reason=str(error), incomplete=True)
    except Failure as failure:
        return Verdict(reason="%#x" % failure.reason, incomplete=failure.reason == CLOSED)
    end = connection.at - inbound.any() if body.framed else None
    reading = Reading(head.status, content, end)
    return Verdict(reading, keeps=body.framed and head.keep_alive, fields=tuple(fields))


def _final_head(inbound: Any, fields: list[tuple[bytes, bytes]]) -> Any:
    while True:
        head = ResponseHead()
        fields.clear()
        while not head.done:
            line = _now(inbound.line(None))
            field = head.feed(line, inbound.cut)
            if field:
                fields.append(field)
        if head.status >= 200:
            return head


def _body(body: Any, inbound: Any) -> bytes:
    out, buf = b"", bytearray(MEMORY)
    while not body.done:
        read = inbound.reader(not body.framed)
        count = read(buf, min(body.need or body.left, MEMORY))
        if not count:
            body.hung_up()
        elif body.need:
            body.feed(buf, count)
        else:
            out += buf[:count]
            body.left -= count
            if not body.left:
                body.emptied()
    return out


class _Enough(Exception):
    pass


class _Protocol:
    def __init__(self, method: bytes) -> None:
        self.method = method
        self.parser: Any = None
        self.fields: list[tuple[bytes, bytes]] = []
        self.body = b""
        self.complete = self.headers_complete = self.keeps = self.chunks = False
        self.status = 0

    def on_message_begin(self) -> None:
        self.fields, self.body, self.headers_complete = [], b"", False

    def on_header(self, name: bytes, value: bytes) -> None:
        if not self.headers_complete:
            self.fields.append((name, value))

    def on_headers_complete(self) -> None:
        self.headers_complete = True
        self.status = self.parser.get_status_code()
        if self.method == b"HEAD" and self.status >= 200:
            self.on_message_complete()

    def on_chunk_header(self) -> None:
        self.chunks = True

    def on_body(self, body: bytes) -> None:
        self.body += body

    def on_message_complete(self) -> None:
        if self.status >= 200:
            self.keeps = self.parser.should_keep_alive()
            self.complete = True
            raise _Enough


# What a tolerant user agent lets pass.
TOLERANT = {
    "lenient_headers": True,
    "lenient_version": True,
    "lenient_keep_alive": True,
    "lenient_transfer_encoding": True,
    "lenient_chunked_length": True,
    "lenient_optional_cr_before_lf": True,
    "lenient_spaces_after_chunk_size": True,
}


def llhttp(method: bytes, answer: bytes, tolerant: bool, at: int | None = None) -> Verdict:
    """`at`: where another reader saw the end; told as the end here if it is."""
    protocol = _Protocol(method)
    parser = protocol.parser = httptools.HttpResponseParser(protocol)
    if tolerant:
        parser.set_dangerous_leniencies(**TOLERANT)
    at = len(answer) if at is None else at
    split, end = max(0, at - 1), -1
    try:
        for piece, until in ((answer[:split], -1), (answer[split:at], at), (answer[at:], -1)):
            end = until
            if piece and not protocol.complete:
                parser.feed_data(piece)
    except httptools.HttpParserCallbackError as error:
        if not isinstance(error.__context__, _Enough):
            raise
    except httptools.HttpParserError as error:
        return Verdict(reason=str(error))
    if protocol.complete:
        reading = Reading(protocol.status, protocol.body, end)
        return Verdict(reading, keeps=protocol.keeps, fields=tuple(protocol.fields))
    if not protocol.headers_complete or protocol.status < 200 or _framed(protocol):
        return Verdict(reason="incomplete", incomplete=True)
    reading = Reading(protocol.status, protocol.body, None)
    return Verdict(reading, fields=tuple(protocol.fields))


def _framed(protocol: _Protocol) -> bool:
    """Whether llhttp waits for more than the end of the connection, which it is not told of."""
    coding = length = False
    chunked = False
    for name, value in protocol.fields:
        if name.lower() == b"transfer-encoding":
            coding = True
            chunked = value.lower().rpartition(b",")[2].strip() == b"chunked"
        length = length or name.lower() == b"content-length"
    return protocol.chunks or (chunked and not protocol.body) or (length and not coding)


def of_h11(method: bytes, answer: bytes) -> Verdict:
    connection = h11.Connection(h11.CLIENT, max_incomplete_event_size=1 << 17)
    connection.send(h11.Request(method=method, target="/", headers=[("Host", "x")]))
    connection.send(h11.EndOfMessage())
    connection.receive_data(answer)
    status, body, ended = 0, b"", False
    fields: tuple[tuple[bytes, bytes], ...] = ()
    try:
        while True:
            event = connection.next_event()
            if event is h11.NEED_DATA:
                connection.receive_data(b"")
                ended = True
            elif isinstance(event, h11.Response):
                status, fields = event.status_code, tuple(event.headers.raw_items())
            elif isinstance(event, h11.Data):
                body += event.data
            elif isinstance(event, h11.EndOfMessage):
                break
            elif isinstance(event, h11.ConnectionClosed):
                return Verdict(reason="incomplete", incomplete=True)
    except h11.RemoteProtocolError as error:
        return Verdict(reason=str(error), incomplete=ended)
    end = None if ended else len(answer) - len(connection.trailing_data[0])
    keeps = connection.their_state is h11.DONE
    return Verdict(Reading(status, body, end), keeps=keeps, fields=fields)
