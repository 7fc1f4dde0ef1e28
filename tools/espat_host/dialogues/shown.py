"""What goes over a port as lines for people: text as it is, binary data as its size and begin,
secrets as stars."""

import sys

from espat_host.client.board import Board
from espat_host.client.events import Chunk, Event, Line, Prompt
from espat_host.client.secrets import masked

BEGIN = 16
# The values of SYSMFG may be private keys.
KEPT = b"SYSMFG"


def command(line: bytes) -> str:
    """A line that the host sends."""
    return masked(text(line))


def event(what: Event) -> str:
    """What the board says."""
    match what:
        case Chunk():
            return f"{text(what.head)}({len(what.data)} bytes{_begin(what)})"
        case Prompt():
            return ">"
        case Line():
            return command(what.text)  # an echo is one, too
    return text(what.code)


def _begin(what: Chunk) -> str:
    """Of a certificate or a key nothing is shown."""
    return "" if what.name == KEPT else f": {masked(begin(what.data))}"


def begin(data: bytes) -> str:
    """The first bytes of data, readable whatever they are."""
    first = data[:BEGIN]
    text = repr(first)[2:-1] if _mostly_text(first) else first.hex(" ")
    return text + (" ..." if len(data) > BEGIN else "")


def verbosely(board: Board) -> None:
    """Print the dialogue on stderr: `>` the host, `<` the board."""
    board.watch = lambda what: _say("<", event(what))
    board.watch_sent = lambda line: _say(">", command(line))


def _say(mark: str, text: str) -> None:
    if text:
        print(mark, text, file=sys.stderr, flush=True)


def _mostly_text(data: bytes) -> bool:
    printable = sum(32 <= byte < 127 or byte in b"\r\n\t" for byte in data)
    return printable * 4 >= len(data) * 3


def text(data: bytes) -> str:
    """Bytes as one line: what cannot be printed is escaped."""
    shown = data.strip(b"\r\n").decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in shown)
