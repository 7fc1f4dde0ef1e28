"""A dialogue in which commands succeed or raise, and after which the port is in step.

This is the floor that all of the board's own methods stand on."""

import re
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from espat_host.client.dialogue import PROMPTED, Data, Exchange
from espat_host.client.faults import BoardRestarted, Deserted, NoAnswer, PortLost, UnexpectedBytes
from espat_host.client.hearing import Hearing
from espat_host.client.http.abort import abort, settle
from espat_host.client.outcomes import BUSY, outcome
from espat_host.client.replies import Reply, ReplyReader, Sink
from espat_host.client.turn import alone
from espat_host.client.waits import Wait

BUSY_PAUSE = 0.1
NO_FILTER = b"AT+SYSMSGFILTER=0"
# This firmware gives a host 60 s for its data (services/host_data.py), ESP-AT any time.
UPLOAD_SILENCE = 75.0

SessionType = TypeVar("SessionType", bound="Session")


class Session(Hearing):
    """A port with a board that was started: echo off, codes for errors on.

    `patience`: for how many seconds the rest of an unwanted body is read before the board is
    restarted."""

    def __init__(
        self,
        port: str | Path,
        *,
        baudrate: int = 115200,
        rtscts: bool = False,
        timeout: float = 10.0,
        log: Path | None = None,
        exclusive: bool = True,
        on_unsolicited: Callable[[str], object] | None = None,
        patience: float = 5.0,
    ) -> None:
        """Open the port, without a byte on it. `timeout` in seconds, for each answer; `log`: a file
        to name where something goes wrong; `exclusive`: refuse a port that another program has
        open. Raises PortLost."""
        super().__init__(
            port,
            baudrate=baudrate,
            rtscts=rtscts,
            timeout=timeout,
            log=log,
            exclusive=exclusive,
            on_unsolicited=on_unsolicited,
        )
        self.patience = patience
        self._undo_at_start: list[bytes] = []
        self._extended: bool | None = None  # AT+HTTPREPORT and its like (wire.md 15), once asked
        self._launched = b""

    @classmethod
    def open(
        cls: type[SessionType],
        port: str | Path,
        *,
        baudrate: int = 115200,
        rtscts: bool = False,
        timeout: float = 10.0,
        log: Path | None = None,
        exclusive: bool = True,
        on_unsolicited: Callable[[str], object] | None = None,
        patience: float = 5.0,
    ) -> SessionType:
        """Open the port and start(). Raises PortLost, or NoAnswer if no board answers."""
        session = cls(
            port,
            baudrate=baudrate,
            rtscts=rtscts,
            timeout=timeout,
            log=log,
            exclusive=exclusive,
            on_unsolicited=on_unsolicited,
            patience=patience,
        )
        started = False
        try:
            session.start()
            started = True
        finally:
            if not started:
                session.close()
        return session

    @alone
    def start(self, timeout: float = 10.0) -> None:
        """Echo off, nothing left over, no message filter, and codes for errors where the board has
        AT+SYSLOG. Raises NoAnswer after `timeout` seconds without an answer.

        A board that somebody has left in the middle of an upload is silent, and gets nothing that
        it would take for its data but the first line: this firmware gives up after a minute, so 75
        seconds bring it back. Original ESP-AT waits for ever; reset it."""
        self._checked = False
        self.meet(timeout)
        try:
            self.confirm_step(timeout / 2)
        except NoAnswer:
            self.send_line(b"\r\n" + NO_FILTER)  # one that hides every OK but that of ATE0
            with suppress(NoAnswer):  # or it is not taken for the answer to what follows
                self.read_until(b"OK\r\n", timeout=1)
            self.synchronise(timeout / 2)
        self._out_of_step = False
        for line in (NO_FILTER, b"AT+SYSLOG=1", *self._undo_at_start):
            self.request(line, timeout=timeout)
        self._undo_at_start.clear()
        self._extended = None

    def command(
        self,
        line: bytes | str,
        data: Data | None = None,
        *,
        length: int | None = None,
        timeout: float | None = None,
        silence: float | None = None,
        sink: Sink | None = None,
    ) -> Reply:
        """request(), but a failure raises AtCommandError, and the reply's lines are without echo
        and what came unasked. While the board is busy with something else the command is sent
        again until `timeout`; after that BoardBusy is raised."""
        line = line.encode() if isinstance(line, str) else line
        wait = Wait("a board that is not busy", timeout or self.timeout)
        with self.kept_in_step():
            while True:
                exchange = self.launch(
                    line, data, length=length, timeout=timeout, silence=silence, sink=sink
                )
                reply = exchange.finish()
                if reply.result != BUSY or wait.over():
                    return self.outcome(line, reply)
                time.sleep(BUSY_PAUSE)

    @contextmanager
    def kept_in_step(self, undo: Iterable[bytes] = ()) -> Iterator[None]:
        """Around a command: whatever ends it, the next one finds the port in step. `undo`: commands
        that are sent afterwards, or, if there is no answer now, before the next one."""
        with self.turn.taken():
            try:
                yield
            except (NoAnswer, PortLost, UnexpectedBytes, BoardRestarted, Deserted):
                # What the board does now is not known; the next command begins with start().
                self._running, self._out_of_step = None, True
                raise
            except BaseException:  # KeyboardInterrupt, GeneratorExit of a loop that was left, too
                self.abandon()
                raise
            finally:
                if self._out_of_step:
                    self._undo_at_start += undo
                elif undo:
                    with self.undisturbed():
                        for line in undo:
                            self.command(line)

    def launch(
        self,
        line: bytes,
        data: Data | None = None,
        *,
        length: int | None = None,
        timeout: float | None = None,
        silence: float | None = None,
        sink: Sink | None = None,
    ) -> Exchange:
        """begin() on a board that is in step. Give the reply to outcome() when it is there."""
        if self._out_of_step:
            self.start()
        self.listen()
        self._checked = True
        self._launched = line
        return self.begin(line, data, length=length, timeout=timeout, silence=silence, sink=sink)

    def outcome(self, line: bytes, reply: Reply) -> Reply:
        """The reply of a command that has succeeded; raises if it has not."""
        self._checked = False
        return outcome(line, reply)

    def abandon(self) -> bool:
        """Bring the port in step again after a command was left in the middle, by an exception or
        by choice. A board that has AT+HTTPABORT ends a request at once. On all others the rest of a
        body is read and dropped for `patience` seconds; a board that sends for longer is
        restarted, which it does while it works (True is returned).

        A board that still waits for data of an upload cannot be told to stop: this firmware gives
        up after a minute of silence, which is waited for; original ESP-AT does not, and after 75
        seconds NoAnswer is raised."""
        self.turn.stream_is_left()
        with self.turn.taken():
            return self._leave()

    def _leave(self) -> bool:
        exchange, self._running, self._checked = self._running, None, False
        self.forget_cancel()
        if exchange is None:
            return False
        self._out_of_step = True  # until the end is known
        if self.closed:
            return False
        owes_data = self._unsent > 0
        may = self._extended and not owes_data
        aborted = may and abort(self, self._launched, exchange)
        in_time = exchange.finish_within(UPLOAD_SILENCE if owes_data else self.patience)
        if in_time and exchange.reply.result == PROMPTED:
            owes_data, in_time = True, self._outlast_prompt()
        if owes_data and not in_time:
            fault = "the board still waits for data; reset it by hand"
            raise NoAnswer(self.evidence(fault))
        if not in_time:
            self._force_restart()
        elif aborted:
            settle(self)
        self._out_of_step = False
        return not in_time

    @property
    def in_step(self) -> bool:
        """Whether the board is known to wait for a command."""
        return not self._out_of_step

    @property
    def idle(self) -> bool:
        """Whether no command is under way."""
        return self._running is None

    def _outlast_prompt(self) -> bool:
        wait = Wait("the end of an upload", UPLOAD_SILENCE)
        return Exchange(self, ReplyReader(watch=self.noticed), wait).finish_within(UPLOAD_SILENCE)

    def _force_restart(self) -> None:
        """AT+RST is the one command that a busy board obeys (wire.md 1.3)."""
        self.send_line(b"AT+RST")
        self.read_until(b"\r\nready\r\n", timeout=20.0)
        self.start()

    def _must_match(self, pattern: bytes, line: bytes | str, reply: Reply) -> re.Match[bytes]:
        """The first line of a reply that looks like this. Raises UnexpectedBytes."""
        found = next(filter(None, (re.fullmatch(pattern, text) for text in reply.lines)), None)
        if found is None:
            raise UnexpectedBytes(self.evidence(f"{line!r} was answered {reply.raw!r}"))
        return found
