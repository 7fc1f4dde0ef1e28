"""A serial port as a stream of bytes to wait for, simulated or real.

Nothing here sleeps for a fixed time: every wait ends with the bytes it waits for or with an error
that says what was expected, what came instead, after how long, and where the board's log is.
"""

import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TypedDict, TypeVar

import serial

from espat_host.client.faults import BoardClosed, Cancelled, NoAnswer, PortLost, UnexpectedBytes
from espat_host.client.opening import open_serial, reopen
from espat_host.client.secrets import masked
from espat_host.client.waits import Wait

# A read returns at once when bytes are there; this only bounds how late a time limit is noticed.
POLL = 0.05
WRITE_LIMIT = 30.0
EVIDENCE = 200
# One write: what a slow line takes in a moment, so that answers are read and cancel() is seen.
PIECE = 4096

PortType = TypeVar("PortType", bound="Port")


class PortOptions(TypedDict, total=False):
    """What Port takes by name, for those that stand on it."""

    baudrate: int
    rtscts: bool
    timeout: float
    log: Path | None
    exclusive: bool


class Port:
    """One open port. `timeout` is the default limit in seconds for each wait; `closed`: whether
    close() was called."""

    closed = False

    def __init__(
        self,
        port: str | Path,
        *,
        baudrate: int = 115200,
        rtscts: bool = False,
        timeout: float = 10.0,
        log: Path | None = None,
        exclusive: bool = True,
    ) -> None:
        """`exclusive`: refuse a port that another program has open. Raises PortLost."""
        self.timeout = timeout
        self.log = log
        self.received = deque[bytes](maxlen=64)
        self._buffer = bytearray()
        self._cancelled = False
        self._serial = open_serial(
            str(port),
            baudrate,
            exclusive=exclusive,
            timeout=POLL,
            write_timeout=WRITE_LIMIT,
            rtscts=rtscts,
        )

    def fileno(self) -> int:
        """What select() and event loops wait on."""
        self._check_open()
        return int(self._serial.fileno())

    @property
    def device(self) -> serial.Serial:
        """The port as pySerial has it: its rate, its control lines."""
        return self._serial

    def reopen(self) -> None:
        """Open it again after it has gone, as it was. Raises PortLost."""
        self._buffer.clear()
        reopen(self._serial)

    def stop_writing(self) -> None:
        """Let a write() that is under way in another thread return."""
        self._serial.cancel_write()

    def close(self) -> None:
        """Close the port. What another thread waits for there ends with BoardClosed."""
        self.closed = True
        self._serial.close()

    def __enter__(self: PortType) -> PortType:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def cancel(self) -> None:
        """Let what waits or writes, or the next that does, raise Cancelled within a moment. For
        signal handlers and other threads."""
        self._cancelled = True

    def write(self, data: bytes) -> None:
        """Send bytes as they are. What the board says meanwhile is read, so that none is lost."""
        self._write_piece(data[:PIECE])
        for start in range(PIECE, len(data), PIECE):
            self.poll()
            self.check_cancelled()
            self._write_piece(data[start : start + PIECE])

    def forget_cancel(self) -> None:
        """Undo a cancel() that nothing has noticed yet."""
        self._cancelled = False

    def check_cancelled(self) -> None:
        """Raise Cancelled, once, after cancel()."""
        if self._cancelled:
            self._cancelled = False
            raise Cancelled("given up on request")

    def _write_piece(self, data: bytes) -> None:
        with self._named(f"{len(data)} bytes could not be sent"):
            self._serial.write(data)

    @contextmanager
    def _named(self, fault: str) -> Iterator[None]:
        """Around what pySerial does: its faults, as ours."""
        self._check_open()
        try:
            yield
        except (OSError, serial.SerialException, TypeError) as error:
            self._check_open()  # another thread may have closed it, and pySerial stumbles then
            if isinstance(error, TypeError):
                raise
            raise PortLost(self.evidence(f"{fault}: {error}")) from error

    def _check_open(self) -> None:
        if self.closed:
            raise BoardClosed("the board is closed; open it again with Board.open(port)")

    def expect(self, expected: bytes | str, timeout: float | None = None) -> None:
        """The next bytes must be exactly these."""
        expected = expected.encode() if isinstance(expected, str) else expected
        wait = Wait(repr(expected[:EVIDENCE]), timeout or self.timeout)
        while len(self._buffer) < len(expected) and expected.startswith(self._buffer):
            self.receive(wait)
        if not self._buffer.startswith(expected):
            raise UnexpectedBytes(self.evidence(f"expected {wait.what} but other bytes came"))
        del self._buffer[: len(expected)]

    def read(self, size: int, timeout: float | None = None) -> bytes:
        """Exactly `size` bytes."""
        data = self.peek(size, timeout)
        del self._buffer[:size]
        return data

    def peek(self, size: int, timeout: float | None = None) -> bytes:
        """The next `size` bytes, which stay to be read."""
        wait = Wait(f"{size} bytes", timeout or self.timeout)
        while len(self._buffer) < size:
            self.receive(wait)
        return bytes(self._buffer[:size])

    def read_until(self, end: bytes, timeout: float | None = None) -> bytes:
        """Everything up to and with `end`."""
        wait = Wait(f"{end!r}", timeout or self.timeout)
        while (found := self._buffer.find(end)) < 0:
            self.receive(wait)
        return self.read(found + len(end))

    def read_line(self, timeout: float | None = None) -> bytes:
        """One line, without its CRLF."""
        return self.read_until(b"\r\n", timeout)[:-2]

    def waiting(self) -> bytes:
        """What has come and was not read yet, without waiting."""
        self.poll()
        return bytes(self._buffer)

    def expect_silence(self, seconds: float = 0.1) -> None:
        """Nothing may be left to read, and nothing may come for so long."""
        deadline = time.monotonic() + seconds
        while not self._buffer and time.monotonic() < deadline:
            self._buffer += self._record(self._read_port(1))
        if self._buffer:
            raise UnexpectedBytes(self.evidence(f"expected silence, got {self.waiting()[:80]!r}"))

    def discard(self) -> bytes:
        """Forget what was not read; returns it."""
        self.poll()
        return self.take_all()

    @property
    def last_bytes(self) -> bytes:
        """The last bytes that came, read or not."""
        return b"".join(self.received)[-EVIDENCE:]

    def take_all(self) -> bytes:
        """Everything in the buffer."""
        data = bytes(self._buffer)
        self._buffer.clear()
        return data

    def put_back(self, data: bytes) -> None:
        """What was taken too much, to be read again."""
        self._buffer[:0] = data

    def holds_bytes(self) -> bool:
        """Whether something was received that nobody has read."""
        return bool(self._buffer)

    def poll(self) -> None:
        """Take what has come into the buffer, without waiting."""
        while data := self._record(self._read_port(0)):
            self._buffer += data

    def receive(self, wait: Wait) -> bool:
        """Take what comes next into the buffer; whether anything came. Raises at the limit."""
        self.check_cancelled()
        # Before the look at the port: what came while this process stood still has come in time.
        over = wait.over()
        data = self._record(self._read_port(1))
        self._buffer += data
        if not data and over:
            raise self.no_answer(wait)
        return bool(data)

    def no_answer(self, wait: Wait) -> NoAnswer:
        """What to raise when it is over."""
        return NoAnswer(self.evidence(f"waited {wait.seconds:g} s for {wait.what}"))

    def _read_port(self, at_least: int) -> bytes:
        with self._named("the port is gone"):
            return self._serial.read(max(at_least, self._serial.in_waiting))

    def _record(self, data: bytes) -> bytes:
        if data:
            self.received.append(data[-EVIDENCE:])
        return data

    def evidence(self, fault: str) -> str:
        """The fault with what is known about it."""
        log = f"\nboard log: {self.log}" if self.log else ""
        return f"{masked(fault)}\nlast bytes: {masked(repr(self.last_bytes))}{log}"
