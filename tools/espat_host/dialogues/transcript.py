"""Dialogues with a board as text: host_tests/transcripts/README.md has the format.

This file reads them and compares; player.py plays them on a port.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

WILDCARDS = {"text": "[^\r\n]*", "int": "-?[0-9]+", "len": "(?P<len>[0-9]+)"}
CHECKS = {"file", "size", "sha256", "starts", "json"}
_WILDCARD = re.compile(r"\{(text|int|len)\}")
_FORMAT = "a dialogue is UTF-8, as host_tests/transcripts/README.md tells"
_BRACED_WORD = re.compile(r"\{(\w+)\}")


class TranscriptError(ValueError):
    """A transcript file that cannot be read, or does not follow the format."""


@dataclass(frozen=True)
class SendLine:
    """`> line`"""

    line: bytes


@dataclass(frozen=True)
class SendData:
    """`>> text`, or `>>hex digits`"""

    data: bytes


@dataclass(frozen=True)
class ExpectLine:
    """`< line`, wildcards and all"""

    pattern: str


@dataclass(frozen=True)
class ExpectAnyOrder:
    """The lines between `<any order>` and `<in order>`"""

    patterns: tuple[str, ...]


@dataclass(frozen=True)
class ExpectPrompt:
    """`<prompt>`"""


@dataclass(frozen=True)
class ExpectChunks:
    """`<chunks +NAME ...>`: a body, and what must be true of it when it is joined"""

    name: str
    limit: int
    file: str | None = None
    size: int | None = None
    sha256: str | None = None
    starts: bytes = b""
    subset: object | None = None


Event = SendLine | SendData | ExpectLine | ExpectAnyOrder | ExpectPrompt | ExpectChunks


@dataclass
class Transcript:
    """One dialogue."""

    title: str
    path: Path
    events: list[Event] = field(default_factory=list)


def line_matches(pattern: str, line: bytes) -> bool:
    """Whether the line is what the pattern says; `{len}` counts what follows its comma."""
    parts = _WILDCARD.split(pattern)
    regex = "".join(WILDCARDS[p] if i % 2 else re.escape(p) for i, p in enumerate(parts))
    text = line.decode("latin-1")
    found = re.fullmatch(regex, text)
    if not found:
        return False
    if "len" not in found.groupdict():
        return True
    counted = text[found.end("len") + 1 :]
    # HTTPCLIENT's header lines have a blank after the comma that the number does not count.
    return int(found["len"]) == len(counted.removeprefix(" "))


def difference(expected: object, actual: object, where: str = "body") -> str | None:
    """What the actual JSON lacks of the expected one; None when it has all of it. More keys than
    expected are fine, except where none are."""
    if isinstance(expected, dict) and isinstance(actual, dict) and expected:
        for key, value in expected.items():
            if key not in actual:
                return f"{where} has no {key!r}"
            if found := difference(value, actual[key], f"{where}.{key}"):
                return found
        return None
    if isinstance(expected, str) and isinstance(actual, str):
        same = line_matches(expected, actual.encode("latin-1", "replace"))
    else:
        same = expected == actual
    return None if same else f"{where} is {actual!r}, expected {expected!r}"


def read_transcript(path: Path, replace: Mapping[str, str] | None = None) -> Transcript:
    """Read one .at file. `replace` changes its text, sent and expected, for other hosts. Raises
    TranscriptError."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise TranscriptError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise TranscriptError(f"{path} is no text; {_FORMAT}") from error
    for old, new in (replace or {}).items():
        text = text.replace(old, new)
    return _Parser(path, text).parse()


class _Parser:
    def __init__(self, path: Path, text: str) -> None:
        self._lines = text.splitlines()
        self._next = 0
        self._transcript = Transcript(title=path.stem, path=path)

    def parse(self) -> Transcript:
        first = self._lines[0] if self._lines else ""
        if first.startswith("# "):
            self._transcript.title = first[2:]
        while self._next < len(self._lines):
            line = self._take()
            if line.strip() and not line.startswith("#"):
                self._transcript.events.append(self._checked_event(line))
        return self._transcript

    def _take(self) -> str:
        self._next += 1
        return self._lines[self._next - 1]

    def _checked_event(self, line: str) -> Event:
        try:
            return self._event(line)
        except TranscriptError:
            raise
        except ValueError as error:
            raise self._fault(f"{line!r}: {error}") from error

    def _event(self, line: str) -> Event:
        if line.startswith("> "):
            return SendLine(line[2:].encode())
        if line.startswith(">> "):
            return SendData(line[3:].encode())
        if line.startswith(">>hex "):
            return SendData(bytes.fromhex(line[6:]))
        if line == "<" or line.startswith("< "):
            return ExpectLine(self._pattern(line))
        if line == "<prompt>":
            return ExpectPrompt()
        if line == "<any order>":
            return self._any_order()
        if line.startswith("<chunks "):
            return self._chunks(line)
        raise self._fault(f"not an event: {line!r}")

    def _pattern(self, line: str) -> str:
        pattern = line[2:]
        for name in _BRACED_WORD.findall(pattern):
            if name not in WILDCARDS:
                raise self._fault(f"no such wildcard: {{{name}}}")
        return pattern

    def _any_order(self) -> ExpectAnyOrder:
        lines = self._block("<in order>")
        if not all(line.startswith("< ") for line in lines):
            raise self._fault("only `< line` may stand in <any order>")
        return ExpectAnyOrder(tuple(self._pattern(line) for line in lines))

    def _chunks(self, line: str) -> ExpectChunks:
        found = re.fullmatch(r"<chunks (\+\w+) max=(\d+)((?: \w+(?:=\S+?)?)*)>", line)
        if not found:
            raise self._fault(f"expected <chunks +NAME max=N ...>, got {line!r}")
        checks = dict(check.partition("=")[::2] for check in found[3].split())
        if unknown := checks.keys() - CHECKS:
            raise self._fault(f"unknown checks: {', '.join(sorted(unknown))}")
        return ExpectChunks(
            name=found[1],
            limit=int(found[2]),
            file=checks.get("file"),
            size=int(checks["size"]) if "size" in checks else None,
            sha256=checks.get("sha256"),
            starts=bytes.fromhex(checks.get("starts", "")),
            subset=self._json() if "json" in checks else None,
        )

    def _json(self) -> object:
        text = "\n".join(self._block("</chunks>"))
        subset: object = json.loads(text)
        return subset

    def _block(self, end: str) -> list[str]:
        if end not in self._lines[self._next :]:
            raise self._fault(f"no {end}")
        stop = self._lines.index(end, self._next)
        block, self._next = self._lines[self._next : stop], stop + 1
        return block

    def _fault(self, what: str) -> TranscriptError:
        return TranscriptError(f"{self._transcript.path}:{self._next}: {what}")
