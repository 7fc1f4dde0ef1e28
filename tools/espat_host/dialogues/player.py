"""Plays a transcript on a port. Every byte is accounted for: one too many is a fault as well."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from espat_host.client.board import PROMPT, Board, UnexpectedBytes
from espat_host.client.events import HTTP_FRAMES
from espat_host.dialogues.transcript import (
    Event,
    ExpectAnyOrder,
    ExpectChunks,
    ExpectLine,
    ExpectPrompt,
    SendData,
    SendLine,
    Transcript,
    difference,
    line_matches,
)

# The restart lines after which a board echoes again.
READY = "ready"


class Watcher:
    """Is told what goes over the port, as it goes. The demo prints it."""

    def sent(self, line: bytes) -> None:
        """The host sent a line."""

    def sent_data(self, data: bytes) -> None:
        """The host sent data after a prompt."""

    def received(self, line: bytes) -> None:
        """The board sent a line."""

    def prompted(self) -> None:
        """The board asks for data."""

    def chunk(self, name: str, data: bytes, expected: int | None) -> None:
        """A piece of a body came; `expected` is the size of the whole, where it is known."""

    def body(self, name: str, data: bytes, expected: int | None) -> None:
        """The body is complete, and right."""


@dataclass
class Tally:
    """What a dialogue moved."""

    commands: int = 0
    sent: int = 0
    received: int = 0


class Player:
    """Plays transcripts on one board.

    `files` has the bodies that a transcript names; without one, its check is left out (a server
    out there may have another picture). `replace` changes what is sent, for the credentials of
    another network. `echo` says whether the board echoes now.
    """

    def __init__(
        self,
        board: Board,
        *,
        files: Mapping[str, bytes] | None = None,
        replace: Mapping[str, str] | None = None,
        watcher: Watcher | None = None,
        echo: bool = True,
    ) -> None:
        self._board = board
        self._files = files or {}
        self._replace = replace or {}
        self._watcher = watcher or Watcher()
        self._echo = echo
        self.tally = Tally()

    def play(self, transcript: Transcript) -> None:
        """Play a dialogue from its first line to its last. Raises BoardError where they part."""
        for event in transcript.events:
            self._play(event)
        self._board.expect_silence()

    def _play(self, event: Event) -> None:
        match event:
            case SendLine():
                self._send_line(event)
            case SendData():
                self._send_data(event)
            case ExpectLine():
                self._expect_line(event)
            case ExpectAnyOrder():
                self._expect_any_order(event)
            case ExpectPrompt():
                self._expect_prompt()
            case ExpectChunks():
                self._expect_chunks(event)

    def _send_line(self, event: SendLine) -> None:
        if left := self._board.waiting():
            raise self._fault(f"{left[:80]!r} came, which the transcript does not have")
        line = event.line
        for old, new in self._replace.items():
            line = line.replace(old.encode(), new.encode())
        self._board.send_line(line)
        self._watcher.sent(event.line)  # not what replaces it: that may be a password
        self.tally.commands += 1
        self.tally.sent += len(line) + 2
        if self._echo:
            self._board.expect(line + b"\r\n")
            self.tally.received += len(line) + 2
        self._echo = {b"ATE0": False, b"ATE1": True}.get(line, self._echo)

    def _send_data(self, event: SendData) -> None:
        self._board.write(event.data)
        self._watcher.sent_data(event.data)
        self.tally.sent += len(event.data)

    def _expect_line(self, event: ExpectLine) -> None:
        line = self._read_line()
        if not line_matches(event.pattern, line):
            raise self._fault(f"expected the line {event.pattern!r}, got {line!r}")
        if event.pattern == READY:
            self._echo = True

    def _expect_any_order(self, event: ExpectAnyOrder) -> None:
        missing = list(event.patterns)
        while missing:
            line = self._read_line()
            found = next((p for p in missing if line_matches(p, line)), None)
            if found is None:
                raise self._fault(f"expected one of the lines {missing}, got {line!r}")
            missing.remove(found)

    def _read_line(self) -> bytes:
        line = self._board.read_line()
        self._watcher.received(line)
        self.tally.received += len(line) + 2
        return line

    def _expect_prompt(self) -> None:
        self._board.expect(PROMPT[-1:])
        self._watcher.prompted()
        self.tally.received += 1

    def _expect_chunks(self, event: ExpectChunks) -> None:
        wanted = self._files.get(event.file) if event.file else None
        expected = None if wanted is None else len(wanted)
        body = bytearray()
        while size := self._chunk_head(event):
            data = self._board.read(size)
            self._board.expect(b"\r\n")
            self._watcher.chunk(event.name, data, expected)
            self.tally.received += size + 2
            body += data
        if not body:
            raise self._fault(f"expected {event.name}, got {self._board.waiting()[:80]!r}")
        self._check_body(event, bytes(body), wanted)
        self._watcher.body(event.name, bytes(body), expected)

    def _chunk_head(self, event: ExpectChunks) -> int:
        """The size of the next chunk; 0 when something else follows."""
        start = f"{event.name}:".encode()
        if self._board.peek(2) == b"\r\n" or self._board.peek(len(start)) != start:
            return 0
        head = self._board.read_until(b",")
        found = HTTP_FRAMES.fullmatch(head)
        size = int(found["n"]) if found else 0
        if not 0 < size <= event.limit:
            raise self._fault(f"expected a chunk of 1 to {event.limit} bytes, got {head!r}")
        self.tally.received += len(head)
        return size

    def _check_body(self, event: ExpectChunks, body: bytes, wanted: bytes | None) -> None:
        if not body.startswith(event.starts):
            raise self._fault(f"the body starts with {body[:16]!r}, not with {event.starts!r}")
        if wanted is not None and body != wanted:
            raise self._fault(
                f"the body of {len(body)} bytes is not the {event.file} of the server"
            )
        if event.size not in (None, len(body)):
            raise self._fault(f"the body has {len(body)} bytes, expected {event.size}")
        if event.sha256 not in (None, sha256(body).hexdigest()):
            raise self._fault(f"the body's SHA-256 is not {event.sha256}")
        if event.subset is not None:
            self._check_json(event.subset, body)

    def _check_json(self, subset: object, body: bytes) -> None:
        try:
            actual = json.loads(body)
        except ValueError as error:
            raise self._fault(f"the body is no JSON ({error}): {body!r}") from error
        if missing := difference(subset, actual):
            raise self._fault(missing)

    def _fault(self, what: str) -> UnexpectedBytes:
        return UnexpectedBytes(self._board.evidence(what))
