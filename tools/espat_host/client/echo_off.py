"""Bringing host and board in step: echo off, and no answer left over."""

import time
from collections.abc import Callable

from espat_host.client.events import READY, is_unsolicited
from espat_host.client.port import Port
from espat_host.client.waits import Wait

OK, ERROR = b"\r\nOK\r\n", b"\r\nERROR\r\n"
# For the first try, in seconds, and twice as much for each that follows: a board that is still busy
# drops the line, and at 300 baud 40 bytes take longer than a second.
PATIENCE = 1.0
# So long after the last byte no upload waits for more: this firmware gives a host 60 s.
UPLOAD_ENDS = 65.0


def echo_off(
    port: Port, send_line: Callable[[bytes], object], wait: Wait, *, uploading: bool = False
) -> None:
    """Whatever an earlier user of the port has left unfinished. Raises NoAnswer.

    `uploading`: that may be an upload, as nobody knows who has just opened the port. A board that
    says nothing at all to the first line takes for data what it hears, and does not echo it. So
    nothing else is sent before it speaks: this firmware gives up after a minute, and says so.

    A board that stood still answers all that it was asked meanwhile, and what is left of that would
    be taken for the answer to the next command. Answers come in order: after a try in vain all is
    old that stands before the echo of a line which was not sent before."""

    def tried(lines: bytes, echo: bytes, result: bytes, seconds: float) -> bool:
        send_line(lines)
        patience = time.monotonic() + seconds
        while not _ends(port.waiting(), echo, result):
            port.receive(wait)
            if time.monotonic() > patience:
                return False
        port.discard()
        return True

    given_up = time.monotonic() + (UPLOAD_ENDS if uploading else 0)
    done, number, seconds = tried(b"\r\nATE0", b"", OK, PATIENCE), 0, PATIENCE
    while not done and not _speaks(port.waiting()) and time.monotonic() < given_up:
        port.receive(wait)
    while not done:
        if wait.over():  # a port that is never silent
            raise port.no_answer(wait)
        number += 1
        seconds *= 2
        unknown = b"AT+ECHO%d" % number
        done = tried(b"\r\nATE1\r\n" + unknown, unknown + b"\r\n", ERROR, seconds)
        done = done and tried(b"ATE0", b"ATE0\r\n", OK, seconds)


def _ends(text: bytes, echo: bytes, result: bytes) -> bool:
    start = text.find(echo)
    return start >= 0 and text[start:].endswith(result)


def _speaks(text: bytes) -> bool:
    """Whether the board listens to lines: it has said something else than its news, which it tells
    in the middle of an upload, too."""
    return any(line == READY or not is_unsolicited(line) for line in text.split(b"\r\n") if line)
