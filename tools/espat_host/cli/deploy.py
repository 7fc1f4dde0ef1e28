"""`espat deploy`: puts the firmware onto a board and starts it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

from espat_host.boards import deploy
from espat_host.boards.data import BoardData, BoardDataError, read_all
from espat_host.boards.deploy import DeployError, Plan, Survey
from espat_host.boards.repl import Repl, ReplError
from espat_host.build import firmware
from espat_host.build.bytecode import CompileError
from espat_host.cli.options import rtscts_option
from espat_host.client.faults import BoardError
from espat_host.client.port import Port
from espat_host.console.progress import Percent
from espat_host.console.waiting import waiting
from espat_host.reference import completion

READY = b"\r\nready\r\n"
# A chip needs 2 to 4 s, without what an update has left to do.
READY_LIMIT = 20.0
# How long a board that starts may be silent before it counts as running, and at most: what fails
# fails while the firmware is loaded, within those 4 s.
START_QUIET, START_LIMIT = 4.0, 15.0


def board_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """--board: the name of a folder, which the command gets as BoardData."""
    return click.option(
        "--board",
        required=True,
        callback=_read_board,
        shell_complete=completion.boards,
        help="A folder in boards/.",
    )(command)


def _read_board(context: click.Context, parameter: click.Parameter, name: str) -> BoardData:
    try:
        boards = {board.name: board for board in read_all()}
    except BoardDataError as error:
        raise click.BadParameter(str(error)) from error
    real = ", ".join(name for name, board in boards.items() if board.real)
    if name not in boards:
        raise click.BadParameter(f"there is no board {name!r}; there are: {real}")
    if not boards[name].real:
        raise click.BadParameter(f"{name!r} is simulated, `espat sim` runs it; chips are: {real}")
    return boards[name]


@click.command("deploy")
@click.option(
    "--port",
    required=True,
    shell_complete=completion.ports,
    help="The port of the board's REPL; see `espat ports`.",
)
@board_option
@click.option(
    "--at-port",
    shell_complete=completion.ports,
    help="The AT port, where this PC is wired to it: waits for its `ready`.",
)
@rtscts_option
@click.option("--dry-run", is_flag=True, help="Tell what it copies, and touch nothing.")
def deploy_command(
    port: str, board: BoardData, at_port: str | None, rtscts: bool, dry_run: bool
) -> None:
    """Put the firmware onto a board that runs MicroPython, and start it. --rtscts is for the AT
    port."""
    console = Console(highlight=False, soft_wrap=True)
    try:
        if dry_run:
            tell(console, board)
        else:
            run(console, port, board, at_port, rtscts=rtscts)
    except (DeployError, ReplError, CompileError, BoardError) as error:
        raise click.ClickException(str(error)) from error


def tell(console: Console, board: BoardData) -> None:
    """What a board gets that has nothing yet. None is asked: to look at its files, whatever it does
    would have to be interrupted."""
    files = firmware.files(board.folder)
    for path, data in files.items():
        console.print(f"would copy {path} ({len(data):,} bytes)")
    size = sum(map(len, files.values()))
    console.print(
        f"{len(files)} files ({size:,} bytes); those that the board has as they are stay. "
        "Nothing was touched, and no port opened"
    )


def run(
    console: Console,
    port: str,
    board: BoardData,
    at_port: str | None = None,
    *,
    rtscts: bool = False,
) -> None:
    """Raises DeployError, ReplError, BoardError; the board is started again then too."""
    with waiting("compiling the firmware"):
        files = firmware.files(board.folder)
    with ExitStack() as stack:
        at = None
        if at_port:
            baud = board.fields["BAUD"]
            at = stack.enter_context(Port(at_port, baudrate=baud, rtscts=rtscts))
        with waiting(f"looking for MicroPython's prompt on {port}"):
            repl = stack.enter_context(Repl(port))
        with repl.started_again_on_failure():
            with waiting("looking at the board's files"):
                found = deploy.survey(repl)
            console.print(found.name)
            deploy.check(files, board, found)
            steps = deploy.plan(files, found)
            deploy.check_space(steps, found)
            _carry_out(console, repl, steps, found)
        if at:
            at.discard()
        repl.restart()
        with waiting("watching the start"):
            started = _await_start(repl, at, board)
        console.print(started)


def _carry_out(console: Console, repl: Repl, steps: Plan, found: Survey) -> None:
    columns = TextColumn("{task.description}"), BarColumn(), Percent(), DownloadColumn()
    quiet = not console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=quiet) as progress:
        task = progress.add_task("", total=steps.size)

        def advance(path: str, size: int) -> None:
            progress.update(task, advance=size, description=path)

        deploy.carry_out(repl, steps, found, advance)
    obsolete = [path for path in steps.remove if path not in steps.copy]
    console.print(
        f"copied {len(steps.copy)} files ({steps.size:,} bytes), removed {len(obsolete)}, "
        f"left {steps.keep} as they were"
    )


def _await_start(repl: Repl, at: Port | None, board: BoardData) -> str:
    """Watch the board start; what to tell then. DeployError if it does not."""
    if at:
        try:
            at.read_until(READY, READY_LIMIT)
        except BoardError as error:
            log = repl.log(0.5, START_LIMIT)
            raise DeployError(
                f"the AT port has not said ready within {READY_LIMIT:g} s ({error}). Check its "
                f"wires, TX to RX and ground to ground, and its baud rate. The REPL's port has "
                f"said: {log.strip() or 'nothing'}"
            ) from error
        return "restarted: the AT port says ready"
    log = repl.log(START_QUIET, START_LIMIT)
    if "Traceback" in log or ">>> " in log:
        raise DeployError(f"the firmware does not run; the board says:\n{log.strip()}")
    fields = board.fields
    return (
        f"restarted: the firmware runs; its AT port is UART{fields['UART_ID']} with "
        f"TX on GPIO {fields['TX']} and RX on GPIO {fields['RX']}"
    )


COMMANDS = (deploy_command,)
