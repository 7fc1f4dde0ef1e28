"""`espat flash`: puts MicroPython itself onto a chip."""

from __future__ import annotations

from pathlib import Path

import click

from espat_host.boards.data import BoardData
from espat_host.boards.flash import (
    BAUD,
    FlashError,
    check_image,
    erase_all,
    flash,
    how_to_get_an_image,
)
from espat_host.cli.deploy import board_option
from espat_host.reference import completion


@click.command("flash")
@click.option(
    "--port",
    required=True,
    shell_complete=completion.ports,
    help="The chip's USB port or UART0; see `espat ports`.",
)
@board_option
@click.option(
    "--image",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="MicroPython's .bin file; without it: where to get it.",
)
@click.option(
    "--erase", is_flag=True, help="Erase everything, settings and files too; then write the image."
)
@click.option(
    "--baud",
    type=click.IntRange(300, 4_000_000),
    default=BAUD,
    show_default=True,
    help="Speed of the transfer.",
)
def flash_command(port: str, board: BoardData, image: Path | None, erase: bool, baud: int) -> None:
    """Put MicroPython onto a chip, so that `espat deploy` finds it there."""
    try:
        click.echo(_flash(port, board, image, erase, baud))
    except FlashError as error:
        raise click.ClickException(str(error)) from error


def _flash(port: str, board: BoardData, image: Path | None, erase: bool, baud: int) -> str:
    """Do what is asked for; returns what comes next."""
    if image:
        check_image(image, board.chip)
        flash(board.chip, port, image, baud, erase)
        return f"MicroPython is on the chip; next: espat deploy --port {port} --board {board.name}"
    if erase:
        erase_all(board.chip, port, baud)
        return f"the chip is empty; {how_to_get_an_image(board, port)}"
    return how_to_get_an_image(board, port)


COMMANDS = (flash_command,)
