"""A simulated board as it comes from flashing MicroPython: a REPL, and nothing on its flash.

What is deployed onto it runs from that flash, with the AT port on a second pty.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from espat_host.build import cache
from espat_host.build.bytecode import compiled
from espat_host.build.checkout import BOARDS
from espat_host.sim.board import START_LIMIT, SimBoard, SimOptions
from espat_host.sim.console import BareProcess, Console
from espat_host.sim.process import Process, SimError

if TYPE_CHECKING:
    from typing_extensions import Unpack


# Where the PC's files are for the board, whose root is its flash (boards/sim/simbare.py).
PC = "/pc"


class BareBoard(SimBoard):
    """`repl_link`: a symlink to the port of the REPL; the other options are SimBoard's."""

    def __init__(self, *, repl_link: Path | None = None, **options: Unpack[SimOptions]) -> None:
        super().__init__(**options)
        self._repl_link = repl_link

    @property
    def repl(self) -> str:
        """The path of the REPL's port: the link when one was asked for."""
        return str(self._repl_link or self._console.port)

    def start(self, timeout: float = START_LIMIT) -> None:
        """Boot; returns when the board is at its prompt, or its firmware has said something."""
        if self._repl_link is None:
            super().start(timeout)
            return
        if self._repl_link == self._link_path:
            raise SimError(f"{self._repl_link} cannot be both the REPL's port and the AT port")
        link = self._linked(self._repl_link)
        super().start(timeout)
        link.put(self._console.port)

    def _start_command(self, scratch: Path) -> list[str]:
        self._console = Console(self._log)
        self._undo.callback(self._console.close)
        start = shutil.copy(BOARDS / "sim" / "simbare.py", scratch)
        return [str(start), PC + str(compiled(BOARDS / "sim", cache.place()))]

    def _boot(self, cause: int, world: bytes) -> Process:
        self._starts += 1
        self._log_start = self._log.stat().st_size
        environment = os.environ | self._settings(cause, PC + str(self._state))
        details = (self._command, environment, self._state, self._log, world, self._uart.master)
        return BareProcess(self._console, details)
