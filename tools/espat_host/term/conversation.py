"""A host's side of a dialogue, for people: what is sent, and what comes as lines to show.

A model: bytes in, bytes and lines out; it knows no terminal and no port. What has gone wrong on the
line - noise, a board that restarts in the middle of an answer, another program in it - is shown and
passed over."""

from dataclasses import dataclass

from espat_host.client.events import (
    HTTP_FRAMES,
    READY,
    Event,
    EventReader,
    Line,
    Prompt,
    ProtocolError,
    Result,
    frames_of,
)
from espat_host.term import words
from espat_host.term.colon import Refused
from espat_host.term.data_commands import wanted
from espat_host.term.words import Shown

OK, BUSY = b"OK", b"busy p..."
# After so many seconds without a byte a line without its end is shown as it is ...
LINE_PATIENCE = 1.0
# ... and the rest of counted data is no longer waited for.
CHUNK_PATIENCE = 10.0
# Lines whose echo may still come.
KEPT_ECHOES = 8


@dataclass
class Heard:
    """An event, and how it is shown."""

    event: Event
    shown: Shown


class Conversation:
    """The state of one dialogue. `command` is the one that was sent last, or is running."""

    def __init__(self) -> None:
        self._reader = EventReader()
        self._unanswered = 0
        self._accepted = False
        self._echo: list[bytes] = []
        self.command = b""
        self.takes_data = False
        self.missing: int | None = None

    @property
    def running(self) -> bool:
        """Whether a result code is still to come."""
        return self._unanswered > 0

    @property
    def prompt_due(self) -> bool:
        """Whether a prompt may still follow the OK that has come."""
        return self._accepted and not self.takes_data and bool(wanted(self.command))

    def send(self, line: bytes) -> bytes:
        """The bytes of a command line."""
        # Typed into a running command it is answered `busy p...`, and changes nothing.
        if not self.running:
            self._reader.frames = frames_of(line)
            self._reader.prompts = b"=" in line
            self.command, self._accepted = line, False
        self._unanswered += 1
        self._echo = [*self._echo[-KEPT_ECHOES:], line]
        return line + b"\r\n"

    def forget(self) -> None:
        """The port was away: nobody knows what the board is at."""
        self._reader.rest.clear()
        self._unanswered, self._accepted = 0, False
        self._echo.clear()
        self._want_no_data()

    def offer(self, size: int) -> None:
        """May so many bytes of data go out now? Raises Refused."""
        if not self.takes_data:
            raise Refused(
                "the board waits for no data; it does after a command such as AT+HTTPCPOST"
            )
        if self.missing is not None and size > self.missing:
            raise Refused(f"the board waits for {self.missing} bytes, these are {size}: not sent")

    def gave(self, size: int) -> None:
        """So many bytes of data have gone out."""
        if self.missing is None:
            return
        self.missing -= size
        if not self.missing:
            self.takes_data = self._reader.prompts = False
            self._unanswered = 1

    def feed(self, data: bytes) -> list[Heard]:
        """What the bytes from the board say."""
        self._reader.feed(data)
        heard: list[Heard] = []
        try:
            for event in self._reader:
                if not self._is_echo(event):
                    shown = words.of(event)
                    self._notice(event)
                    heard.append(
                        Heard(event, self._asked() if isinstance(event, Prompt) else shown)
                    )
        except ProtocolError as error:
            heard += self._given_up(str(error))
        return heard

    def silent_for(self, seconds: float) -> list[Heard]:
        """Nothing has come for so long: what is left of it."""
        if not self._reader.rest:
            return []
        if not self._reader.within_chunk:
            return self._given_up("") if seconds >= LINE_PATIENCE else []
        if seconds < CHUNK_PATIENCE:
            return []
        return self._given_up("counted data that does not end")

    def _given_up(self, why: str) -> list[Heard]:
        rest = bytes(self._reader.rest)
        self._reader.rest.clear()
        return [Heard(Line(rest), words.unclear(rest, why))]

    def _notice(self, event: Event) -> None:
        if isinstance(event, Result):
            self._unanswered = max(0, self._unanswered - 1)
            if event.code != BUSY:
                self._accepted = event.code == OK and self._reader.prompts
                self._want_no_data()
        elif event == Line(READY):
            self._unanswered = 0
            self._echo.clear()
            self._reader.frames = HTTP_FRAMES
            self._want_no_data()
        elif isinstance(event, Prompt):
            self.takes_data, self.missing = True, wanted(self.command)
            self._unanswered = 0

    def _want_no_data(self) -> None:
        self.takes_data, self.missing = False, None

    def _asked(self) -> Shown:
        return words.asked(self.missing)

    def _is_echo(self, event: Event) -> bool:
        if not isinstance(event, Line) or event.text not in self._echo:
            return False
        # What was sent before it was not echoed, and will not be.
        del self._echo[: self._echo.index(event.text) + 1]
        return True
