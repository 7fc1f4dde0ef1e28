"""`espat ports`: the serial ports, and what answers on them."""

from __future__ import annotations

import dataclasses
import json
import sys

import click
from rich.console import Console
from rich.table import Table

from espat_host.boards import ports
from espat_host.cli.options import BAUD_RANGE, rtscts_option
from espat_host.console.waiting import waiting
from espat_host.reference import completion


@click.command("ports")
@click.argument("names", nargs=-1, metavar="[PORT]...", shell_complete=completion.ports)
@click.option(
    "--baud", type=BAUD_RANGE, default=ports.BAUD, show_default=True, help="Rate of the port."
)
@rtscts_option
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
def ports_command(names: tuple[str, ...], baud: int, rtscts: bool, as_json: bool) -> None:
    """List the serial ports and what answers on them: AT firmware, a REPL, nothing, ...

    A board that runs a program does not answer on its REPL's port."""
    with waiting("looking at the ports"):
        found = ports.find(names, baud=baud, rtscts=rtscts)
    if as_json:
        click.echo(json.dumps([dataclasses.asdict(one) for one in found], indent=2))
    elif not found:
        click.echo(
            "no serial ports; plug the board in with a cable that carries data (in a virtual "
            "machine or container, hand the device on to it)"
        )
    else:
        _table(found)


def _table(found: list[ports.Found]) -> None:
    table = Table(box=None, pad_edge=False)
    for title in ("port", "answers", "version", "description"):
        table.add_column(title, overflow="fold")
    for one in found:
        table.add_row(one.port, one.answer, one.detail, one.description)
    # A pipe gets one line for each port.
    width = None if sys.stdout.isatty() else 300
    Console(highlight=False, width=width).print(table)


COMMANDS = (ports_command,)
