"""The simulated board's power supply: a thread that boots it, and boots it again after a reset."""

from __future__ import annotations

import os
import select
import threading
from collections.abc import Callable
from pathlib import Path

from espat_host.sim import world as worlds
from espat_host.sim.process import Process, SimError

WATCH_EVERY = 0.02
OFF, POWER_ON = 0, 1  # what comes after a life: nothing, or a boot with this reset cause
CUT, STOP = b"c", b"s"


class WorldSource:
    """The state of the world: a dict, or a file that is read again when it changes."""

    def __init__(self, world: Path | dict | None) -> None:
        self.file = world if isinstance(world, Path) else None
        self._text = b""
        try:
            if isinstance(world, Path):
                self._text = world.read_bytes()
                self.line = worlds.to_line(worlds.load(world))
            else:
                world = worlds.DEFAULT_WORLD if world is None else world
                self.line = worlds.to_line(worlds.complete(world))
        except (worlds.WorldError, OSError) as error:
            raise SimError(str(error)) from error

    def set(self, world: dict) -> None:
        try:
            self.line = worlds.to_line(worlds.complete(world))
        except worlds.WorldError as error:
            raise SimError(str(error)) from error

    def look(self) -> str | None:
        """Read a changed file: None if there is nothing new, else "" or what is wrong with it.

        The text is compared, not the time of the change: two changes in one tick of the file
        system's clock look like one. A file that is away is about to be put in place."""
        try:
            text = self.file.read_bytes() if self.file else b""
        except OSError:
            return None
        if text == self._text:
            return None
        self._text = text
        try:
            self.line = worlds.to_line(worlds.load(self.file or Path()))
        except worlds.WorldError as error:
            return f"the world stays as it was: {error}"
        return ""


class Power:
    """Runs a board until it is stopped or crashes. `boot(cause, world)` starts one life."""

    def __init__(
        self,
        boot: Callable[[int, bytes], Process],
        world: WorldSource,
        note: Callable[[str], None],
    ) -> None:
        self._boot, self._world, self._note = boot, world, note
        self._process: Process | None = None
        self._condemned: Process | None = None  # its power is about to be cut
        self._lock = threading.Lock()
        self._woken, self._wake = os.pipe()
        self.crash: str | None = None
        self.settled = threading.Event()  # the board has written, or it will never
        self.done = threading.Event()
        self._thread = threading.Thread(target=self._run, name="simulated board", daemon=True)
        self._thread.start()

    def cut(self) -> None:
        """Off and on again."""
        with self._lock:
            self._condemned = self._process
            self.settled.clear()
        os.write(self._wake, CUT)
        if self.done.is_set():
            self.settled.set()

    def off(self) -> None:
        os.write(self._wake, STOP)
        self._thread.join()
        os.close(self._wake)
        os.close(self._woken)

    def interrupt(self) -> None:
        """Control-C at the console of a board that runs."""
        with self._lock:
            if self._process:
                self._process.await_sleep()
                self._process.interrupt()

    def stand_still(self, still: bool) -> None:
        """The board's process stops, or goes on."""
        with self._lock:
            if self._process:
                self._process.stand_still(still)

    def set_world(self, world: dict) -> None:
        """When this returns the new world is on its way to the board."""
        with self._lock:
            self._world.set(world)
            if self._process:
                self._process.world.send(self._world.line)

    def _run(self) -> None:
        cause, pause = POWER_ON, 0
        try:
            while cause != OFF:
                cause = self._sleep(cause, pause) if pause else cause
                if cause != OFF:
                    cause, pause = self._one_life(cause)
        except (OSError, SimError) as error:
            self.crash = f"the board cannot be started: {error}"
        finally:
            self.done.set()
            self.settled.set()

    def _one_life(self, cause: int) -> tuple[int, int]:
        """From a boot to the next: (its reset cause, milliseconds to sleep before; < 0: ever)."""
        with self._lock:
            process = self._process = self._boot(cause, self._world.line)
        try:
            after = self._attend(process)
        finally:
            with self._lock:
                self._process = None
                status = process.end()
        if after is None:
            how = f"signal {-status}" if status < 0 else f"exit status {status}"
            repl = "" if status else "; a real one would be in its REPL now"
            self.crash = f"the board's program has ended ({how}){repl}"
            return OFF, 0
        return after

    def _attend(self, process: Process) -> tuple[int, int] | None:
        """Serve a running board; None when it is gone without having asked for it."""
        while True:
            with self._lock:
                waiting = not process.world.flush()
            timeout = WATCH_EVERY if waiting or self._world.file else None
            readable, _, _ = select.select([process.events, self._woken], [], [], timeout)
            if self._woken in readable:
                return self._ordered()
            if process.events in readable:
                events = process.next_events()
                if events is None:
                    return None
                for words in events:
                    if words[0] == b"reset":
                        return int(words[1]), int(words[2])
                    if words[0] == b"note":
                        self._note(b" ".join(words[1:]).decode())
                    else:
                        self._settle(process)
            self._look_at_world(process)

    def _settle(self, process: Process) -> None:
        """What a board tells whose power is about to be cut is no news of its next start."""
        with self._lock:
            if process is not self._condemned:
                self.settled.set()

    def _look_at_world(self, process: Process) -> None:
        if not self._world.file:
            return
        with self._lock:
            news = self._world.look()
            if news == "":
                process.world.send(self._world.line)
        if news:
            self._note(news)

    def _ordered(self) -> tuple[int, int]:
        order = os.read(self._woken, 1)
        return (OFF if order == STOP else POWER_ON), 0

    def _sleep(self, cause: int, pause: int) -> int:
        """Deep sleep; returns the cause of the next boot."""
        timeout = pause / 1000 if pause > 0 else None
        readable, _, _ = select.select([self._woken], [], [], timeout)
        return self._ordered()[0] if readable else cause
