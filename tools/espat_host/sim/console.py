"""UART0 of a simulated board with a REPL: a pty for the host, and the program's standard streams.

What the chip's driver does is done here: Control-C interrupts a running program and is a byte like
others at the prompt; what the program writes goes out whether somebody listens or not. The bytes
also go into the board's log.
"""

from __future__ import annotations

import contextlib
import os
import re
import select
import threading
import time
from pathlib import Path

from espat_host.sim.process import Port, Process, Streams

INTERRUPT = b"\x03"
CHUNK = 4096
# A host that reads slowly is waited for; one that does not read at all is not.
LISTENER_LIMIT = 1.0

# What Process wants before `streams`.
Details = tuple[list[str], dict[str, str], Path, Path, bytes, int]


class Console:
    """The pty and a thread that moves the bytes of the running board."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._port = Port()
        self._heard = True

    @property
    def port(self) -> str:
        """The pty to open."""
        return self._port.name

    def connect(self, streams: Streams, process: Process) -> None:
        """The board runs: its program has the other ends of `streams`."""
        self._streams, self._process, self._running = streams, process, False
        self._leaving, self._leave = os.pipe()
        self._thread = threading.Thread(target=self._attend, name="REPL", daemon=True)
        self._thread.start()

    def disconnect(self) -> None:
        """The board is off; what it has written still goes out."""
        os.write(self._leave, b"x")
        self._thread.join()
        self._streams.close()
        os.close(self._leave)
        os.close(self._leaving)

    def close(self) -> None:
        self._port.close()

    def _attend(self) -> None:
        from_host, from_board = self._port.master, self._streams.output
        waited = [from_host, from_board, self._leaving]
        while True:
            readable, _, _ = select.select(waited, [], [])
            if from_board in readable:
                data = os.read(from_board, CHUNK)
                if not data:  # the board has ended, and nothing it wrote is left
                    waited.remove(from_board)
                self._send(data)
            elif self._leaving in readable:
                return
            elif from_host in readable:
                self._receive(os.read(from_host, CHUNK))

    def _receive(self, data: bytes) -> None:
        for part in filter(None, re.split(b"(%s)" % INTERRUPT, data)):
            if part == INTERRUPT and self._interrupt():
                continue
            # Nobody reads, and the driver's buffer runs over; or the board is just ending.
            with contextlib.suppress(BlockingIOError, BrokenPipeError):
                os.write(self._streams.keys, part)

    def _interrupt(self) -> bool:
        """Interrupt the program, if one runs."""
        self._process.await_sleep()
        with contextlib.suppress(BlockingIOError):
            self._running = os.read(self._streams.state, CHUNK).endswith(b"1")
        if self._running:
            self._process.interrupt()
        return self._running

    def _send(self, data: bytes) -> None:
        if not data:
            return
        with self._log.open("ab") as log:
            log.write(data)
        data = data.replace(b"\n", b"\r\n")
        while data:
            limit = LISTENER_LIMIT if self._heard else 0
            _, writable, _ = select.select([], [self._port.master], [], limit)
            self._heard = bool(writable)
            if not writable:
                return
            try:
                data = data[os.write(self._port.master, data) :]
            except BlockingIOError:
                time.sleep(0.001)


class BareProcess(Process):
    """One run of a board whose standard streams are its console."""

    def __init__(self, console: Console, details: Details) -> None:
        self._console = console
        streams = Streams()
        super().__init__(*details, streams)
        console.connect(streams, self)

    def end(self) -> int:
        status = super().end()
        self._console.disconnect()
        return status
