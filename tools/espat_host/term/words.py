"""What is on the screen, as pieces of text with the names of their colours."""

import codecs
import re

from espat_host.client.events import Chunk, Event, Line, Prompt, is_unsolicited
from espat_host.client.faults import JOIN_CAUSES
from espat_host.client.meanings import meaning
from espat_host.dialogues import shown

# A line to show: (name of the colour, text) ...
Shown = list[tuple[str, str]]

# name: what prompt_toolkit makes of it. The 16 colours that every terminal has.
COLOURS = {
    "ok": "ansigreen",
    "error": "ansired bold",
    "report": "ansiyellow",
    "head": "ansicyan",
    "data": "ansicyan",
    "ask": "ansimagenta bold",
    "sent": "bold",
    "note": "ansibrightblack",
    "fault": "ansired",
}
_GOOD = (b"OK", b"SEND OK", b"SET OK")
_JOIN = re.compile(rb"\+CWJAP:(\d)")
_DUMPED = 1024  # bytes of an event, at the most
_CODE = re.compile(rb"ERR CODE:0x([0-9a-fA-F]{8})")
# The values of SYSMFG may be private keys: they are never shown as text.
_NEVER_TEXT = b"SYSMFG"


def of(event: Event) -> Shown:
    """What the board says; empty for an empty line."""
    match event:
        case Line(text):
            return _line(text)
        case Chunk():
            return _chunk(event)
        case Prompt():
            return asked(None)
    return [("ok" if event.code in _GOOD else "error", event.code.decode())]


def asked(missing: int | None) -> Shown:
    """The board has given a prompt; `missing`: for how many bytes, if that is known."""
    size = "data" if missing is None else "1 byte" if missing == 1 else f"{missing} bytes"
    return [("ask", f"> the board waits for {size}"), ("note", ": a line, :send FILE or :hex 00ff")]


def sent(line: bytes) -> Shown:
    """A line that nobody has typed here."""
    return [("note", "> "), ("sent", shown.command(line))]


def gave(data: bytes) -> Shown:
    """Data that nobody has typed here."""
    return [("note", "> "), ("data", f"({len(data)} bytes: {shown.begin(data)})")]


def dumped(data: bytes) -> Shown:
    """Bytes in rows of 16, and as text where they are that."""
    rows = []
    for start in range(0, min(len(data), _DUMPED), 16):
        row = data[start : start + 16]
        text = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in row)
        rows.append(f"{start:04x}  {row.hex(' '):47}  {text}")
    more = [("note", f"\n({len(data)} bytes)")] if len(data) > _DUMPED else []
    return [("data", "\n".join(rows)), *more]


def unclear(data: bytes, why: str) -> Shown:
    """Bytes that are no AT."""
    text = shown.text(data) if text_of(data) is not None else shown.begin(data)
    reason = f"  ({len(data)} bytes: {why})" if why else ""
    return [("", text), ("note", reason)]


def note(text: str) -> Shown:
    """What the terminal says."""
    return [("note", text)]


def fault(text: str) -> Shown:
    """Why the terminal did not do something."""
    return [("fault", text)]


def plain(pieces: Shown) -> str:
    """The text without its colours."""
    return "".join(text for _, text in pieces)


def text_of(data: bytes) -> str | None:
    """The data as text, if it is that; a character may be cut in two at either end."""
    start = 0
    while start < min(3, len(data)) and data[start] & 0xC0 == 0x80:
        start += 1
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(data[start:])
    except UnicodeDecodeError:
        return None
    return text if all(c.isprintable() or c in "\r\n\t" or ord(c) > 0x9F for c in text) else None


def _line(text: bytes) -> Shown:
    if not text:
        return []
    if found := _CODE.fullmatch(text):
        return [("error", shown.text(text)), ("note", f"  {meaning(int(found[1], 16))}")]
    if found := _JOIN.fullmatch(text):
        why = JOIN_CAUSES.get(int(found[1]))
        return [("error", shown.text(text)), *([("note", f"  {why}")] if why else [])]
    return [("report" if is_unsolicited(text) else "", shown.text(text))]


def _chunk(event: Chunk) -> Shown:
    head = ("head", shown.text(event.head))
    text = None if event.name == _NEVER_TEXT else text_of(event.data)
    if text is None:
        return [head, ("data", f"({len(event.data)} bytes: {shown.begin(event.data)})")]
    lines = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n")
    return [head, ("", "".join(c if c.isprintable() or c in "\n\t" else "?" for c in lines))]
