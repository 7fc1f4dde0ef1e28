"""`espat wifi`: what is in the air, joining, and how the station is."""

import dataclasses
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from espat_host.cli.exit_codes import exit_code
from espat_host.cli.options import BoardOptions, board_options, enter_network, opened
from espat_host.client.board import Board, BoardError, Status
from espat_host.client.station import AccessPoint
from espat_host.console.signals import last_word
from espat_host.console.waiting import waiting

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def wifi() -> None:
    """Scan for networks, join one, or show how the board is connected."""


@wifi.command()
@board_options
@as_json
def scan(options: BoardOptions, as_json: bool) -> None:
    """List the access points that the board sees, the strongest first."""
    with _board(options) as board, waiting("scanning", shown=options.talks):
        points = board.scan()
    if as_json:
        click.echo(json.dumps([dataclasses.asdict(point) for point in points]))
    else:
        _table(points)


@wifi.command()
@board_options
@as_json
def join(options: BoardOptions, as_json: bool) -> None:
    """Join the network of --ssid; the board remembers it."""
    if options.ssid is None and not options.sim:
        raise click.UsageError("which network? give --ssid and --password")
    with _board(options) as board:
        status = enter_network(board, options, anew=True)
    _show(status, as_json)


@wifi.command()
@board_options
@as_json
def status(options: BoardOptions, as_json: bool) -> None:
    """Tell whether the board is in a network, which, and its address."""
    with _board(options) as board:
        found = board.status()
    _show(found, as_json)


@contextmanager
def _board(options: BoardOptions) -> Iterator[Board]:
    try:
        with opened(options) as board:
            yield board
    except BoardError as error:
        last_word(f"espat: {error}")
        sys.exit(exit_code(error))


def _show(status: Status, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(dataclasses.asdict(status)))
        return
    for name, value in dataclasses.asdict(status).items():
        if value is not None:
            click.echo(f"{name}: {value}")


def _table(points: list[AccessPoint]) -> None:
    table = Table(box=None, pad_edge=False)
    columns: tuple[tuple[str, Callable[[AccessPoint], Any]], ...] = (
        ("network", lambda point: point.ssid or "(hidden)"),
        ("security", lambda point: point.security),
        ("dBm", lambda point: point.rssi),
        ("channel", lambda point: point.channel),
        ("address", lambda point: point.bssid),
    )
    for name, _ in columns:
        table.add_column(name)
    for point in points:
        table.add_row(*(str(value(point)) for _, value in columns))
    Console(highlight=False, markup=False, soft_wrap=True).print(table)


COMMANDS = (wifi,)
