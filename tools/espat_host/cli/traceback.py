"""`espat traceback`: a board's traceback in the words of the source."""

from typing import TextIO

import click

from espat_host.build.tracebacks import read_back
from espat_host.console.streams import reading_stdin


@click.command()
@click.argument("log", type=click.File(errors="replace"), default="-")
def traceback(log: TextIO) -> None:
    """Read a log of a board, a file or what is typed, and name files and lines of the source.

    The source must be the one that the board runs: AT+GMR tells its commit."""
    with reading_stdin():
        text = log.read()
    click.echo(read_back(text), nl=False)


COMMANDS = (traceback,)
