"""`espat term`: a terminal for AT."""

from contextlib import ExitStack

import click

from espat_host.cli.exit_codes import NO_BOARD, CommandFault
from espat_host.cli.options import BAUD, BAUD_RANGE, rtscts_option, simulated
from espat_host.cli.port_choice import only_board
from espat_host.client.board import Board, PortLost
from espat_host.console.waiting import waiting
from espat_host.reference import completion
from espat_host.term import prompt


@click.command()
@click.argument("port", required=False, shell_complete=completion.ports)
@click.option("--port", "named", hidden=True)
@click.option("--sim", is_flag=True, help="Use a simulated board, with httpbin.org on this PC.")
@click.option("--baud", type=BAUD_RANGE, default=BAUD, show_default=True, help="Rate of the port.")
@rtscts_option
@click.option("--time", "stamps", is_flag=True, help="Show the time before each line that comes.")
@click.option("-q", "--quiet", is_flag=True, help="Send nothing that was not typed.")
def term(
    port: str | None,
    named: str | None,
    sim: bool,
    baud: int,
    rtscts: bool,
    stamps: bool,
    quiet: bool,
) -> None:
    """A terminal for AT commands: completion, help, colours, files.

    Without PORT the only board that answers is taken. stdin may be a pipe with commands."""
    port = port or named
    if sim and port:
        raise click.UsageError("--sim and PORT: the board is simulated or at a port")
    with ExitStack() as stack:
        files = {}
        if sim:
            from espat_host.dialogues.repertoire import local_files

            with waiting("starting a simulated board"):
                port, files = stack.enter_context(simulated()), local_files()
        with waiting("looking for a board"):
            port = port or only_board(baud, rtscts=rtscts)
        board = stack.enter_context(_open(port, baud, rtscts))
        title = "a simulated board" if sim else f"{port} at {baud} baud"
        prompt.converse(board, title, baud=baud, files=files, ask_first=not quiet, stamps=stamps)


def _open(port: str, baud: int, rtscts: bool) -> Board:
    try:
        return Board(port, baudrate=baud, rtscts=rtscts, timeout=prompt.ANSWER_LIMIT)
    except PortLost as error:
        raise CommandFault(NO_BOARD, str(error)) from error


COMMANDS = (term,)
