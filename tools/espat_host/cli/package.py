"""`espat package`: updates for boards in the field."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from espat_host.build import update_package
from espat_host.build.checkout import BOARDS
from espat_host.client.http.sinks import opened
from espat_host.console.waiting import waiting
from espat_host.reference import completion


@click.command()
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


def _check_board(name: str | None) -> None:
    """A package for a board that is nowhere would be refused by every board, in the field."""
    names = sorted(path.parent.name for path in BOARDS.glob("*/board.py"))
    if name is not None and name not in names:
        raise click.UsageError(f"--board: there is no {name!r}; there are: {', '.join(names)}")


COMMANDS = (package,)
