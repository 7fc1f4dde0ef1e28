"""Parts of a body. ESP-AT's commands do not tell 206 from 200: whether a server has sent what was
asked for shows in how many bytes come, and in whether they fit what is there already."""

import re
from dataclasses import dataclass

from espat_host.cli.exit_codes import RANGE, CommandFault
from espat_host.cli.http.outputs import Nowhere, Part

# As much of the old end is asked for again, and must be the same.
OVERLAP = 1024
WHOLE = 200
IGNORED = "the server has sent other bytes than asked for: it knows no ranges, or has not so many"
CHANGED = (
    "what the server sends does not continue {}: it knows no ranges, or the resource has changed; "
    "begin again without --continue"
)


@dataclass(frozen=True)
class Range:
    """`first` to `last`, either may be None: `100-`, `-500`."""

    first: int | None
    last: int | None

    def __str__(self) -> str:
        first, last = ("" if n is None else str(n) for n in (self.first, self.last))
        return f"{first}-{last}"

    def length(self, size: int | None) -> tuple[int | None, bool]:
        """(how many bytes of a body of `size` it has, whether that is exact or only the most)."""
        if self.first is None:
            assert self.last is not None
            return (self.last, False) if size is None else (min(self.last, size), True)
        if size is None:
            return (None if self.last is None else self.last - self.first + 1), False
        last = size - 1 if self.last is None else min(self.last, size - 1)
        return max(0, last - self.first + 1), True


def parse(text: str) -> Range:
    """`0-99`, `100-`, `-500`. Raises ValueError."""
    found = re.fullmatch(r"(\d{0,18})-(\d{0,18})", text)
    if found is None or text == "-":
        raise ValueError(f"{text!r} is no range; they are like 0-99, 100- or -500")
    first, last = (int(number) if number else None for number in found.groups())
    if first is not None and last is not None and last < first:
        raise ValueError(f"the range {text} ends before it begins")
    return Range(first, last)


def check_status(wanted: Range | None, status: int | None) -> None:
    """Where the board tells the status: 200 is everything, from its begin. Raises CommandFault."""
    if wanted is not None and wanted.first and status == WHOLE:
        raise CommandFault(RANGE, IGNORED)


class RangeCheck:
    """Passes on a body that must not have more bytes than the range, nor fewer if that is known."""

    def __init__(self, output: Nowhere, wanted: Range, size: int | None) -> None:
        self._output = output
        self._length, self._exact = wanted.length(size)
        self._count = 0

    def write(self, data: bytes) -> None:
        self._count += len(data)
        if self._length is not None and self._count > self._length:
            raise CommandFault(RANGE, IGNORED)
        self._output.write(data)

    def finish(self) -> None:
        """The body has ended."""
        if self._exact and self._count != self._length:
            raise CommandFault(RANGE, IGNORED)


class Continuation:
    """Appends to a part what follows it, after a look at the overlap."""

    def __init__(self, part: Part, size: int) -> None:
        overlap = min(OVERLAP, part.size)
        self.wanted = Range(part.size - overlap, None)
        self._part = part
        self._size = size
        self._overlap = part.last(overlap)

    def write(self, data: bytes) -> None:
        seen = min(len(self._overlap), len(data))
        if self._overlap[:seen] != data[:seen]:
            raise CommandFault(RANGE, CHANGED.format(self._part.part))
        self._overlap, data = self._overlap[seen:], data[seen:]
        if self._part.size + len(data) > self._size:
            raise CommandFault(RANGE, CHANGED.format(self._part.part))
        self._part.write(data)

    def finish(self) -> None:
        """The body has ended."""
        if self._overlap or self._part.size != self._size:
            raise CommandFault(RANGE, CHANGED.format(self._part.part))
