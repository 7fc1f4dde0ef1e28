"""Replies of an AT port, bytes in, values out; nothing here waits or opens anything.

A body arrives as `+<COMMAND>:<n>,<n bytes>CRLF`, and those n bytes may hold anything, result codes
included. So chunks are taken by their length, and only what stands between them is read as lines.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

RESULT_CODES = (b"OK", b"ERROR", b"SEND OK", b"SEND FAIL", b"SET OK", b"busy p...")
CHUNK = re.compile(rb"\+(HTTPCLIENT|HTTPCGET|HTTPCPOST|HTTPCPUT|FS_TO_HTTP_SERVER):(\d{1,9}),")
# No line the firmware writes is longer; a header line of HTTPCLIENT=1 comes nearest.
MAX_LINE = 16 * 1024

Sink = Callable[[bytes], object]


class ProtocolError(ValueError):
    """The port said something that is no AT reply."""


@dataclass
class Reply:
    """One answer: `raw` byte for byte, and its parts.

    When the body went to a sink, `chunks` and `raw` are without it; `sizes` has every length.
    """

    raw: bytes = b""
    lines: list[bytes] = field(default_factory=list)
    chunks: list[bytes] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    result: bytes = b""

    @property
    def body(self) -> bytes:
        """The chunks joined."""
        return b"".join(self.chunks)

    @property
    def ok(self) -> bool:
        """Whether the result code says success."""
        return self.result in (b"OK", b"SEND OK", b"SET OK")


def body_comes_in_chunks(line: bytes) -> bool:
    """Whether the answer may carry a body; the `+HTTPCLIENT:` of a HEAD are header lines."""
    return not line.startswith(b"AT+HTTPCLIENT=1,")


class ReplyReader:
    """Takes one reply out of a stream. Feed it; `done` turns true at the result code, and what
    came after it stays in `rest`."""

    def __init__(self, *, chunks: bool = True, sink: Sink | None = None) -> None:
        self.reply = Reply()
        self.done = False
        self.rest = bytearray()
        self._chunks = chunks
        self._sink = sink
        self._raw = bytearray()
        self._missing = 0
        self._part = bytearray()

    def feed(self, data: bytes) -> bool:
        """Take more bytes; returns `done`."""
        self.rest += data
        while not self.done and self._step():
            pass
        return self.done

    def _step(self) -> bool:
        if self._missing:
            return self._take_body()
        if self._chunks and self._start_chunk():
            return True
        return self._take_line()

    def _start_chunk(self) -> bool:
        head = CHUNK.match(self.rest)
        if head is None:
            return False
        size = int(head[2])
        self.reply.sizes.append(size)
        self._raw += self.rest[: head.end()]
        del self.rest[: head.end()]
        self._missing = size + 2
        return True

    def _take_body(self) -> bool:
        if not self.rest:
            return False
        taken = bytes(self.rest[: self._missing])
        del self.rest[: len(taken)]
        self._missing -= len(taken)
        self._part += taken
        if not self._missing:
            self._end_chunk()
        return True

    def _end_chunk(self) -> None:
        data, end = bytes(self._part[:-2]), self._part[-2:]
        if end != b"\r\n":
            raise ProtocolError(f"a chunk of {len(data)} bytes ends in {bytes(end)!r}, not in CRLF")
        if self._sink is None:
            self.reply.chunks.append(data)
            self._raw += data
        else:
            self._sink(data)
        self._raw += end
        self._part.clear()

    def _take_line(self) -> bool:
        end = self.rest.find(b"\r\n")
        if end < 0:
            if len(self.rest) > MAX_LINE:
                raise ProtocolError(f"a line of more than {MAX_LINE} bytes")
            return False
        line = bytes(self.rest[:end])
        self._raw += self.rest[: end + 2]
        del self.rest[: end + 2]
        self._note(line)
        return True

    def _note(self, line: bytes) -> None:
        if line in RESULT_CODES:
            self.reply.result = line
            self.reply.raw = bytes(self._raw)
            self.done = True
        elif line:
            self.reply.lines.append(line)
