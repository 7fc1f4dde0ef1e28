"""Commands and their answers on a port: what a board and its tests share. board.py knows what the
commands mean; nothing here does."""

import re
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator

from espat_host.client.echo_off import echo_off
from espat_host.client.events import Event, frames_of, is_unsolicited
from espat_host.client.faults import UnexpectedBytes, UploadFault
from espat_host.client.port import PIECE, Port
from espat_host.client.replies import ProtocolError, Reply, ReplyReader, Sink
from espat_host.client.waits import Wait

PROMPT = b"\r\nOK\r\n\r\n>"
PROMPTED = b">"
Data = bytes | str | Iterable[bytes]


def quoted(text: str) -> bytes:
    """A string parameter, with the escapes that ESP-AT wants."""
    return b'"' + re.sub(rb'([\\",])', rb"\\\1", text.encode()) + b'"'


def name_of(line: bytes) -> str:
    """A command without its parameters, which may be secret."""
    return re.split(rb"[=?]", line, maxsplit=1)[0].decode("ascii", "backslashreplace")[:40]


class Exchange:
    """One command under way: iterate over the chunks of its body; afterwards there is `reply`.

    From the first chunk on the time limit is for silence, not for the whole answer."""

    def __init__(self, dialogue: "Dialogue", reader: ReplyReader, wait: Wait) -> None:
        self._dialogue = dialogue
        self._reader = reader
        self._wait = wait
        self._chunks = deque[bytes]()

    def __iter__(self) -> Iterator[bytes]:
        self._reader.sink = self._chunks.append
        while not self._reader.done:
            self._advance()
            while self._chunks:
                yield self._chunks.popleft()

    def finish(self) -> Reply:
        """The whole answer."""
        while not self._reader.done:
            self._advance()
        return self._reader.reply

    @property
    def awaits_prompt(self) -> bool:
        """Whether data comes after it."""
        return self._reader.prompts

    def restart_limit(self) -> None:
        """From now on there is as much time as there was."""
        self._wait.restart()

    @property
    def reply(self) -> Reply:
        """What has come of the answer."""
        return self._reader.reply

    @property
    def done(self) -> bool:
        """Whether the result code, or the prompt, has come."""
        return self._reader.done

    def finish_within(self, seconds: float) -> bool:
        """Let the rest of the body go nowhere; whether the end came in time."""
        self._reader.sink = lambda data: None
        wait = Wait("the end of an answer that nobody wants", 2 * seconds)
        deadline = time.monotonic() + seconds
        self._dialogue.feed(self._reader, wait)
        while not self._reader.done and time.monotonic() < deadline:
            self._dialogue.advance(self._reader, wait)
        return self._reader.done

    def _advance(self) -> None:
        self._dialogue.advance(self._reader, self._wait)


