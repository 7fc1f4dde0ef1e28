"""The simulated board: the firmware in MicroPython's unix port, behind a pseudo-terminal.

The launcher is the board's power supply and its world. It owns the pty, so that the port stays
when the board restarts; it boots the board again when the firmware resets it, and reports every
other end as a crash. What it shares with the board is described in boards/sim/simboard.py.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TypedDict

from espat_host.build import cache, firmware
from espat_host.build.bytecode import CompileError, compiled
from espat_host.build.checkout import BOARDS, FIRMWARE
from espat_host.sim import measures
from espat_host.sim.claims import Link, claim, keep_private
from espat_host.sim.lifetime import Running
from espat_host.sim.measures import Measures
from espat_host.sim.power import Power, WorldSource
from espat_host.sim.process import (
    PRIVATE,
    Port,
    Process,
    SimError,
    micropython,
    parse_heap,
)

MAIN = FIRMWARE / "main.py"
LOG_TAIL = 20
START_LIMIT = 60.0  # a start takes a fraction of a second, on a PC that has nothing else to do


World = dict[str, Any]


class SimOptions(TypedDict, total=False):
    """What SimBoard takes, for those who pass it on."""

    link: Path | None
    baud_pacing: bool
    state: Path | None
    world: Path | World | None
    heap: int | str
    board: str
    log: Path | None
    micropython: str | None
    program: Path | None


class SimBoard(Running):
    """One simulated board. As a context manager it is started and stopped."""

    def __init__(
        self,
        *,
        link: Path | None = None,
        baud_pacing: bool = False,
        state: Path | None = None,
        world: Path | World | None = None,
        heap: int | str = "default",
        board: str = "sim",
        log: Path | None = None,
        micropython: str | None = None,
        program: Path | None = None,
    ) -> None:
        """`program` runs instead of firmware/main.py; `log` defaults to a file in the state."""
        self._link_path, self._wanted_state, self._wanted_log = link, state, log
        self._paced, self._world = baud_pacing, world
        self._micropython, self._heap = micropython, heap
        self._board = BOARDS / board
        self._program = program or MAIN
        self._undo = ExitStack()
        self._starts = 0

    def start(self, timeout: float = START_LIMIT) -> None:
        """Boot; returns when the board has written its first bytes to the port."""
        booted = False
        try:
            if self._link_path:
                self._link = self._linked(self._link_path)
            self._build()
            self._await_ready(timeout)
            if self._link_path:
                self._link.put(self._uart.name)
            booted = True
        except OSError as error:
            sentence = f"the simulated board cannot be started: {error}"
            raise SimError(f"{sentence}; TMPDIR names the folder for its files") from error
        finally:
            if not booted:
                self.stop()

    def stop(self) -> None:
        """Power off for good; removes the link and a temporary state."""
        self._undo.close()

    def wait(self) -> None:
        """Return when the board was stopped; raise SimError when it has crashed."""
        self._power.done.wait()
        self._raise_crash()

    def reset(self, timeout: float = START_LIMIT) -> None:
        """Cut the power and boot again on the same port; the state is kept."""
        self._power.cut()
        self._await_ready(timeout)

    def interrupt(self) -> None:
        """Control-C at the board's console: the firmware ends, and with it the simulated board,
        where a real one goes on in its REPL."""
        self._power.interrupt()

    def stand_still(self, still: bool) -> None:
        """Stop the board, which costs no time of a processor then, or let it go on: to it, time has
        passed."""
        self._power.stand_still(still)

    def set_world(self, world: World) -> None:
        """Change the world; the board sees it at its next look at the network."""
        self._power.set_world(world)

    @property
    def measures(self) -> Measures:
        """The two heaps and the flash since the last start, as the board has last written them."""
        found = measures.read(self._state)
        if found is None:
            raise SimError("the board has measured nothing yet")
        return found

    def measure_anew(self) -> None:
        """What was most and least begins anew once the board waits after its next command."""
        measures.ask_anew(self._state)

    @property
    def measures_anew(self) -> bool:
        """Whether it has begun."""
        return measures.is_anew(self._state)

    @property
    def starts(self) -> int:
        """How often the board has started."""
        return self._starts

    @property
    def port(self) -> str:
        """The path to open: the link when one was asked for."""
        return str(self._link_path or self._uart.name)

    @property
    def log_path(self) -> Path:
        """Where the chip's UART0, its REPL and log, goes."""
        return self._log

    def _linked(self, path: Path) -> Link:
        link = Link(path)
        self._undo.callback(link.remove)
        return link

    def _build(self) -> None:
        """Put everything together, each part with its undoing, and switch on."""
        command = [*micropython(self._micropython), "-X", f"heapsize={parse_heap(self._heap)}"]
        world = WorldSource(self._world)
        self._check_paths()
        scratch = Path(tempfile.mkdtemp(prefix="espat-sim-"))
        self._undo.callback(shutil.rmtree, scratch, ignore_errors=True)
        self._state = (self._wanted_state or scratch / "state").resolve()
        self._state.mkdir(mode=0o700, parents=True, exist_ok=True)
        keep_private(self._state)
        self._undo.callback(os.close, claim(self._state))
        self._log = (self._wanted_log or self._state / "board.log").resolve()
        self._log.touch(mode=PRIVATE)
        self._command = [*command, *self._start_command(scratch)]
        self._uart = Port()
        self._undo.callback(self._uart.close)
        self._power = Power(self._boot, world, self._note)
        self._undo.callback(self._power.off)

    def _check_paths(self) -> None:
        if not self._board.is_dir():
            names = ", ".join(sorted(path.parent.name for path in BOARDS.glob("*/board.py")))
            raise SimError(f"there is no board {self._board.name!r}; there are: {names}")
        if not self._program.is_file():
            raise SimError(f"{self._program} is missing")

    def _start_command(self, scratch: Path) -> list[str]:
        """What the interpreter runs, and its arguments."""
        start = self._generate(scratch)
        try:
            modules = firmware.bytecode() if self._program == MAIN else firmware.modules()
            folders = compiled(BOARDS / "sim", cache.place()), modules
        except CompileError as error:
            raise SimError(str(error)) from error
        self._path = f"{start.parent}:.frozen"
        return [str(start), self._program.stem, *map(str, folders)]

    def _generate(self, scratch: Path) -> Path:
        """The folder in front of the firmware; returns what the board starts with.

        MicroPython looks for modules beside the program before it looks anywhere else, so a copy
        of the program lies here: what the board brings then goes before what the firmware has."""
        folder = scratch / "generated"
        folder.mkdir()
        shutil.copy(self._board / "board.py", folder)
        shutil.copy(self._program, folder)
        return Path(shutil.copy(BOARDS / "sim" / "simstart.py", folder))

    def _boot(self, cause: int, world: bytes) -> Process:
        self._starts += 1
        self._log_start = self._log.stat().st_size
        path = {"MICROPYPATH": self._path}
        environment = os.environ | path | self._settings(cause, str(self._state))
        return Process(self._command, environment, self._state, self._log, world, self._uart.master)

    def _settings(self, cause: int, state: str) -> dict[str, str]:
        """See boards/sim/simboard.py."""
        return {
            "ESPAT_SIM_STATE": state,
            "ESPAT_SIM_PACED": str(int(self._paced)),
            "ESPAT_SIM_MEMORY": "chip" if self._heap == "default" else "",
            "ESPAT_SIM_CAUSE": str(cause),
        }

    def _await_ready(self, timeout: float) -> None:
        if not self._power.settled.wait(timeout):
            silence = f"the board has written nothing to its port for {timeout:g} s"
            raise SimError(f"{silence}; {self._tail()}")
        self._raise_crash()

    def _raise_crash(self) -> None:
        if self._power.crash:
            raise SimError(f"{self._power.crash}; {self._tail()}")

    def _tail(self) -> str:
        """The end of what this boot has logged."""
        with self._log.open("rb") as log:
            log.seek(self._log_start)
            lines = log.read().decode(errors="replace").splitlines()[-LOG_TAIL:]
        if not lines:
            return f"its log {self._log} is empty"
        return f"its log {self._log} ends:\n" + "\n".join(lines)

    def _note(self, sentence: str) -> None:
        with self._log.open("a") as log:
            log.write(f"espat sim: {sentence}\n")
