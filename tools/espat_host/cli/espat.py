"""The `espat` command."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import click

from espat_host.bench import size as size_module
from espat_host.bench import size_table
from espat_host.bench.size import SizeError
from espat_host.build import update_package
from espat_host.build.checkout import BOARDS
from espat_host.cli import http, play, term, traceback, wifi
from espat_host.cli.boards import boards, generate
from espat_host.cli.boundary import Commands
from espat_host.cli.deploy import deploy_command
from espat_host.cli.exit_codes import told_by_help
from espat_host.cli.flash import flash_command
from espat_host.cli.ports import ports_command
from espat_host.client.board import Board, BoardError
from espat_host.client.http.sinks import opened
from espat_host.console.waiting import waiting
from espat_host.dialogues import demo as demo_module
from espat_host.dialogues import repertoire
from espat_host.local_world.servers import ServerError, Servers
from espat_host.reference import completion
from espat_host.sim import SimBoard, SimError
from espat_host.sim.bare import BareBoard
from espat_host.term import prompt


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="espat")
def main() -> None:
    """An ESP-AT compatible HTTP modem in MicroPython: run it, watch it, talk to it."""


main.add_command(deploy_command)
main.add_command(flash_command)
main.add_command(ports_command)
for command in (
    *http.COMMANDS,
    *wifi.COMMANDS,
    *play.COMMANDS,
    *term.COMMANDS,
    *traceback.COMMANDS,
):
    main.add_command(command)


@main.command()
@click.option("--link", type=click.Path(path_type=Path), help="Where to put the serial port.")
@click.option("--baud-pacing", is_flag=True, help="Make the port as slow as its baud rate.")
@click.option(
    "--state",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder that keeps NVS and files between runs.",
)
@click.option(
    "--world",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="JSON file with access points and hosts; read again when it changes.",
)
@click.option("--heap", type=click.IntRange(min=1), help="Heap of the board in bytes.")
@click.option(
    "--board",
    default="sim",
    show_default=True,
    shell_complete=completion.boards,
    help="A folder in boards/.",
)
@click.option(
    "--terminal", "talk", is_flag=True, help="Type AT commands here; stdin may be a pipe."
)
@click.option(
    "--servers", "local", is_flag=True, help="Play httpbin.org and www.espressif.com on this PC."
)
@click.option("--bare", is_flag=True, help="MicroPython's REPL and no firmware: deploy it.")
@click.option(
    "--repl", type=click.Path(path_type=Path), help="Where to put the REPL's port; means --bare."
)
def sim(
    link: Path | None,
    baud_pacing: bool,
    state: Path | None,
    world: Path | None,
    heap: int | None,
    board: str,
    talk: bool,
    local: bool,
    bare: bool,
    repl: Path | None,
) -> None:
    """Boot the firmware on a simulated board and keep it running until Control-C."""
    if world and local:
        raise click.UsageError("--world and --servers: the world has its hosts from one of them")
    with ExitStack() as stack:
        try:
            with waiting("starting a simulated board"):
                options: dict[str, Any] = {
                    "link": link,
                    "baud_pacing": baud_pacing,
                    "state": state,
                    "world": world or (_local_world(stack) if local else None),
                    "heap": heap or "default",
                    "board": board,
                }
                kind = BareBoard(repl_link=repl, **options) if bare or repl else SimBoard(**options)
                running = stack.enter_context(kind)
            if isinstance(running, BareBoard):
                click.echo(f"REPL: {running.repl}")
            click.echo(f"serial port: {running.port}")
            _use(running, talk)
        except KeyboardInterrupt:
            return
        except (BoardError, ServerError, SimError) as error:
            raise click.ClickException(str(error)) from error


@main.command()
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file for AT+USEROTA.",
)
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    help="A web server's folder: the package, and the list `latest` for AT+CIUPDATE.",
)
@click.option(
    "--board",
    shell_complete=completion.boards,
    help="Refused by boards of another name (AT+GMR tells it).",
)
@click.option("--label", "version", help="Its version; the firmware's own and its commit.")
def package(output: Path | None, into: Path | None, board: str | None, version: str | None) -> None:
    """Make an update of the firmware for boards in the field."""
    if not output and not into:
        raise click.UsageError("say where the package goes: -o FILE, --into FOLDER, or both")
    _check_board(board)
    try:
        version = version or update_package.default_version()
        with waiting("compiling the firmware"):
            data = update_package.build(update_package.firmware_files(), version, board)
    except update_package.PackageError as error:
        raise click.ClickException(str(error)) from error
    if output:
        with _written(output), opened(output, 0) as (write, _):
            write(data)
        click.echo(f"{output}: {version}, {len(data)} bytes")
    if into:
        with _written(into):
            path = update_package.publish(data, version, into)
        click.echo(f"{path}: {version}")


@contextmanager
def _written(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise click.ClickException(f"{path} cannot be written: {error.strerror}") from error


@main.command()
@click.option("--fast", is_flag=True, help="Without pauses, and the port at full speed.")
def demo(fast: bool) -> None:
    """Play ESP-AT's HTTP dialogues on a simulated board, against servers on this PC."""
    try:
        demo_module.run(fast=fast)
    except (BoardError, ServerError, SimError) as error:
        raise click.ClickException(str(error)) from error


main.add_command(boards)
main.add_command(generate)


@main.command()
def size() -> None:
    """Weigh the firmware on a simulated board; fails above the budget (docs/memory.md)."""
    try:
        with waiting("weighing the firmware"):
            sizes = size_module.measure()
    except (BoardError, ServerError, SimError, SizeError) as error:
        raise click.ClickException(str(error)) from error
    size_table.show(sizes)
    if over := sizes.over_budget():
        raise click.ClickException("; ".join(over))


@main.command("help")
@click.argument("command", nargs=-1, shell_complete=completion.commands)
@click.pass_context
def help_command(context: click.Context, command: tuple[str, ...]) -> None:
    """Show the help of a command: `espat help get`, `espat help wifi join`."""
    shown: click.Command = main
    above = context.find_root()
    for word in command:
        found = shown.get_command(above, word) if isinstance(shown, click.Group) else None
        if found is None:
            raise click.UsageError(
                f"there is no command {above.command_path} {word}; `espat help` lists them",
            )
        shown, above = found, click.Context(found, parent=above, info_name=word)
    click.echo(shown.get_help(above))


told_by_help(main)


def _check_board(name: str | None) -> None:
    """A package for a board that is nowhere would be refused by every board, in the field."""
    names = sorted(path.parent.name for path in BOARDS.glob("*/board.py"))
    if name is not None and name not in names:
        raise click.UsageError(f"--board: there is no {name!r}; there are: {', '.join(names)}")


def _local_world(stack: ExitStack) -> dict[str, object]:
    return repertoire.local_world(stack.enter_context(Servers()))


def _use(board: SimBoard, talk: bool) -> None:
    if talk:
        with Board(board.port, timeout=prompt.ANSWER_LIMIT) as client:
            prompt.converse(client, "a simulated board", files=repertoire.local_files())
    else:
        board.wait()
