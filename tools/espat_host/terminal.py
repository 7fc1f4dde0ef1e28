"""A prompt for AT commands: miniterm for a person, line by line for a pipe."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

import serial
from serial.tools.miniterm import Miniterm

from espat_host.board import Board

ANSWER_LIMIT = 60.0


def converse(port: Path) -> None:
    """Talk to the port with whatever stdin is."""
    if sys.stdin.isatty():
        type_to(port)
    else:
        pipe_to(port, sys.stdin.buffer, sys.stdout.buffer)


def type_to(port: Path) -> None:
    """What a person types goes to the board, Enter as CR LF; the board does the echo."""
    # A pty in exclusive mode would shut out the simulated board's other users.
    with serial.serial_for_url(str(port), 115200, timeout=1) as device:
        terminal = Miniterm(device, echo=False, eol="crlf", filters=["default"])
        terminal.exit_character = "\x03"
        terminal.set_rx_encoding("UTF-8")
        terminal.set_tx_encoding("UTF-8")
        print("AT commands go to the board; try AT+GMR. Control-C ends.", flush=True)
        terminal.start()
        try:
            terminal.join(True)
        except KeyboardInterrupt:
            terminal.stop()
        terminal.join()


def pipe_to(port: Path, lines: Iterable[bytes], out: BinaryIO) -> None:
    """Send each line, print its answer, and so on to the end of the input."""
    with Board(port, timeout=ANSWER_LIMIT) as board:
        for line in lines:
            if command := line.rstrip(b"\r\n"):
                out.write(board.ask(command))
                out.flush()
