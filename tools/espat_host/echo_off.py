"""Bringing host and board in step: echo off, and no answer left over."""

import time
from collections.abc import Callable

from espat_host.port import Port, Wait

OK, ERROR = b"\r\nOK\r\n", b"\r\nERROR\r\n"
# For one try, in seconds: a board that is still busy drops the line.
PATIENCE = 1.0


def echo_off(port: Port, send_line: Callable[[bytes], object], wait: Wait) -> None:
    """Whatever an earlier user of the port has left unfinished. Raises NoAnswer.

    A board that stood still answers all that it was asked meanwhile, and what is left of that would
    be taken for the answer to the next command. Answers come in order: after a try in vain all is
    old that stands before the echo of a line which was not sent before."""

    def tried(lines: bytes, echo: bytes, result: bytes) -> bool:
        send_line(lines)
        patience = time.monotonic() + PATIENCE
        while not _ends(port.waiting(), echo, result):
            port.receive(wait)
            if time.monotonic() > patience:
                return False
        port.discard()
        return True

    done, number = tried(b"\r\nATE0", b"", OK), 0
    while not done:
        number += 1
        unknown = b"AT+ECHO%d" % number
        done = tried(b"\r\nATE1\r\n" + unknown, unknown + b"\r\n", ERROR)
        done = done and tried(b"ATE0", b"ATE0\r\n", OK)


def _ends(text: bytes, echo: bytes, result: bytes) -> bool:
    start = text.find(echo)
    return start >= 0 and text[start:].endswith(result)
