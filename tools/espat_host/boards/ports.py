"""Serial ports and what answers on them. A look does no harm: it interrupts no program, and all it
sends is `AT` and, where a REPL has shown its prompt, the key that repeats its greeting."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import serial
from serial.tools import list_ports

from espat_host.client.opening import BROKEN, CannotOpen, open_serial

AT, REPL, NOTHING, NOISE = "AT firmware", "REPL", "nothing", "something else"

BAUD = 115200
# Limits of the two questions in seconds. A chip answers the first at once, if it has started; the
# second is for those that have answered, and AT+GMR loads what it needs from flash before.
FIRST_LIMIT, SECOND_LIMIT = 1.0, 4.0
# Opening a port resets some boards; one that has said something of that is waited for.
START_LIMIT = 5.0
WRITE_LIMIT = 0.5
RESULT = re.compile(rb"\r\n(OK|ERROR)\r\n|busy p\.\.\.")
READY = b"\r\nready\r\n"
PROMPT = b">>> "
# What a REPL greets with; a prompt may stand before it, for every line end it was sent.
GREETING = re.compile(rb"(MicroPython [^\r\n]*)\r\n.*>>> $", re.DOTALL)
NOISE_SHOWN = 40


@dataclass(frozen=True)
class Found:
    """What answers on a port; `detail` is its version, or what it sent."""

    port: str
    description: str
    answer: str
    detail: str = ""


def find(names: tuple[str, ...] = (), *, baud: int = BAUD, rtscts: bool = False) -> list[Found]:
    """Look at the ports of these names, without names at all that the system knows; at the same
    time, because most of them are silent."""
    known = [(name, "") for name in names] or [
        (port.device, _description(port.description)) for port in sorted(list_ports.comports())
    ]
    with ThreadPoolExecutor(max(1, len(known))) as threads:
        return list(threads.map(lambda one: probe(*one, baud=baud, rtscts=rtscts), known))


def probe(port: str, description: str = "", *, baud: int = BAUD, rtscts: bool = False) -> Found:
    """Look at one port."""
    try:
        device = open_serial(port, baud, timeout=0.02, write_timeout=WRITE_LIMIT, rtscts=rtscts)
    except CannotOpen as error:
        return Found(port, description, error.reason, str(error))
    try:
        return Found(port, description, *_ask(device))
    except (OSError, serial.SerialException) as error:
        return Found(port, description, BROKEN, str(error))
    finally:
        device.close()


def refusal(port: str) -> CannotOpen | None:
    """Why a port cannot be opened, or None where it can be."""
    try:
        open_serial(port, BAUD).close()
    except CannotOpen as error:
        return error
    return None


def _ask(device: serial.Serial) -> tuple[str, str]:
    said = _answer(device, b"AT\r\n", FIRST_LIMIT, _hello)
    if said.strip() and not _hello(said):
        said += _answer(device, b"", START_LIMIT, _hello)
    if READY in said and not _result(said):  # it has just started, and AT came too early
        said = _answer(device, b"AT\r\n", FIRST_LIMIT, _result)
    if PROMPT in said:
        said = _answer(device, b"\x02", SECOND_LIMIT, lambda text: bool(GREETING.search(text)))
        greeting = GREETING.search(said)
        return REPL, _text(greeting[1] if greeting else b"")
    if _result(said):
        version_lines = _answer(device, b"AT+GMR\r\n", SECOND_LIMIT, _result)
        first = [line for line in version_lines.split(b"\r\n") if b"version" in line]
        return AT, _text(first[0] if first else b"")
    return (NOISE, repr(said[-NOISE_SHOWN:])) if said.strip() else (NOTHING, "")


def _hello(text: bytes) -> bool:
    return PROMPT in text or READY in text or _result(text)


def _result(text: bytes) -> bool:
    return bool(RESULT.search(text))


def _answer(
    device: serial.Serial, question: bytes, limit: float, enough: Callable[[bytes], bool]
) -> bytes:
    device.write(question)
    deadline = time.monotonic() + limit
    text = b""
    while not enough(text) and time.monotonic() < deadline:
        text += device.read(max(1, device.in_waiting))
    return text


def _description(text: str | None) -> str:
    return "" if text in (None, "n/a") else str(text)


def _text(data: bytes) -> str:
    return data.decode(errors="replace").strip()
