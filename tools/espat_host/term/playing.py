"""`:play`: a dialogue on the terminal's board. It runs in a thread of its own, and what it shows
goes where `show` takes it."""

from collections.abc import Callable, Mapping
from pathlib import Path

from espat_host import shown
from espat_host.board import Board, BoardError
from espat_host.events import Chunk, Line, Prompt, Result
from espat_host.player import Player, Watcher
from espat_host.term import words
from espat_host.term.colon import Refused
from espat_host.term.words import Shown
from espat_host.transcript import TranscriptError, read_transcript

Show = Callable[[Shown], None]
_RESULTS = (b"OK", b"ERROR", b"SEND OK", b"SEND FAIL", b"SET OK")


def play(board: Board, path: Path, files: Mapping[str, bytes], show: Show) -> None:
    """Play it. Raises Refused with the reason, and BoardError for a port that is gone or for
    Board.cancel()."""
    try:
        transcript = read_transcript(path)
    except (TranscriptError, OSError, UnicodeDecodeError) as error:
        raise Refused(f"{path} cannot be played: {error}") from error
    # A transcript meets a board as it comes from the factory: it echoes, and tells no code.
    for line in (b"AT+SYSLOG=0", b"ATE1"):
        board.request(line)
    show(words.note(transcript.title))
    player = Player(board, files=files, watcher=_Screen(show))
    player.play(transcript)
    tally = player.tally
    show(words.note(f"as written: {tally.commands} commands, {tally.received} bytes came"))


def why(error: BoardError) -> str:
    """The reason without its evidence: the last bytes are on the screen."""
    return str(error).splitlines()[0]


class _Screen(Watcher):
    def __init__(self, show: Show) -> None:
        self._show = show

    def sent(self, line: bytes) -> None:
        self._show([("note", "> "), ("sent", shown.command(line))])

    def sent_data(self, data: bytes) -> None:
        self._show([("note", "> "), ("data", f"({len(data)} bytes: {shown.begin(data)})")])

    def received(self, line: bytes) -> None:
        self._say(words.of(Result(line) if line in _RESULTS else Line(line)))

    def prompted(self) -> None:
        self._show([("ask", shown.event(Prompt()))])

    def chunk(self, name: str, data: bytes, expected: int | None) -> None:
        head = f"{name}:{len(data)},".encode()
        self._say(words.of(Chunk(name[1:].encode(), head, data, b"\r\n")))

    def _say(self, pieces: Shown) -> None:
        if pieces:
            self._show(pieces)
