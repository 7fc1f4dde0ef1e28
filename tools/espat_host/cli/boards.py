"""`espat boards`, `espat generate`: the boards as data, and what is made from them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import cast

import click

from espat_host.boards import frozen, generated
from espat_host.boards.chips import CHIPS
from espat_host.boards.data import BoardData, BoardDataError, read, read_all
from espat_host.boards.rules import findings
from espat_host.build.checkout import BOARDS, SourcesNeeded, need_sources
from espat_host.build.written import write
from espat_host.cli.exit_codes import BY_COMMAND
from espat_host.reference import pages


@click.group()
def boards() -> None:
    """The boards in boards/: check them, build an image for one."""


@boards.command()
@click.option(
    "--boards",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=BOARDS,
    help="Check the boards in this folder.",
)
def check(folder: Path) -> None:
    """Look for pins and sizes that cannot work; ends with 1 when there are any."""
    wrong = 0
    paths = sorted(path.parent for path in folder.glob("*/board.py"))
    if not paths:
        raise click.ClickException(f"there is no board in {folder}: no folder has a board.py")
    for path in paths:
        try:
            found = findings(read(path))
        except BoardDataError as error:
            click.echo(str(error), err=True)
            wrong += 1
            continue
        for finding in found:
            click.echo(str(finding) if finding.wrong else f"note: {finding}", err=finding.wrong)
        wrong += sum(finding.wrong for finding in found)
    if wrong:
        click.echo(f"boards looked at: {len(paths)}, problems: {wrong}", err=True)
        sys.exit(1)
    click.echo(f"boards looked at: {len(paths)}, problems: none")


@boards.command("list")
def list_() -> None:
    """Name the boards an image can be built for, with chip and MicroPython's download page."""
    for board in _read():
        if board.real:
            click.echo(f"{board.name:20} {board.fields['CHIP']:9} {board.download_page}")


@boards.command()
def chips() -> None:
    """One line a chip that has a board: name, bytecode architecture, package with type stubs."""
    used = {board.fields.get("CHIP") for board in _read()}
    for name, chip in CHIPS.items():
        if name in used:
            click.echo(f"{name} {chip.arch} {chip.stubs}")


@boards.command()
@click.argument("board")
@click.option(
    "--micropython",
    type=click.Path(path_type=Path),
    required=True,
    help="A MicroPython source tree.",
)
@click.option("--variant", default="", help="A variant of the port's board, such as SPIRAM.")
def build(board: str, micropython: Path, variant: str) -> None:
    """Build MicroPython for BOARD with the firmware frozen into it."""
    try:
        image = frozen.build(board, micropython, variant)
    except (BoardDataError, frozen.BuildError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"image: {image}")


@click.command()
@click.pass_context
def generate(context: click.Context) -> None:
    """Write anew what is made from others: wiring pictures, package.json, the pages of commands."""
    whole = cast(click.Group, context.find_root().command)
    try:
        need_sources("`espat generate`")
        changed = write(generated.made()) + write(pages.made(whole, BY_COMMAND))
    except (BoardDataError, SourcesNeeded, ValueError) as error:
        raise click.ClickException(str(error)) from error
    for path in changed:
        click.echo(str(path))


def _read() -> list[BoardData]:
    try:
        return read_all()
    except BoardDataError as error:
        raise click.ClickException(str(error)) from error


COMMANDS = (boards, generate)
