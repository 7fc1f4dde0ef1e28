"""The bytes of an AT port as events: lines, chunks of a body, prompts, result codes.

Bytes in, events out; nothing here waits or opens anything. Every event has its bytes in `raw`, and
joined they are what was fed, so that one reader serves a client, a terminal and a log.

Counted data arrives as `+<NAME>:<n>,<n bytes>CRLF`, that of a link as `+IPD,<n>:<n bytes>CRLF`, and
those n bytes may hold anything, result codes included: they are taken by their length. Which lines
have counted data depends on the command, and frames_of() knows: a HEAD's `+HTTPCLIENT:` are header
lines, AT+FS=1,6 has two numbers.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

RESULT_CODES = (
    *(b"OK", b"ERROR", b"SEND OK", b"SEND FAIL", b"SET OK", b"busy p..."),
    *(b"SEND Canceled", b"SEND CANCELLED"),  # by +++ instead of data (wire.md 6.5, 6.6)
)
# No line the firmware writes is longer; a header line of HTTPCLIENT=1 comes nearest.
MAX_LINE = 16 * 1024
MAX_CHUNK = 64 * 1024 * 1024
_HEAD_LIMIT = 96  # bytes of `+NAME:<n>,`, namespace and key of AT+SYSMFG included

Frames = re.Pattern[bytes]
# `n` is the number of bytes that follow. For +IPD the link's number may stand before it, the sender
# behind it (wire.md 6.11).
HTTP_FRAMES: Frames = re.compile(
    rb"\+(?P<name>(?P<link>IPD)|HTTPCLIENT|HTTPCGET|HTTPCPOST|HTTPCPUT|HTTPREQ|HTTPREAD"
    rb"|FS_TO_HTTP_SERVER|CIPRECVDATA)"
    rb"(?(link),(?:\d,)?|:)(?P<n>\d{1,9})(?(link)(?:,\"[^\"\r\n]*\",\d{1,5})?:|,)"
)
# What AT+CIPDINFO=1 puts between the number and the data of AT+CIPRECVDATA. Data may begin so, too;
# the end of the data tells.
_SENDER = re.compile(rb'"[\d.]+",\d{1,5},')
_LONGEST_SENDER = len('"255.255.255.255",65535,')
NO_FRAMES: Frames = re.compile(rb"(?P<name>)(?P<n>)(?!)")
_FILE: Frames = re.compile(rb"\+(?P<name>FS|SYSFLASH|USERRAM):(?P<n>\d{1,9}),")
_VALUE: Frames = re.compile(rb'\+(?P<name>SYSMFG):"[^"\r\n]*","[^"\r\n]*",\d,(?P<n>\d{1,9}),')
# The commands whose answers are not framed like a request's, by how their lines begin.
_BY_COMMAND: tuple[tuple[re.Pattern[bytes], Frames], ...] = (
    (re.compile(rb"AT\+HTTPCLIENT=1,"), NO_FRAMES),
    (re.compile(rb"AT\+FS=\d,2,|AT\+SYSFLASH=2,|AT\+USERRAM=3,"), _FILE),
    (re.compile(rb'AT\+SYSMFG=1,"[^"]*","[^"]*"'), _VALUE),
)

READY = b"ready"
LINK_DATA = b"IPD"
# What a board says unasked (wire.md 1.9); in the middle of an answer it is no part of it.
_UNSOLICITED = re.compile(
    rb"ready|Will force to restart!!!|WIFI (CONNECTED|GOT IP|GOT IPv6 [LG]L|DISCONNECT)"
    rb"|\+TIME_UPDATED|\+(STA_CONNECTED|DIST_STA_IP|STA_DISCONNECTED|LINK_CONN):.*"
    rb"|(\d,)?(CONNECT|CLOSED)|\+IPD,(\d,)?\d+|Have \d+ Connections"
    rb"|\+ETH_(CONNECTED|DISCONNECTED|GOT_IP:.*)"
)


class ProtocolError(ValueError):
    """The port said something that is no AT reply."""


@dataclass(frozen=True)
class Line:
    """A line, `text` without its CRLF; empty lines too."""

    text: bytes

    @property
    def raw(self) -> bytes:
        return self.text + b"\r\n"


@dataclass(frozen=True)
class Result:
    """The line that ends a command: one of RESULT_CODES."""

    code: bytes

    @property
    def raw(self) -> bytes:
        return self.code + b"\r\n"


@dataclass(frozen=True)
class Prompt:
    """`>`: the board wants data."""

    raw: bytes = b">"


@dataclass(frozen=True)
class Chunk:
    """Counted data: `head` as `+HTTPCGET:5,`, `data`, and the CRLF behind it if there is one."""

    name: bytes
    head: bytes
    data: bytes
    end: bytes

    @property
    def raw(self) -> bytes:
        return self.head + self.data + self.end


Event = Line | Result | Prompt | Chunk


def _may_lack_end(name: bytes, end: bytes) -> bool:
    """AT+USERRAM=3 answers piece after piece without a CRLF between (wire.md 2.13), and older
    ESP-AT has none behind what it says of a link."""
    return name == LINK_DATA or (name == b"USERRAM" and end[:1] == b"+")


def is_unsolicited(line: bytes) -> bool:
    """Whether a board says this line by itself."""
    return _UNSOLICITED.fullmatch(line) is not None


def frames_of(command: bytes) -> Frames:
    """How the answer to a command line marks counted data."""
    found = (frames for begins, frames in _BY_COMMAND if begins.match(command))
    return next(found, HTTP_FRAMES)


class EventReader:
    """Takes events out of a stream: feed it, then iterate over what is complete.

    `prompts`: whether a `>` at the begin of a line is a prompt; only a command with data has one.
    `frames` may be changed from one command to the next."""

    def __init__(self, *, frames: Frames = HTTP_FRAMES, prompts: bool = False) -> None:
        self.frames = frames
        self.prompts = prompts
        self.rest = bytearray()

    def feed(self, data: bytes) -> None:
        """Take more bytes."""
        self.rest += data

    def __iter__(self) -> Iterator[Event]:
        while (event := self.next()) is not None:
            yield event

    def next(self) -> Event | None:
        """The next event, or None until more bytes come. Raises ProtocolError."""
        if not self.rest:
            return None
        head = self.frames.match(self.rest, 0, _HEAD_LIMIT)
        if head is not None:
            return self._chunk(head)
        if self.prompts and self.rest.startswith(b">"):
            return Prompt(self._take(1))
        return self._line()

    @property
    def within_chunk(self) -> bool:
        """Whether the bytes that are missing belong to counted data."""
        return self.frames.match(self.rest, 0, _HEAD_LIMIT) is not None

    @property
    def within_body(self) -> bool:
        """Whether they belong to that of the answer."""
        head = self.frames.match(self.rest, 0, _HEAD_LIMIT)
        return head is not None and head["name"] != LINK_DATA

    def _chunk(self, found: re.Match[bytes]) -> Event | None:
        size, start, name = int(found["n"]), found.end(), bytes(found["name"])
        if size > MAX_CHUNK:
            raise ProtocolError(f"{size} bytes of counted data, more than {MAX_CHUNK}")
        end = self._end(start + size)
        if end is not None and end != b"\r\n" and name == b"CIPRECVDATA":
            if (behind := self._behind_sender(start)) is None:
                return None
            start, end = behind, self._end(behind + size)
        if end is None:
            return None
        if end != b"\r\n" and not _may_lack_end(name, end):
            raise ProtocolError(f"a chunk of {size} bytes ends in {end!r}, not in CRLF")
        head, data = self._take(start), self._take(size)
        return Chunk(name, head, data, self._take(2) if end == b"\r\n" else b"")

    def _behind_sender(self, at: int) -> int | None:
        """Where the data begins, if a sender stands before it; None as long as one may come."""
        found = _SENDER.match(self.rest, at)
        if (
            found is None
            and self.rest[at : at + 1] == b'"'
            and len(self.rest) < at + _LONGEST_SENDER
        ):
            return None
        return found.end() if found else at

    def _end(self, at: int) -> bytes | None:
        """The two bytes there, if they have come."""
        return bytes(self.rest[at : at + 2]) if len(self.rest) >= at + 2 else None

    def _line(self) -> Event | None:
        end = self.rest.find(b"\r\n")
        if end < 0:
            if len(self.rest) > MAX_LINE:
                raise ProtocolError(f"a line of more than {MAX_LINE} bytes")
            return None
        text = self._take(end + 2)[:-2]
        return Result(text) if text in RESULT_CODES else Line(text)

    def _take(self, count: int) -> bytes:
        taken = bytes(self.rest[:count])
        del self.rest[:count]
        return taken
