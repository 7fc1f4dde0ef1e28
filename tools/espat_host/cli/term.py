"""`espat term`: a terminal for AT."""

import sys
from contextlib import ExitStack

import click

from espat_host.cli.exit_codes import NO_BOARD, CommandFault, exit_code
from espat_host.cli.options import BAUD, simulated
from espat_host.cli.port_choice import only_board
from espat_host.client.board import Board, BoardError, PortLost
from espat_host.local_world.servers import ServerError
from espat_host.sim import SimError
from espat_host.term import prompt


@click.command()
@click.argument("port", required=False)
@click.option("--port", "named", hidden=True)
@click.option("--sim", is_flag=True, help="Use a simulated board, with httpbin.org on this PC.")
@click.option("--baud", type=click.IntRange(80, 5_000_000), default=BAUD, show_default=True)
@click.option("-q", "--quiet", is_flag=True, help="Send nothing that was not typed.")
def term(port: str | None, named: str | None, sim: bool, baud: int, quiet: bool) -> None:
    """A terminal for AT commands: completion, help, colours, files.

    Without PORT the only board that answers is taken. stdin may be a pipe with commands."""
    port = port or named
    if sim and port:
        raise click.UsageError("--sim and PORT: the board is simulated or at a port")
    try:
        _talk(port, sim, baud, quiet)
    except BoardError as error:
        _say(error, exit_code(error))
    except (ServerError, SimError) as error:
        _say(error, NO_BOARD)


def _talk(port: str | None, sim: bool, baud: int, quiet: bool) -> None:
    with ExitStack() as stack:
        files = {}
        if sim:
            from espat_host.dialogues.repertoire import local_files

            port, files = stack.enter_context(simulated()), local_files()
        port = port or only_board(baud)
        try:
            board = stack.enter_context(Board(port, baudrate=baud, timeout=prompt.ANSWER_LIMIT))
        except PortLost as error:
            raise CommandFault(NO_BOARD, str(error)) from error
        title = "a simulated board" if sim else f"{port} at {baud} baud"
        prompt.converse(board, title, baud=baud, files=files, ask_first=not quiet)


def _say(error: Exception, status: int) -> None:
    # One sentence: the evidence behind it has been on the screen.
    click.echo(f"espat: {str(error).splitlines()[0]}", err=True)
    sys.exit(status)


COMMANDS = (term,)
