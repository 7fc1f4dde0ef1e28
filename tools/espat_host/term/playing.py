"""`:play`: a dialogue on the terminal's board. It runs in a thread of its own, and what it shows
goes where `Ears` take it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from espat_host.client.board import Board, BoardError
from espat_host.client.events import RESULT_CODES, Chunk, Event, Line, Prompt, Result
from espat_host.dialogues.player import Player, Watcher
from espat_host.dialogues.transcript import TranscriptError, read_transcript
from espat_host.term.colon import Refused


@dataclass(frozen=True)
class Ears:
    """Who is told what, in the thread that plays."""

    sent: Callable[[bytes], object]
    gave: Callable[[bytes], object]
    heard: Callable[[Event], object]
    noted: Callable[[str], object]


def play(board: Board, path: Path, files: Mapping[str, bytes], ears: Ears) -> None:
    """Play it. Raises Refused with the reason, and BoardError for a port that is gone or for
    Board.cancel()."""
    try:
        transcript = read_transcript(path)
    except TranscriptError as error:
        raise Refused(f"{path} cannot be played: {error}") from error
    # A transcript meets a board as it comes from the factory: it echoes, and tells no code.
    for line in (b"AT+SYSLOG=0", b"ATE1"):
        board.request(line)
    ears.noted(transcript.title)
    player = Player(board, files=files, watcher=_Watcher(ears))
    player.play(transcript)
    tally = player.tally
    ears.noted(f"as written: {tally.commands} commands, {tally.received} bytes came")


def why(error: BoardError) -> str:
    """The reason without its evidence: the last bytes are on the screen."""
    return str(error).splitlines()[0]


class _Watcher(Watcher):
    def __init__(self, ears: Ears) -> None:
        self._ears = ears

    def sent(self, line: bytes) -> None:
        self._ears.sent(line)

    def sent_data(self, data: bytes) -> None:
        self._ears.gave(data)

    def received(self, line: bytes) -> None:
        self._ears.heard(Result(line) if line in RESULT_CODES else Line(line))

    def prompted(self) -> None:
        self._ears.heard(Prompt())

    def chunk(self, name: str, data: bytes, expected: int | None) -> None:
        head = f"{name}:{len(data)},".encode()
        self._ears.heard(Chunk(name[1:].encode(), head, data, b"\r\n"))
