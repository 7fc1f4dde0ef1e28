"""The dialogues, played for the eye: who says what, on a simulated board and a local world."""

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TransferSpeedColumn
from rich.rule import Rule
from rich.text import Text

from espat_host.client.board import Board, BoardError
from espat_host.dialogues import repertoire
from espat_host.dialogues.player import Player, Tally, Watcher
from espat_host.local_world.servers import Servers
from espat_host.sim import SimBoard

HOST, BOARD, NOTE = "bold cyan", "green", "dim"
# Long enough to read a line, short enough to stay awake.
AFTER_COMMAND, AFTER_DIALOGUE = 0.35, 0.8
LOG_TAIL = 1000


class Screen(Watcher):
    """Prints what goes over the port: `>` the host, `<` the board."""

    def __init__(self, console: Console, pause: bool) -> None:
        self._console = console
        self._pause = pause
        self._progress: Progress | None = None
        self._task: TaskID | None = None

    def title(self, text: str) -> None:
        """Begin a dialogue."""
        self._console.print()
        self._console.print(Rule(text, align="left") if self._pause else f"== {text}")

    def sent(self, line: bytes) -> None:
        self._wait(AFTER_COMMAND)
        self._say(">", line, HOST)

    def sent_data(self, data: bytes) -> None:
        self._wait(AFTER_COMMAND)
        self._say(">>", data, HOST)

    def received(self, line: bytes) -> None:
        self._say("<", line, BOARD)

    def prompted(self) -> None:
        self._say("<", b">", BOARD)

    def chunk(self, name: str, data: bytes, expected: int | None) -> None:
        if expected is None:
            self._say("<", b"%s:%d,%s" % (name.encode(), len(data), data), BOARD)
        elif self._pause:
            self._advance(name, len(data), expected)

    def body(self, name: str, data: bytes, expected: int | None) -> None:
        self._finish_progress()
        kind = "as expected" if expected is None else "of binary data, the same as the server's"
        self._console.print(f"  {name}: {len(data):,} bytes {kind}", style=NOTE)

    def rest(self) -> None:
        """Leave time to read the last lines."""
        self._wait(AFTER_DIALOGUE)

    def _advance(self, name: str, size: int, expected: int) -> None:
        if self._progress is None:
            columns = ("  {task.description}", BarColumn(), DownloadColumn(), TransferSpeedColumn())
            self._progress = Progress(*columns, console=self._console)
            self._task = self._progress.add_task(name, total=expected)
            self._progress.start()
        if self._task is not None:
            self._progress.advance(self._task, size)

    def _finish_progress(self) -> None:
        if self._progress is not None:
            self._progress.stop()
            self._progress = None

    def _say(self, mark: str, data: bytes, style: str) -> None:
        text = data.decode("utf-8", "replace").replace("\r", "")
        self._console.print(Text.assemble((f"{mark} " if text else mark, NOTE), (text, style)))

    def _wait(self, seconds: float) -> None:
        if self._pause:
            time.sleep(seconds)


def run(*, fast: bool = False) -> None:
    """Play every dialogue. Raises BoardError where the board says something else."""
    console = Console(highlight=False, soft_wrap=True)
    follow = console.is_terminal and not fast and "CI" not in os.environ
    screen = Screen(console, follow)
    started = time.monotonic()
    transcripts = repertoire.read_all()
    with _stage(console, follow) as board:
        player = Player(board, files=repertoire.local_files(), watcher=screen)
        for transcript in transcripts:
            screen.title(transcript.title)
            player.play(transcript)
            screen.rest()
    console.print()
    console.print(
        _summary(len(transcripts), player.tally, time.monotonic() - started), style="bold"
    )


@contextmanager
def _stage(console: Console, pacing: bool) -> Iterator[Board]:
    """Servers, a board in their world, and its open port."""
    console.print("Starting httpbin.org and www.espressif.com on this PC ...", style=NOTE)
    with ExitStack() as stack:
        servers = stack.enter_context(Servers())
        console.print("Booting the firmware on a simulated board ...", style=NOTE)
        world = repertoire.local_world(servers)
        sim = stack.enter_context(SimBoard(world=world, baud_pacing=pacing))
        board = stack.enter_context(Board(sim.port))
        # The first transcript meets a board as it comes from the factory: it echoes.
        board.synchronise()
        board.ask("ATE1")
        try:
            yield board
        except BoardError as error:
            # The log goes away with the board, so its end is told here.
            log = sim.log_path.read_text(errors="replace")[-LOG_TAIL:]
            raise BoardError(f"{error}\nthe board's log ends: {log or '(it is empty)'}") from error


def _summary(dialogue_count: int, tally: Tally, seconds: float) -> str:
    return (
        f"{dialogue_count} dialogues, {tally.commands} commands: every byte as expected "
        f"({tally.sent:,} sent, {tally.received:,} received) in {seconds:.1f} s."
    )
