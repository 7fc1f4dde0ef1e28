"""The host's end of a simulated board's port, for measuring: raw reads, no copies, no parsing.

pyserial would cost more than what is measured; what this costs is measured, too."""

from __future__ import annotations

import os
import select
import time
from dataclasses import dataclass

from espat_host.client.board import BoardError, NoAnswer
from espat_host.sim.lifetime import Running

OK = b"\r\nOK\r\n"
_ERROR = b"OR\r\n"
_LIMIT = 120.0
_WINDOW = 1 << 16
# A reader that wakes for each write of the board takes its processor away: where little was there,
# more is on its way. One that sleeps too long lets the terminal fill up, and measures itself: it
# holds 8 KB and little more (drivers/tty/pty.c), which come in a tenth of a millisecond.
_MUCH, _REST = 1500, 0.00005


@dataclass
class Answer:
    """`seconds` from the line to the end of its answer; `first`: to its first bytes, of which
    there were `at_first`. `reading`: processor time of the reader. `data` if it was kept."""

    seconds: float
    first: float
    at_first: int
    size: int
    reading: float
    data: bytes


class Line(Running):
    """An open port."""

    def __init__(self, path: str) -> None:
        self._fd = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        self._poll = select.poll()
        self._poll.register(self._fd, select.POLLIN)
        self._buffer = bytearray(_WINDOW)

    def stop(self) -> None:
        """Close it."""
        os.close(self._fd)

    def ask(
        self, line: str, least: int = 0, end: bytes = OK, *, keep: bool = False, data: bytes = b""
    ) -> Answer:
        """Send a line and `data`, read at least `least` bytes and then up to `end`."""
        if keep and least + (least >> 3) + 4096 > len(self._buffer):
            self._buffer = bytearray(least + (least >> 3) + 4096)
        buffer = memoryview(self._buffer)
        size = at = at_first = 0
        tail = b""
        first = 0.0
        processor, start = time.thread_time(), time.perf_counter()
        rest = memoryview(line.encode() + b"\r\n" + data if line else data)
        while size < least or tail != end:
            rest = self._write(rest)
            count = self._read(buffer[at : at + _WINDOW], bool(rest))
            if not count:
                continue
            size += count
            at += count
            tail = (tail + bytes(buffer[max(0, at - len(end), at - count) : at]))[-len(end) :]
            if size < _WINDOW and tail.endswith(_ERROR):
                raise BoardError(f"{line!r} was answered with an error")
            if not first:
                first, at_first = time.perf_counter(), count
            if not keep:
                at = 0
            if count < _MUCH and size < least and not rest:
                time.sleep(_REST)
        now, spent = time.perf_counter(), time.thread_time() - processor
        kept = bytes(buffer[:size]) if keep else b""
        return Answer(now - start, first - start, at_first, size, spent, kept)

    def tell(self, line: str) -> None:
        """Send a line that has no answer."""
        self.give(line.encode() + b"\r\n")

    def give(self, data: bytes) -> None:
        """Send bytes that have no answer."""
        os.write(self._fd, data)

    def _write(self, rest: memoryview) -> memoryview:
        try:
            return rest[os.write(self._fd, rest[:4096]) :] if rest else rest
        except BlockingIOError:
            return rest

    def _read(self, window: memoryview, writing: bool) -> int:
        """Wait for bytes, or for room to write."""
        mask = select.POLLIN | select.POLLOUT if writing else select.POLLIN
        self._poll.modify(self._fd, mask)
        ready = self._poll.poll(_LIMIT * 1000)
        if not ready:
            raise NoAnswer(f"the board has said nothing for {_LIMIT:g} s")
        if not ready[0][1] & select.POLLIN:
            return 0
        return os.readv(self._fd, [window])
