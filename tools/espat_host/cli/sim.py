"""`espat sim`: a simulated board."""

from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from espat_host.client.board import Board, BoardError
from espat_host.console.waiting import waiting
from espat_host.dialogues import repertoire
from espat_host.local_world.servers import ServerError, Servers
from espat_host.reference import completion
from espat_host.sim import SimBoard, SimError
from espat_host.sim.bare import BareBoard
from espat_host.term import prompt


@click.command()
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


def _local_world(stack: ExitStack) -> dict[str, object]:
    return repertoire.local_world(stack.enter_context(Servers()))


def _use(board: SimBoard, talk: bool) -> None:
    if talk:
        with Board(board.port, timeout=prompt.ANSWER_LIMIT) as client:
            prompt.converse(client, "a simulated board", files=repertoire.local_files())
    else:
        board.wait()


COMMANDS = (sim,)