class Dialogue(Port):
    """One open AT port. `watch` is told every event, `watch_sent` every line that is sent."""

    watch: Callable[[Event], object] | None = None
    watch_sent: Callable[[bytes], object] | None = None
    _running: Exchange | None = None
    _unsent = 0  # bytes of data that the board still waits for

    def ask(self, line: bytes | str, timeout: float | None = None) -> bytes:
        """Send a command; return its answer byte for byte, up to and with the result code."""
        return self.request(line, timeout=timeout).raw

    def request(
        self,
        line: bytes | str,
        data: Data | None = None,
        *,
        timeout: float | None = None,
        sink: Sink | None = None,
    ) -> Reply:
        """Send a command and `data` after its prompt; return the answer in parts.

        With a `sink`, each chunk of the body goes there instead of into the reply. From the first
        chunk on the time limit is for silence, not for the whole answer. Data that is not bytes
        must come to as many as the line says. Raises NoAnswer, PortLost, UnexpectedBytes, and
        BoardInUse where commands take turns.
        """
        exchange = self.begin(line, data, timeout=timeout, sink=sink)
        return exchange.finish()

    def begin(
        self,
        line: bytes | str,
        data: Data | None = None,
        *,
        length: int | None = None,
        timeout: float | None = None,
        silence: float | None = None,
        sink: Sink | None = None,
    ) -> Exchange:
        """Send a command, and `data` (of `length` bytes) after its prompt; the answer is still to
        be read. A command that refuses the data has its answer already. `silence`: the time limit
        from the first chunk on, by default the same."""
        line = line.encode() if isinstance(line, str) else line
        data = data.encode() if isinstance(data, str) else data
        self._unsent = 0
        self.send_line(line)
        if data is not None:
            offer = ReplyReader(prompts=True, watch=self.noticed)
            exchange = self._exchange(offer, f"a prompt for {name_of(line)}", timeout)
            if exchange.finish().result != PROMPTED:
                return exchange
        reader = ReplyReader(frames=frames_of(line), sink=sink, watch=self.noticed)
        what = f"a result code for {name_of(line)}"
        exchange = self._exchange(reader, what, timeout, silence)
        if data is not None:
            self._send_data(data, length)
            exchange.restart_limit()
        return exchange

    def reply(self, timeout: float | None = None) -> Reply:
        """The next answer, to whatever was sent before."""
        reader = ReplyReader(watch=self.noticed)
        return self._exchange(reader, "a result code", timeout).finish()

    def expect_prompt(self, timeout: float | None = None) -> None:
        """The `>` of a command that takes data."""
        self.expect(PROMPT, timeout)

    def send_line(self, line: bytes | str) -> None:
        """Send a line and its CRLF."""
        line = line.encode() if isinstance(line, str) else line
        if self.watch_sent is not None:
            self.watch_sent(line)
        self.write(line + b"\r\n")

    def synchronise(self, timeout: float = 10.0) -> None:
        """Echo off and nothing left over, whatever an earlier command has left, but an upload:
        what the board misses is sent again."""
        echo_off(self, self.send_line, Wait("an answer to ATE0", timeout))
        self.confirm_step(timeout)

    def meet(self, timeout: float) -> None:
        """Echo off on a board of which nothing is known. Raises NoAnswer; it has been sent one line
        then, because it may be in the middle of an upload."""
        echo_off(self, self.send_line, Wait("an answer to ATE0", timeout), uploading=True)

    def confirm_step(self, timeout: float) -> None:
        """AT must be answered OK, with nothing else. Raises NoAnswer, UnexpectedBytes."""
        answer = self.request(b"AT", timeout=timeout)
        if not answer.ok or not all(is_unsolicited(line) for line in answer.lines):
            raise UnexpectedBytes(self.evidence(f"expected a bare OK for AT, got {answer.raw!r}"))

    def restart(self, command: bytes = b"AT+RST", timeout: float = 20.0) -> None:
        """Restart the board, or restore it, and wait until it is ready; echo is off afterwards."""
        self.ask(command, timeout)
        self.expect(b"\r\nready\r\n", timeout)
        self.synchronise()

    def advance(self, reader: ReplyReader, wait: Wait) -> None:
        """Read what comes next into the reply; Exchange calls it until the reply is done."""
        came = not self.holds_bytes() and self.receive(wait)
        self.feed(reader, wait)
        if came and reader.body_began:
            wait.renew()

    def feed(self, reader: ReplyReader, wait: Wait) -> None:
        """Give the reply what was received."""
        try:
            reader.feed(self.take_all())
        except ProtocolError as error:
            self._running = None
            fault = f"{error}, while waiting for {wait.what}"
            raise UnexpectedBytes(self.evidence(fault)) from error
        if reader.done:
            self._running = None
            self.put_back(bytes(reader.rest))
            reader.rest.clear()

    def noticed(self, event: Event) -> None:
        """Is told every event of an answer."""
        if self.watch is not None:
            self.watch(event)

    def _exchange(
        self,
        reader: ReplyReader,
        what: str,
        timeout: float | None,
        silence: float | None = None,
    ) -> Exchange:
        exchange = Exchange(self, reader, Wait(what, timeout or self.timeout, silence))
        self._running = exchange
        return exchange

    def _send_data(self, data: bytes | Iterable[bytes], length: int | None) -> None:
        pieces = (data,) if isinstance(data, bytes) else data
        if length is None:
            for piece in pieces:
                self.write(piece)
            return
        self._unsent = length
        if self.watch_sent is not None:
            self.watch_sent(b"(%d bytes)" % length)
        for piece in pieces:
            self._send_counted(piece)
        if self._unsent:
            raise UploadFault(f"the data ended {self._unsent} bytes before its announced length")

    def _send_counted(self, piece: bytes) -> None:
        if len(piece) > self._unsent:
            piece = piece[: self._unsent]
            self._send_counted(piece)
            raise UploadFault("there is more data than was announced")
        for start in range(0, len(piece), PIECE):
            part = piece[start : start + PIECE]
            self.check_cancelled()
            self.write(part)
            self._unsent -= len(part)
            self.poll()
