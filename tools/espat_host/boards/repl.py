"""A board's REPL, reached through mpremote's own library, with its failures as sentences."""

from __future__ import annotations

import ast
import contextlib
import io
import os
import struct
import time
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any

import serial
from mpremote.transport import TransportError
from mpremote.transport_serial import SerialTransport

from espat_host.boards import ports, sent_file
from espat_host.client.opening import BUSY, CannotOpen, refuse_held

# Longest silences in seconds, of a chip that takes what it is sent, and of one that works: it
# stands still while flash is erased, and LittleFS looks for free blocks in all of it.
SILENCE, WORK_LIMIT = 15.0, 30.0
# How long to look for a prompt, which comes seconds after a reset, and to wait for a port that
# another program has open.
INTERRUPT_LIMIT, NUDGE_EVERY = 10.0, 0.2
BUSY_LIMIT = 2.0


class ReplError(Exception):
    """The REPL cannot be used, or the board refuses; the message says what to try."""


class BoardRefused(ReplError):
    """Code has ended with an exception on the board, which still listens."""


class Repl:
    """The raw REPL of the board on `port`. Entering interrupts what runs there and frees its memory
    (a soft reset); it goes on running only after `restart`."""

    def __init__(self, port: str) -> None:
        self._port = port

    def __enter__(self) -> Repl:
        with contextlib.ExitStack() as opened:
            self._transport = self._open()
            opened.callback(self.close)
            with self.started_again_on_failure():
                self._enter()
                self.run(sent_file.HELPERS)
            opened.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the port; the board stays as it is."""
        # A port that was unplugged cannot be closed politely.
        with contextlib.suppress(OSError, serial.SerialException):
            self._transport.close()

    def run(self, code: str) -> str:
        """Run code on the board; returns what it prints. Raises BoardRefused, ReplError."""
        with self._told():
            self._transport.exec_raw_no_follow(code)
            output, error = self._follow()
        if error:
            raise BoardRefused(_last_line(error))
        return output

    def _follow(self) -> tuple[str, str]:
        """What the code prints, and its traceback."""
        try:
            output, error = self._transport.follow(WORK_LIMIT)
        except TransportError as late:
            raise TransportError(f"the board has not answered for {WORK_LIMIT:g} s") from late
        return output.decode(errors="replace"), error.decode(errors="replace")

    def values(self, code: str) -> list[Any]:
        """Run code that prints one literal a line; returns them."""
        return [ast.literal_eval(line) for line in self.run(code).splitlines() if line]

    def write_file(
        self, path: str, content: bytes, digest: str, advance: Callable[[int], None]
    ) -> None:
        """Write a file and read it back."""
        for code, size in sent_file.codes(path, content, digest):
            self.run(code)
            advance(size)

    def replace_file(
        self, path: str, content: bytes, digest: str, advance: Callable[[int], None]
    ) -> None:
        """Write a file beside the old one, read it back, rename it. A cut leaves the old one."""
        part = f"{path}.part"
        self.write_file(part, content, digest, advance)
        self.run(f"_replace({path!r}, {part!r})")

    def restart(self) -> None:
        """A hard reset; the board runs its main.py and no longer listens here."""
        with self._told():
            self._transport.exec_raw_no_follow("import machine\nmachine.reset()")

    @contextlib.contextmanager
    def started_again_on_failure(self) -> Iterator[None]:
        """A failure, or Control-C here, leaves the board as it was found: running."""
        done = False
        try:
            yield
            done = True
        finally:
            if not done:
                self._start_again()

    def _start_again(self) -> None:
        """Whatever the board was told half, it forgets with Control-C."""
        with contextlib.suppress(ReplError):
            with self._told(), contextlib.redirect_stdout(io.StringIO()):
                self._transport.serial.write(b"\r\x03\x03")
                self._transport.enter_raw_repl(soft_reset=False, timeout_overall=SILENCE)
            self.restart()

    def log(self, quiet: float, limit: float) -> str:
        """What the board writes until it is `quiet` for so many seconds, at most `limit`. A port
        that goes away meanwhile was the chip's own USB, which starts again too."""
        device = self._transport.serial
        device.timeout, text = 0.1, b""
        wait = _Quiet(quiet, limit)
        with contextlib.suppress(OSError, serial.SerialException):
            while not wait.over():
                data = device.read(max(1, device.in_waiting))
                text += data
                wait.heard(bool(data))
        return text.decode(errors="replace").replace("\r\n", "\n")

    def _open(self) -> SerialTransport:
        # A new port is busy for a moment: Linux's ModemManager looks at it, or its last user ends.
        deadline = time.monotonic() + BUSY_LIMIT
        while True:
            try:
                refuse_held(self._port)
                transport = SerialTransport(self._port, timeout=SILENCE)
                break
            except (CannotOpen, TransportError, OSError, ValueError) as error:
                refusal = ports.refusal(self._port)
                busy = refusal is not None and refusal.reason == BUSY
                if not busy or time.monotonic() > deadline:
                    raise ReplError(str(refusal or error)) from error
            time.sleep(0.05)
        transport.serial.write_timeout = 2 * SILENCE
        return transport

    def _enter(self) -> None:
        """Interrupt what runs, reset the interpreter and enter the raw REPL."""
        # mpremote prints what it did not expect.
        quiet = contextlib.redirect_stdout(io.StringIO())
        with contextlib.suppress(ReplError), quiet, self._told():
            if self._interrupt():
                self._transport.serial.timeout = SILENCE
                self._transport.enter_raw_repl(timeout_overall=SILENCE)
                return
        self.close()
        if not os.path.exists(self._port):
            raise ReplError(f"the port {self._port} has gone away")
        raise ReplError(_no_repl(self._port))

    def _interrupt(self) -> bool:
        """Whether there is a prompt now. Patient, because the opening of a port resets some boards,
        and because a board that crashes and restarts listens for a moment only."""
        device = self._transport.serial
        device.timeout, heard = NUDGE_EVERY, b""
        deadline = time.monotonic() + INTERRUPT_LIMIT
        while ports.PROMPT not in heard and time.monotonic() < deadline:
            device.write(b"\r\x03\x02")  # and out of the raw REPL, where somebody has left that
            heard = (heard + device.read(4096))[-4096:]
        return ports.PROMPT in heard

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        """Turn mpremote's failures into ours."""
        try:
            yield
        except (TransportError, OSError, struct.error, ValueError) as error:
            raise ReplError(f"the connection to {self._port} broke: {error}; try again") from error


