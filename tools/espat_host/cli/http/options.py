"""The options of `espat get` and its like, which are curl's where curl has them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from espat_host.cli.http import ranges
from espat_host.client.http_lines import DEFAULT_TIMEOUT, MOST_MS, BadRequest, method_of

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_MOST_RETRIES = 100


def _header(context: click.Context, option: click.Parameter, values: tuple[str, ...]) -> Any:
    pairs = [value.partition(":") for value in values]
    for key, colon, _ in pairs:
        if not colon:
            # What follows the first word may be a password.
            word = key.split()[0] if key.split() else ""
            raise click.BadParameter(
                f"{word!r} has no colon; a header is like 'Accept: text/plain'"
            )
    return tuple((key.strip(), value.strip()) for key, _, value in pairs)


def _range(context: click.Context, option: click.Parameter, value: str | None) -> Any:
    try:
        return None if value is None else ranges.parse(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


def _method(context: click.Context, option: click.Parameter, value: str | None) -> Any:
    try:
        return None if value is None else method_of(value)
    except BadRequest as error:
        raise click.BadParameter(str(error)) from error


_OPTIONS: tuple[Callable[[Any], Any], ...] = (
    click.argument("url"),
    click.option(
        "-o",
        "--output",
        type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
        help="File for the body, or - for stdout, where it goes without this option.",
    ),
    click.option(
        "-O", "--remote-name", is_flag=True, help="Name the file as the last part of the URL."
    ),
    click.option(
        "-X",
        "--request",
        "method",
        callback=_method,
        metavar="METHOD",
        help="Another method; others than these five commands need this firmware.",
    ),
    click.option(
        "-L", "--location", is_flag=True, help="Follow up to 10 redirects; needs this firmware."
    ),
    click.option(
        "-H", "--header", "headers", multiple=True, callback=_header, help="Such as 'Accept: */*'."
    ),
    click.option(
        "-u", "--user", metavar="USER[:PASSWORD]", help="Basic authorization; asks for a password."
    ),
    click.option(
        "-d", "--data", multiple=True, help="What to send: a text, @FILE, or @- for stdin."
    ),
    click.option("--content-type", help="Content-Type of the data."),
    click.option("--range", callback=_range, help="Only these bytes: 0-99, 100- or -500."),
    click.option(
        "-C", "--continue", "resume", is_flag=True, help="Go on with what -o has already."
    ),
    click.option("-f", "--fail", is_flag=True, help="Error statuses: no output, exit code 22."),
    click.option(
        "-i",
        "--include",
        is_flag=True,
        help="Show status and headers first; but for head that needs this firmware.",
    ),
    click.option("-s", "--silent", is_flag=True, help="No bar, and no sentence if it fails."),
    click.option(
        "--timeout",
        type=click.FloatRange(0.001, MOST_MS / 1000),
        default=DEFAULT_TIMEOUT,
        show_default=True,
        help="Seconds for which the server may be silent; original ESP-AT: of get only.",
    ),
    click.option(
        "-m",
        "--max-time",
        type=click.FloatRange(0, min_open=True),
        help="Seconds for all of it, with every retry.",
    ),
    click.option(
        "--retry",
        type=click.IntRange(0, _MOST_RETRIES),
        default=0,
        help="So many more tries after a timeout, or status 408, 429, 500, 502, 503, 504.",
    ),
    click.option("--cacert", "ca", type=_FILE, help="Check the server by these CAs."),
    click.option("--cert", type=_FILE, help="Show the server this certificate."),
    click.option("--key", type=_FILE, help="The key of --cert."),
    click.option("--json", is_flag=True, help="Print one JSON object about the transfer."),
)


def http_options(function: Any) -> Any:
    """Adds them all: any of the commands can become another by -X."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def check(method: str, asked: dict[str, Any]) -> None:
    """Raise UsageError for what does not fit together, or cannot be done with AT commands."""
    for wrong, sentence in _RULES:
        if wrong(method, asked):
            raise click.UsageError(sentence.format(method=method))


def _named(asked: dict[str, Any], name: str) -> bool:
    return any(key.lower() == name for key, _ in asked["headers"])


def _to_file(asked: dict[str, Any]) -> bool:
    return bool(asked["remote_name"]) or str(asked["output"] or "-") != "-"


_NO_BODY, _BODY = ("GET", "HEAD"), ("POST", "PUT")
# What is wrong, and what to do about it.
_RULES: tuple[tuple[Callable[[str, dict[str, Any]], Any], str], ...] = (
    (
        lambda method, asked: asked["data"] and method in _NO_BODY,
        "--data: a {method} has no body; use espat post, espat put or -X",
    ),
    (
        lambda method, asked: asked["content_type"] and not (asked["data"] or method in _BODY),
        "--content-type belongs to --data, and there is none",
    ),
    (
        lambda method, asked: asked["content_type"] and _named(asked, "content-type"),
        "--content-type and -H Content-Type say the same; leave one of them out",
    ),
    (
        lambda method, asked: asked["user"] and _named(asked, "authorization"),
        "--user and -H Authorization say the same; leave one of them out",
    ),
    (
        lambda method, asked: (asked["resume"] or asked["range"]) and method != "GET",
        "--continue and --range are for GET, and this is {method}",
    ),
    (
        lambda method, asked: asked["resume"] and (not _to_file(asked) or asked["range"]),
        "--continue needs a file (-o or -O) and no --range",
    ),
    (
        lambda method, asked: asked["include"] and asked["resume"],
        "--include and --continue: headers cannot stand within the file; leave one of them out",
    ),
    (
        lambda method, asked: asked["output"] and asked["remote_name"],
        "-o and -O both name the file; leave one of them out",
    ),
    (
        lambda method, asked: asked["json"] and str(asked["output"]) == "-",
        "--json and -o - both go to stdout; leave one of them out",
    ),
    (
        lambda method, asked: (asked["cert"] is None) != (asked["key"] is None),
        "--cert and --key come together; name both files",
    ),
)
