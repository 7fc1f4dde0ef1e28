"""What a request has brought."""

import json
import re
from dataclasses import dataclass, field
from typing import Any

# `+HTTPCLIENT:16, Server: gunicorn`: the blank after the comma is not in every version.
_FIELD = re.compile(rb"\+HTTPCLIENT:\d+, ?([^:]+): ?(.*)", re.DOTALL)
_SHOWN = 80


class NoSuchBody(ValueError):
    """The answer's body is not in memory, or is not what it was asked to be."""


@dataclass(frozen=True)
class Answer:
    """A request that has succeeded. The board tells neither its status, which is below 400, nor,
    but for head(), its headers.

    `body`: empty when it went elsewhere; `size`: its bytes all the same; `seconds`: how long it
    took."""

    method: str
    url: str
    size: int
    seconds: float
    body: bytes = b""
    headers: list[tuple[str, str]] = field(default_factory=list)

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


def fields(lines: list[bytes]) -> list[tuple[str, str]]:
    """The headers of a HEAD's reply."""
    found = filter(None, (_FIELD.fullmatch(line) for line in lines))
    return [(match[1].decode("latin-1"), match[2].decode("latin-1")) for match in found]
