"""`espat get`, `head`, `post`, `put` and `delete`: curl's habits, through a board."""

import dataclasses
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from espat_host.cli import ranges
from espat_host.cli.exit_codes import INTERRUPTED, WRITE
from espat_host.cli.options import BoardOptions, board_options
from espat_host.cli.report import HttpOptions, Report
from espat_host.cli.request import perform
from espat_host.client.http.sources import BLOCK
from espat_host.client.http_lines import DEFAULT_TIMEOUT, MOST_MS

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def _header(context: click.Context, option: click.Parameter, values: tuple[str, ...]) -> Any:
    pairs = [value.partition(":") for value in values]
    for key, colon, _ in pairs:
        if not colon:
            raise click.BadParameter(f"{key!r} is no header; they are like 'Accept: text/plain'")
    return tuple((key.strip(), value.strip()) for key, _, value in pairs)


def _range(context: click.Context, option: click.Parameter, value: str | None) -> Any:
    try:
        return None if value is None else ranges.parse(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


_COMMON: tuple[Callable[[Any], Any], ...] = (
    click.argument("url"),
    click.option(
        "-o",
        "--output",
        type=click.Path(dir_okay=False, path_type=Path),
        help="File for the body; without it the body goes to stdout.",
    ),
    click.option(
        "-H", "--header", "headers", multiple=True, callback=_header, help="Such as 'Accept: */*'."
    ),
    click.option("-f", "--fail", is_flag=True, help="Error statuses: no output, exit code 22."),
    click.option(
        "--timeout",
        type=click.FloatRange(0.001, MOST_MS / 1000),
        default=DEFAULT_TIMEOUT,
        show_default=True,
        help="Seconds for which the server may be silent; get only, the others have 5.",
    ),
    click.option("--cacert", "ca", type=_FILE, help="Check the server by these CAs."),
    click.option("--cert", type=_FILE, help="Show the server this certificate."),
    click.option("--key", type=_FILE, help="The key of --cert."),
    click.option("--json", is_flag=True, help="Print one JSON object about the transfer."),
)
_RANGES: tuple[Callable[[Any], Any], ...] = (
    click.option("--range", callback=_range, help="Only these bytes: 0-99, 100- or -500."),
    click.option(
        "-C", "--continue", "resume", is_flag=True, help="Go on with what -o has already."
    ),
)
_DATA: tuple[Callable[[Any], Any], ...] = (
    click.option("--data", help="What to send: a text, @FILE, or @- for stdin."),
    click.option("--content-type", help="Content-Type of the data."),
)


def _command(method: str, *more: Callable[[Any], Any]) -> Callable[[Any], click.Command]:
    def decorate(function: Any) -> click.Command:
        decorated = board_options(function)
        for option in reversed((*_COMMON, *more)):
            decorated = option(decorated)
        return click.command(method.lower())(decorated)

    return decorate


@_command("GET", *_RANGES)
def get(options: BoardOptions, **request: Any) -> None:
    """GET a URL through a board."""
    if request["resume"] and (request["output"] is None or request["range"] is not None):
        raise click.UsageError("--continue needs a file (-o) and no --range")
    _run("GET", options, **request)


@_command("HEAD")
def head(options: BoardOptions, **request: Any) -> None:
    """Print the headers that a server answers with."""
    _run("HEAD", options, **request)


@_command("POST", *_DATA)
def post(options: BoardOptions, **request: Any) -> None:
    """POST data to a URL through a board."""
    _upload("POST", options, **request)


@_command("PUT", *_DATA)
def put(options: BoardOptions, **request: Any) -> None:
    """PUT data to a URL through a board."""
    _upload("PUT", options, **request)


@_command("DELETE")
def delete(options: BoardOptions, **request: Any) -> None:
    """DELETE a URL through a board."""
    _run("DELETE", options, **request)


def _upload(
    method: str, options: BoardOptions, data: str | None, content_type: str | None, **request: Any
) -> None:
    if content_type is not None:
        request["headers"] = (*request["headers"], ("Content-Type", content_type))
    with _source(data) as source:
        _run(method, options, data=source, **request)


@contextmanager
def _source(data: str | None) -> Iterator[bytes | Path]:
    """What --data means. ESP-AT wants to know the length first, so stdin is read to its end."""
    if data is None or not data.startswith("@"):
        yield (data or "").encode()
    elif data != "@-":
        yield Path(data[1:])
    else:
        with tempfile.NamedTemporaryFile() as file:
            while block := sys.stdin.buffer.read(BLOCK):
                file.write(block)
            file.flush()
            yield Path(file.name)


def _run(method: str, where: BoardOptions, **request: Any) -> None:
    if (request["cert"] is None) != (request["key"] is None):
        raise click.UsageError("--cert and --key come together")
    try:
        report = perform(HttpOptions(method, **request), where)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    _tell(report, as_json=request["json"])
    sys.exit(report.exit_code)


def _tell(report: Report, *, as_json: bool) -> None:
    if report.reason is not None:
        click.echo(f"espat: {report.reason}", err=True)
    if report.exit_code == WRITE:
        # A pipe that nobody reads: what Python still holds for it has no other place to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if as_json:
        click.echo(json.dumps(dataclasses.asdict(report)))


COMMANDS = (get, head, post, put, delete)
