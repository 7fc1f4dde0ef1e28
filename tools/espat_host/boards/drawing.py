"""The wiring of a board as a picture: SVG made from its data, so that both cannot differ."""

from __future__ import annotations

from dataclasses import dataclass
from xml.etree import ElementTree as ET

from espat_host.boards.data import BoardData
from espat_host.boards.rules import FLOW_PINS, UART0, USB

_WIDTH, _HEIGHT = 840, 470
_HOST_X, _HOST_WIDTH = 30, 170
_BOARD_X, _BOARD_WIDTH = 470, 210
_TOP, _BOTTOM = 80, 350
_ROWS = {"TX": 140, "RX": 182, "RTS": 230, "CTS": 272, "GND": 322}
_USB_X, _USB_WIDTH = 710, 100


@dataclass(frozen=True)
class _Wire:
    """From a pin of the host to one of the board; `talker` drives it."""

    host: str
    board: str
    talker: str
    colour: str


# Crossed: what one side sends is what the other receives. Colours of Okabe and Ito.
_WIRES = (
    _Wire("TX", "RX", "host", "#0072b2"),
    _Wire("RX", "TX", "board", "#d55e00"),
    _Wire("RTS", "CTS", "host", "#56b4e9"),
    _Wire("CTS", "RTS", "board", "#e69f00"),
    _Wire("GND", "GND", "", "#222222"),
)


def svg(board: BoardData) -> str:
    """The picture as text, ending in a newline."""
    root = ET.Element(
        "svg",
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {_WIDTH} {_HEIGHT}",
        width=str(_WIDTH),
        height=str(_HEIGHT),
        role="img",
    )
    root.set("font-family", "Helvetica, Arial, sans-serif")
    ET.SubElement(root, "title").text = f"Wiring of {board.name}"
    _arrowheads(root)
    _box(root, 0, 0, _WIDTH, _HEIGHT, fill="#ffffff", stroke="none", rounding=0)
    _text(root, _HOST_X, 45, f"{board.name}: AT port on UART{board.fields['UART_ID']}", size=22)
    _host(root)
    _board(root, board)
    for wire in _WIRES:
        if _wired(board, wire.board):
            _wire(root, board, wire)
    for row, note in enumerate(_notes(board)):
        _text(root, _HOST_X, 385 + 24 * row, note, size=15)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode") + "\n"


def log_ports(board: BoardData) -> str:
    """Where REPL and log are, in words."""
    tx, rx = board.chip.uart0
    words = {UART0: f"UART0 (GPIO{tx}, GPIO{rx})", USB: board.chip.usb_kind}
    return " and ".join(words[port] for port in board.fields["LOG"])


def _wired(board: BoardData, name: str) -> bool:
    return name == "GND" or board.pin(name) is not None


def _host(root: ET.Element) -> None:
    _box(root, _HOST_X, _TOP, _HOST_WIDTH, _BOTTOM - _TOP, fill="#f2f2f2")
    _text(root, _HOST_X + 15, _TOP + 25, "Host", size=17, weight="bold")
    for name, y in _ROWS.items():
        _text(root, _HOST_X + _HOST_WIDTH - 14, y + 5, name, anchor="end")


def _board(root: ET.Element, board: BoardData) -> None:
    _box(root, _BOARD_X, _TOP, _BOARD_WIDTH, _BOTTOM - _TOP, fill="#eaf3ea")
    _text(root, _BOARD_X + 15, _TOP + 25, board.fields["CHIP"], size=17, weight="bold")
    for name, y in _ROWS.items():
        if _wired(board, name):
            _text(root, _BOARD_X + 14, y + 5, name)
            if name != "GND":
                _text(root, _BOARD_X + 70, y + 5, f"GPIO{board.pin(name)}", weight="bold")
    middle = (_TOP + _BOTTOM) // 2
    _box(root, _USB_X, middle - 35, _USB_WIDTH, 70, fill="#f2f2f2")
    for row, line in enumerate(("USB", "power, log,", "REPL")):
        _text(root, _USB_X + _USB_WIDTH // 2, middle - 13 + 19 * row, line, 14, anchor="middle")
    ends = {"x1": _BOARD_X + _BOARD_WIDTH, "y1": middle, "x2": _USB_X, "y2": middle}
    _line(root, ends, {"stroke": "#222222", "stroke-width": "6"})


def _wire(root: ET.Element, board: BoardData, wire: _Wire) -> None:
    gap = 6
    left, right = _HOST_X + _HOST_WIDTH + gap, _BOARD_X - gap
    host = (left, _ROWS[wire.host])
    there = (right, _ROWS[wire.board])
    start, end = (host, there) if wire.talker != "board" else (there, host)
    style = {"stroke": wire.colour, "stroke-width": "3"}
    if wire.talker:
        style["marker-end"] = f"url(#arrow-{wire.colour[1:]})"
    if wire.board in FLOW_PINS.values() and not _in_use(board, wire.board):
        style["stroke-dasharray"] = "8 6"
    _line(root, {"x1": start[0], "y1": start[1], "x2": end[0], "y2": end[1]}, style)


def _in_use(board: BoardData, name: str) -> bool:
    bits = sum(bit for bit, pin in FLOW_PINS.items() if pin == name)
    return bool(board.fields["FLOW"] & bits)


def _notes(board: BoardData) -> list[str]:
    notes = [
        "All lines 3.3 V; a 5 V host needs a level shifter. GND is always connected.",
        "Power: the USB connector, or 3.3 V (500 mA) at 3V3, never both.",
        f"Log and REPL: {log_ports(board)}, at the USB connector.",
    ]
    if any(_wired(board, name) and not _in_use(board, name) for name in FLOW_PINS.values()):
        notes.insert(1, "Dashed: only where AT+UART switches this flow control on.")
    return notes


def _arrowheads(root: ET.Element) -> None:
    definitions = ET.SubElement(root, "defs")
    for wire in _WIRES:
        if wire.talker:
            marker = ET.SubElement(
                definitions,
                "marker",
                id=f"arrow-{wire.colour[1:]}",
                viewBox="0 0 10 10",
                refX="9",
                refY="5",
                markerWidth="5",
                markerHeight="5",
                orient="auto",
            )
            ET.SubElement(marker, "path", d="M 0 0 L 10 5 L 0 10 z", fill=wire.colour)


def _box(
    root: ET.Element,
    x: int,
    y: int,
    width: int,
    height: int,
    fill: str,
    stroke: str = "#444444",
    rounding: int = 10,
) -> None:
    size = {"x": x, "y": y, "width": width, "height": height, "rx": rounding}
    numbers = {name: str(value) for name, value in size.items()}
    ET.SubElement(root, "rect", {**numbers, "fill": fill, "stroke": stroke})


def _line(root: ET.Element, ends: dict[str, int], style: dict[str, str]) -> None:
    ET.SubElement(root, "line", {**{name: str(at) for name, at in ends.items()}, **style})


def _text(
    root: ET.Element,
    x: int,
    y: int,
    words: str,
    size: int = 16,
    anchor: str = "start",
    weight: str = "normal",
) -> None:
    at = {"x": str(x), "y": str(y), "font-size": str(size), "fill": "#111111"}
    element = ET.SubElement(root, "text", {**at, "text-anchor": anchor, "font-weight": weight})
    element.text = words