class _Quiet:
    """Ends when nothing was heard for a while, and at a limit."""

    def __init__(self, quiet: float, limit: float) -> None:
        self._now, self._quiet = time.monotonic, quiet
        self._limit = self._now() + limit
        self.heard(True)

    def heard(self, something: bool) -> None:
        if something:
            self._end = self._now() + self._quiet

    def over(self) -> bool:
        return self._now() > min(self._end, self._limit)


def _no_repl(port: str) -> str:
    """What is there instead, by a look at it without mpremote."""
    found = ports.probe(port)
    advice = (
        "is it the port of the REPL (UART0, usually the USB one)? Does the board run MicroPython? "
        "If not, `espat flash` puts it there. Else take its power away for a moment and retry; a "
        "program that cannot be interrupted goes with `espat flash --erase`"
    )
    if found.answer == ports.AT:
        return (
            f"on {port} answers AT firmware ({found.detail}), not a REPL. If that is this "
            "firmware, its REPL is on the board's other port; if it is Espressif's ESP-AT, put "
            "MicroPython there first: `espat flash`"
        )
    if found.answer in (ports.NOTHING, ports.NOISE):
        said = f"it sends {found.detail}" if found.detail else "silence"
        return f"no REPL answers on {port} ({said}): {advice}"
    return f"the REPL on {port} does not answer as it should: {advice}"


def _last_line(traceback: str) -> str:
    return traceback.strip().splitlines()[-1] if traceback.strip() else "an unknown error"
