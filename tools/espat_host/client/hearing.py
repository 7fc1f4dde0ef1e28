"""A dialogue that hears what the board says unasked, and is one thread's at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from espat_host.client.dialogue import Dialogue
from espat_host.client.events import READY, Event, Line, is_unsolicited
from espat_host.client.faults import BoardRestarted
from espat_host.client.port import PortOptions
from espat_host.client.replies import ReplyReader
from espat_host.client.turn import Turn, alone
from espat_host.client.waits import Wait

if TYPE_CHECKING:  # CPython has it from 3.11 on
    from typing_extensions import Unpack

KEPT_REPORTS = 256


class Hearing(Dialogue):
    """`unsolicited`: what the board said by itself, the last 256 lines; `on_unsolicited` is called
    with each as it is read, that is during a command, in listen() and in wait_for()."""

    def __init__(
        self,
        port: str | Path,
        *,
        on_unsolicited: Callable[[str], object] | None = None,
        **options: Unpack[PortOptions],
    ) -> None:
        super().__init__(port, **options)
        self.unsolicited = deque[str](maxlen=KEPT_REPORTS)
        self.on_unsolicited = on_unsolicited
        self._heard = 0
        self._checked = False
        self._out_of_step = False
        self._undisturbed = False
        self.turn = Turn()

    @contextmanager
    def undisturbed(self) -> Iterator[None]:
        """What has to be done to its end: a cancel() meanwhile is noticed afterwards."""
        self._undisturbed = True
        try:
            yield
        finally:
            self._undisturbed = False
        self.check_cancelled()

    def check_cancelled(self) -> None:
        if not self._undisturbed:
            super().check_cancelled()

    @property
    def heard(self) -> int:
        """How many lines have come unasked so far."""
        return self._heard

    request = alone(Dialogue.request)

    @alone
    def listen(self) -> None:
        """Read what the board has said by itself since the last command, without waiting. Raises
        BoardRestarted, once, if it has started anew."""
        self.poll()
        while self.holds_bytes() and b"\r\n" in self.waiting():
            if text := self.read_line():
                self._hear(text)

    @alone
    def wait_for(self, text: str, timeout: float, since: int | None = None) -> None:
        """Until the board says this by itself; `since`: a number from `heard`. Raises NoAnswer."""
        wait = Wait(repr(text), timeout)
        since = self.heard if since is None else since
        self.listen()
        while text not in self._said_since(since):
            self.receive(wait)
            self.listen()

    def feed(self, reader: ReplyReader, wait: Wait) -> None:
        with self.turn.in_callbacks():
            super().feed(reader, wait)

    def noticed(self, event: Event) -> None:
        super().noticed(event)
        if isinstance(event, Line) and is_unsolicited(event.text):
            self.overhear(event.text)

    def overhear(self, text: bytes) -> None:
        """What the board says by itself in the middle of an answer."""
        if self._checked:
            self._hear(text)

    def _said_since(self, number: int) -> list[str]:
        said = list(self.unsolicited)
        return said[max(0, len(said) - (self.heard - number)) :]

    def _hear(self, text: bytes) -> None:
        said = text.decode("utf-8", "replace")
        self._heard += 1
        self.unsolicited.append(said)
        if self.on_unsolicited is not None:
            self.on_unsolicited(said)
        if text == READY:
            self._running = None
            self._out_of_step = True
            raise BoardRestarted("the board has restarted by itself")
