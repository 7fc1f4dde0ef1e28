"""A client for a board that speaks AT on a serial port, simulated or real."""

import re
import time

from espat_host.port import BoardError, NoAnswer, Port, PortLost, UnexpectedBytes, Wait
from espat_host.replies import ProtocolError, Reply, ReplyReader, Sink, body_comes_in_chunks

__all__ = ["Board", "BoardError", "NoAnswer", "PortLost", "UnexpectedBytes"]

PROMPT = b"\r\nOK\r\n\r\n>"


def quoted(text: str) -> bytes:
    """A string parameter, with the escapes that ESP-AT wants."""
    return b'"' + re.sub(rb'([\\",])', rb"\\\1", text.encode()) + b'"'


class Board(Port):
    """One open AT port, with commands and their answers."""

    def ask(self, line: bytes | str, timeout: float | None = None) -> bytes:
        """Send a command; return its answer byte for byte, up to and with the result code."""
        return self.request(line, timeout=timeout).raw

    def request(
        self,
        line: bytes | str,
        data: bytes | None = None,
        *,
        timeout: float | None = None,
        sink: Sink | None = None,
    ) -> Reply:
        """Send a command and `data` after its prompt; return the answer in parts.

        With a `sink`, each chunk of the body goes there instead of into the reply. From the first
        chunk on the time limit is for silence, not for the whole answer.
        """
        line = line.encode() if isinstance(line, str) else line
        self.send_line(line)
        if data is not None:
            refusal = self._offer(line, data, timeout)
            if refusal is not None:
                return refusal
        reader = ReplyReader(chunks=body_comes_in_chunks(line), sink=sink)
        return self._read_reply(reader, f"a result code for {line[:80]!r}", timeout)

    def _offer(self, line: bytes, data: bytes, timeout: float | None) -> Reply | None:
        """Send the data once the prompt is there; the answer, if there is none."""
        reply = self._read_reply(ReplyReader(), f"a prompt for {line[:80]!r}", timeout)
        if reply.result != b"OK":
            return reply
        self.expect(PROMPT[6:], timeout)
        self.write(data)
        return None

    def expect_prompt(self, timeout: float | None = None) -> None:
        """The `>` of a command that takes data."""
        self.expect(PROMPT, timeout)

    def reply(self, timeout: float | None = None) -> Reply:
        """The next answer, to whatever was sent before."""
        return self._read_reply(ReplyReader(), "a result code", timeout)

    def _read_reply(self, reader: ReplyReader, what: str, timeout: float | None) -> Reply:
        wait = Wait(what, timeout or self.timeout)
        try:
            reader.feed(self.take_all())
            while not reader.done:
                came = self.receive(wait)
                reader.feed(self.take_all())
                if came and reader.reply.sizes:
                    wait.renew()
        except ProtocolError as error:
            raise UnexpectedBytes(self.evidence(f"{error}, while waiting for {what}")) from error
        self._buffer += reader.rest
        return reader.reply

    def send_line(self, line: bytes | str) -> None:
        """Send a line and its CRLF."""
        self.write((line.encode() if isinstance(line, str) else line) + b"\r\n")

    def synchronise(self, timeout: float = 10.0) -> None:
        """Echo off and nothing left over, whatever an earlier user of the port left unfinished."""
        wait = Wait("an answer to ATE0", timeout)
        while not self._echo_off(wait):
            pass
        answer = self.ask(b"AT", timeout)
        if answer != b"\r\nOK\r\n":
            raise UnexpectedBytes(self.evidence(f"expected a bare OK for AT, got {answer!r}"))

    def restart(self, command: bytes = b"AT+RST", timeout: float = 20.0) -> None:
        """Restart the board, or restore it, and wait until it is ready; echo is off afterwards."""
        self.ask(command, timeout)
        self.expect(b"\r\nready\r\n", timeout)
        self.synchronise()

    def join(self, ssid: str, password: str, timeout: float = 30.0) -> None:
        """Join a network as a station."""
        self._must_succeed(b"AT+CWMODE=1", timeout)
        self._must_succeed(b"AT+CWJAP=%s,%s" % (quoted(ssid), quoted(password)), timeout)

    def free_memory(self) -> int:
        """Bytes of free heap on the board, after a garbage collection."""
        answer = self.ask(b"AT+SYSRAM?")
        found = re.match(rb"\+SYSRAM:(\d+),", answer)
        if found is None:
            raise UnexpectedBytes(self.evidence(f"AT+SYSRAM? was answered {answer!r}"))
        return int(found[1])

    def _must_succeed(self, line: bytes, timeout: float) -> None:
        if not (reply := self.request(line, timeout=timeout)).ok:
            raise UnexpectedBytes(self.evidence(f"{line[:20]!r} was answered {reply.raw!r}"))

    def _echo_off(self, wait: Wait) -> bool:
        """One try; a board that is still busy drops the line, so it is sent again."""
        self.send_line(b"\r\nATE0")
        patience = time.monotonic() + 1.0
        while not self.waiting().endswith(b"\r\nOK\r\n"):
            self.receive(wait)
            if time.monotonic() > patience:
                return False
        self.discard()
        return True
