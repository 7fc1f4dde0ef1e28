"""What a request has brought."""

import json
import re
from dataclasses import dataclass, field
from typing import Any

# `+HTTPCLIENT:16, Server: gunicorn`: the blank after the comma is not in every version.
_FIELD = re.compile(rb"\+(?:HTTPCLIENT|HTTPHEADER):\d+, ?([^:]+): ?(.*)", re.DOTALL)
_STATUS = re.compile(rb'\+HTTPSTATUS:(\d+),(-?\d+),".*"', re.DOTALL)
_HOP = re.compile(rb'\+HTTPREDIRECT:(\d+),"(.*)"', re.DOTALL)
_SHOWN = 80


class NoSuchBody(ValueError):
    """The answer's body is not in memory, or is not what it was asked to be."""


@dataclass
class Head:
    """What comes before a body, as far as the board tells it (wire.md 15.3): `length` of the body
    if the server says it, `hops` with status and target of each redirect that was followed."""

    status: int | None = None
    length: int | None = None
    headers: list[tuple[str, str]] = field(default_factory=list)
    hops: list[tuple[int, str]] = field(default_factory=list)

    def text(self, with_status: bool) -> str:
        """A line for each header, and before them, where it is known, one for the status."""
        told = with_status and self.status is not None
        first = [f"HTTP/1.1 {self.status}\n"] if told else []
        return "".join([*first, *(f"{key}: {value}\n" for key, value in self.headers)])

    def note(self, line: bytes) -> bool:
        """Take a line of the board's answer; whether it is the one that ends the head."""
        if found := _FIELD.fullmatch(line):
            self.headers.append((found[1].decode("latin-1"), found[2].decode("latin-1")))
        elif found := _HOP.fullmatch(line):
            self.hops.append((int(found[1]), found[2].decode("latin-1")))
        elif found := _STATUS.fullmatch(line):
            self.status, length = int(found[1]), int(found[2])
            self.length = length if length >= 0 else None
            return True
        return False


@dataclass(frozen=True)
class Answer:
    """A request that has succeeded. Original ESP-AT tells neither its status, which is below 400
    and None then, nor, but for head(), its headers.

    `body`: empty when it went elsewhere; `size`: its bytes all the same; `seconds`: how long it
    took; `hops`: status and target of each redirect that was followed."""

    method: str
    url: str
    size: int
    seconds: float
    body: bytes = b""
    headers: list[tuple[str, str]] = field(default_factory=list)
    status: int | None = None
    hops: list[tuple[int, str]] = field(default_factory=list)

    def header(self, name: str) -> str | None:
        """The first header of this name, in whatever case."""
        return next((v for key, v in self.headers if key.lower() == name.lower()), None)

    @property
    def text(self) -> str:
        """The body as text, from UTF-8; what is none becomes U+FFFD. Raises NoSuchBody."""
        return self._in_memory().decode("utf-8", "replace")

    def json(self) -> Any:
        """What the body says as JSON. Raises NoSuchBody."""
        body = self._in_memory()
        try:
            return json.loads(body)
        except ValueError as error:
            begin = f"it begins {body[:_SHOWN]!r}" if body else "it is empty"
            raise NoSuchBody(f"the body is no JSON ({error}); {begin}") from error

    def _in_memory(self) -> bytes:
        if self.size != len(self.body):
            raise NoSuchBody("the body went to a sink, and is not in the answer")
        return self.body
