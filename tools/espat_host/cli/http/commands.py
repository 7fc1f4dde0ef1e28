"""`espat get`, `head`, `post`, `put` and `delete`: curl's habits, through a board."""

import dataclasses
import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from espat_host.cli.exit_codes import OWN_CERTIFICATE, WRITE, CommandFault
from espat_host.cli.http.options import check, http_options
from espat_host.cli.http.report import HttpOptions, Report
from espat_host.cli.http.request import perform
from espat_host.cli.options import BoardOptions, board_options
from espat_host.client.http.pem import certificate_fault, key_fault
from espat_host.client.http.sources import BLOCK
from espat_host.client.http_lines import file_name
from espat_host.client.secrets import basic, without_user
from espat_host.console.signals import last_word
from espat_host.console.streams import forget_stdout, reading_stdin

ABOUT = {
    "GET": "GET a URL through a board.",
    "HEAD": "Print the headers that a server answers with.",
    "POST": "POST data to a URL through a board.",
    "PUT": "PUT data to a URL through a board.",
    "DELETE": "DELETE a URL through a board.",
}

_PEM = (
    ("--cacert", "ca", certificate_fault),
    ("--cert", "cert", certificate_fault),
    ("--key", "key", key_fault),
)


def _command(name: str) -> click.Command:
    def run(options: BoardOptions, method: str | None, **asked: Any) -> None:
        _run(method or name, options, asked)

    run.__name__, run.__doc__ = name.lower(), ABOUT[name]
    return click.command(name.lower())(http_options(board_options(run)))


def _run(method: str, where: BoardOptions, asked: dict[str, Any]) -> None:
    check(method, asked)
    _check_certificates(asked)
    asked["headers"] = _headers(asked)
    if asked.pop("remote_name"):
        asked["output"] = _remote_name(asked["url"])
    elif str(asked["output"]) == "-":
        asked["output"], asked["anything"] = None, True
    with _source(asked.pop("data")) as source:
        report = perform(HttpOptions(method, data=source, **asked), where)
    _tell(report, as_json=asked["json"], silent=asked["silent"])
    sys.exit(report.exit_code)


def _check_certificates(asked: dict[str, Any]) -> None:
    """Raise CommandFault with the option and the file that is none."""
    for option, name, fault_of in _PEM:
        path = asked[name]
        if path is not None and (fault := fault_of(path)):
            raise CommandFault(OWN_CERTIFICATE, f"{option}: {path} {fault}")


def _headers(asked: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """All of them, also what the URL and other options say; the URL is without its user then."""
    headers, user, kind = asked["headers"], asked.pop("user"), asked.pop("content_type")
    url, authorization = without_user(asked["url"])
    if user is not None:
        asked["url"], authorization = url, basic(_with_password(user).encode())
    if authorization and not any(key.lower() == "authorization" for key, _ in headers):
        asked["url"], headers = url, (*headers, ("Authorization", authorization))
    return (*headers, ("Content-Type", kind)) if kind is not None else headers


def _with_password(user: str) -> str:
    if ":" in user:
        return user
    if not sys.stdin.isatty():
        raise click.UsageError("--user: stdin is no terminal to ask for a password; USER:PASSWORD")
    return f"{user}:{click.prompt(f'Password of {user}', hide_input=True, err=True)}"


def _remote_name(url: str) -> Path:
    name = file_name(url)
    if not name:
        raise click.UsageError("-O: the URL ends without the name of a file; name one with -o")
    return Path(name)


@contextmanager
def _source(values: tuple[str, ...]) -> Iterator[bytes | Path | None]:
    """What --data means, joined by & as curl does. ESP-AT wants to know the length first, so stdin
    is read to its end."""
    if not values:
        yield None
    elif not any(value.startswith("@") for value in values):
        yield "&".join(values).encode(errors="surrogateescape")
    elif len(values) > 1:
        raise click.UsageError("--data: @FILE stands alone; put all of it into the file")
    elif values[0] != "@-":
        yield Path(values[0][1:])
    else:
        with tempfile.NamedTemporaryFile() as file:
            while block := _block():
                with _keeping():
                    file.write(block)
            with _keeping():
                file.flush()
            yield Path(file.name)


def _block() -> bytes:
    with reading_stdin():
        return sys.stdin.buffer.read(BLOCK)


@contextmanager
def _keeping() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        sentence = f"{tempfile.gettempdir()} cannot keep what comes from stdin: {error.strerror}"
        raise CommandFault(WRITE, f"{sentence}; set TMPDIR to a folder with room") from error


def _tell(report: Report, *, as_json: bool, silent: bool) -> None:
    if report.reason is not None and not silent:
        kept = f"; {report.kept}" if report.kept else ""
        last_word(f"espat: {report.reason}{kept}")
    if report.exit_code == WRITE:
        forget_stdout()
    if as_json:
        click.echo(json.dumps(dataclasses.asdict(report)))


COMMANDS = tuple(_command(name) for name in ABOUT)
