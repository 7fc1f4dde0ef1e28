"""What must hold for the data of a board: every rule that is broken is one sentence, which names
the board, the field, the value and the reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from espat_host.boards.chips import CHIPS, Chip
from espat_host.boards.data import OUTPUTS, UART_PINS, BoardData

UART0, USB = "UART0", "USB"
FLOW_PINS = {1: "RTS", 2: "CTS"}  # bit of FLOW -> the pin it needs


@dataclass(frozen=True)
class Finding:
    """`wrong`: the board must not be used like this; else it is a remark for its user."""

    board: str
    field: str
    text: str
    wrong: bool = True

    def __str__(self) -> str:
        return f"{self.board}: {self.field} {self.text}"


@dataclass(frozen=True)
class Range:
    """A whole number of a field, and why it may not be smaller or larger."""

    low: int
    high: int
    why: str


# 65535: machine_uart.c keeps both buffer sizes in 16 bits. 129: uart_driver_install() wants more
# than the hardware's FIFO. 2114 is a chunk of 2048 bytes with its frame (edges/buffers.py) and the
# overhead of a write, and edges/serial.py uses half of TXBUF. WORKER_STACK: mpthreadport.c.
RANGES = {
    "BAUD": Range(80, 5000000, "AT+UART's range"),
    "FLOW": Range(0, 3, "0 none, 1 RTS, 2 CTS, 3 both"),
    "RXBUF": Range(129, 65535, "more than the UART's own FIFO, and 16 bits in machine.UART"),
    "TXBUF": Range(2 * 2114, 65535, "two chunks at least, and 16 bits in machine.UART"),
    "LINE_LIMIT": Range(256, 8192, "ESP-AT takes 256 bytes, and the buffer is in the heap"),
    "UPLOAD_BUFFER": Range(2048, 65536, "a TLS record's worth of bytes, in the heap"),
    "WORKER_STACK": Range(5120, 1048576, "MicroPython's smallest stack of a thread, and 1 MB"),
}
OPTIONAL_RANGES = {
    "PROVEN_AFTER": Range(0, 3600, "seconds of a start's trial"),
    "UPDATE_SECONDS": Range(10, 3600, "seconds for a whole update"),
}
_TEXTS = ("NAME", "CHIP")
_LISTS = ("MODULES", "LOG")
_OPTIONAL_PINS = ("ESCAPE_PIN",)
_OPTIONAL_TEXTS = ("MICROPYTHON", "UPDATE_URL")
_MAY_BE_NONE = ("CTS", "RTS", *_OPTIONAL_PINS, "UPDATE_URL")
REQUIRED = (*_TEXTS, *_LISTS, "UART_ID", *UART_PINS, *RANGES)
OPTIONAL = (*_OPTIONAL_PINS, *_OPTIONAL_TEXTS, *OPTIONAL_RANGES)


def findings(board: BoardData) -> list[Finding]:
    """All that can be said of one board. Fields first: pins are looked at once these are right."""
    found = [Finding(board.name, field, text) for field, text in _fields(board)]
    if found:
        return found
    return list(_pins(board))


def _fields(board: BoardData) -> Iterator[tuple[str, str]]:
    fields = board.fields
    for name in REQUIRED:
        if name not in fields:
            yield name, "is missing; boards/README.md tells what it means"
    for name, value in fields.items():
        if name not in REQUIRED + OPTIONAL:
            yield name, "is no field of a board; boards/README.md has the list"
        elif problem := _type_problem(name, value):
            yield name, f"= {value!r} {problem}"
    chip = CHIPS.get(fields.get("CHIP", ""))
    if "NAME" in fields and fields["NAME"] != board.name:
        yield "NAME", f"= {fields['NAME']!r} is not the name of the folder"
    if chip:
        yield from _chip_fields(fields, chip)


def _type_problem(name: str, value: Any) -> str:
    """What is wrong with the type or size of one value; nothing is an empty text."""
    if value is None and name in _MAY_BE_NONE:
        return ""
    if name == "CHIP":
        return "" if value in CHIPS else f"is no chip known here: {', '.join(CHIPS)}"
    if name in _TEXTS + _OPTIONAL_TEXTS:
        return "" if isinstance(value, str) and value else "must be a text"
    if name in _LISTS:
        good = isinstance(value, tuple) and value and all(isinstance(v, str) for v in value)
        return "" if good else 'must be a tuple of texts, such as ("UART0",)'
    if type(value) is not int:
        return "must be a whole number" + (" or None" if name in _MAY_BE_NONE else "")
    limits = (RANGES | OPTIONAL_RANGES).get(name)
    if limits and not limits.low <= value <= limits.high:
        return f"is not within {limits.low} to {limits.high}: {limits.why}"
    return ""


def _chip_fields(fields: dict[str, Any], chip: Chip) -> Iterator[tuple[str, str]]:
    name, uart, log = fields["CHIP"], fields.get("UART_ID"), fields.get("LOG")
    if type(uart) is int and not 0 <= uart < chip.uarts:
        yield "UART_ID", f"= {uart}: the {name} has UART0 to UART{chip.uarts - 1}"
    if isinstance(log, tuple):
        if uart == 0 and UART0 in log:
            yield (
                "UART_ID",
                "= 0: the REPL's UART has buffers of fixed size and no driver that machine.UART "
                "could read; it needs an image whose REPL is on USB alone, docs/wiring.md",
            )
        for port in log:
            if port not in (UART0, USB):
                yield "LOG", f"= {port!r} is neither {UART0!r} nor {USB!r}"
            elif port == USB and not chip.usb:
                yield "LOG", f"= {USB!r}: the {name} has no USB"
    modules = fields.get("MODULES")
    for module in modules if isinstance(modules, tuple) else ():
        if module not in chip.modules:
            known = ", ".join(chip.modules)
            yield "MODULES", f"= {module!r} is no module with the {name} known here: {known}"


def _pins(board: BoardData) -> Iterator[Finding]:
    seen: dict[int, str] = {}
    for role in (*UART_PINS, *_OPTIONAL_PINS):
        pin = board.fields.get(role)
        if pin is None:
            continue
        reason, wrong = _pin(board, role, pin)
        if pin in seen:
            reason, wrong = f"is {seen[pin]} already", True
        seen.setdefault(pin, role)
        if reason:
            yield Finding(board.name, role, f"= {pin}: GPIO{pin} {reason}", wrong)
    for bit, role in FLOW_PINS.items():
        if board.fields["FLOW"] & bit and board.fields[role] is None:
            text = f"= {board.fields['FLOW']} uses {role}, and this board has no {role} pin"
            yield Finding(board.name, "FLOW", text)


def _pin(board: BoardData, role: str, pin: int) -> tuple[str, bool]:
    """What speaks against a pin, and whether that forbids it."""
    chip, log = board.chip, board.fields["LOG"]
    if reason := _not_free(board, pin):
        return reason, True
    if role in OUTPUTS and pin in chip.input_only:
        return f"of the {board.fields['CHIP']} is an input only, and {role} is an output", True
    if pin in chip.uart0 and UART0 in log:
        return "is the REPL's and the log's: LOG has UART0", True
    if pin in chip.usb and USB in log:
        return "is the REPL's and the log's: LOG has USB", True
    if pin in chip.usb:
        return f"is for {chip.usb_kind}, which is lost", False
    strap = chip.straps.get(pin)
    # A button on such a pin is what boards have there; nobody presses it by accident.
    if strap and role in UART_PINS:
        return f"is a strapping pin: at reset it tells the chip {strap.decides}", strap.fatal
    return "", False


def _not_free(board: BoardData, pin: int) -> str:
    chip, name = board.chip, board.fields["CHIP"]
    if pin in chip.flash:
        return f"of the {name} is wired to its flash"
    if pin in chip.reserved:
        return f"of the {name} {chip.reserved[pin]}"
    if pin not in chip.pins:
        return f"is not there: the {name} has no such pin"
    return chip.pins_taken_by(board.fields["MODULES"]).get(pin, "")
