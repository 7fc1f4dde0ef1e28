"""The pages: an index, and for each command its usage, options and exit codes. What they say is
said where the command is defined; `espat generate` writes them, a test tells when they are due."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import click

from espat_host.build.written import Made

FOLDER = Path("docs/espat")
EXIT_CODES = Mapping[str, Mapping[int, str]]
_MADE = "<!-- Made by `espat generate` from the help of the command: change it there. -->\n"
_INDEX = """# The commands of `espat`

{made}
`espat help COMMAND` shows the same in a terminal. [The shell can complete](../shell.md) commands
and options.

| command | what it does |
|---|---|
{rows}"""
# More to read, below docs/.
GUIDES = {
    "boards": "wiring.md",
    "delete": "client.md",
    "demo": "../host_tests/transcripts/README.md",
    "deploy": "install.md",
    "flash": "install.md",
    "generate": "../CONTRIBUTING.md",
    "get": "client.md",
    "head": "client.md",
    "help": "shell.md",
    "package": "update.md",
    "play": "../host_tests/transcripts/README.md",
    "ports": "troubleshooting.md",
    "post": "client.md",
    "put": "client.md",
    "sim": "../boards/README.md",
    "size": "memory.md",
    "term": "terminal.md",
    "traceback": "troubleshooting.md",
    "wifi": "client.md",
}


def made(group: click.Group, codes: EXIT_CODES) -> Made:
    """The index and every page; `codes` has the exit codes of each command and their meanings."""
    above = click.Context(group, info_name="espat", **group.context_settings)
    texts = {FOLDER / "README.md": _index(group)}
    for name, command in group.commands.items():
        sections = _sections(command, above, name, codes)
        guide = f"\nMore: [{GUIDES[name].removeprefix('../')}](../{GUIDES[name]})\n"
        texts[FOLDER / f"{name}.md"] = _heading(f"# espat {name}\n\n{_MADE}", sections) + guide
    return Made(texts, (FOLDER,))


def _heading(first: str, sections: Iterator[str]) -> str:
    return first + "\n" + "\n".join(sections)


def _index(group: click.Group) -> str:
    rows = (
        f"| [{name}]({name}.md) | {_cell(command.get_short_help_str(limit=200))} |\n"
        for name, command in sorted(group.commands.items())
    )
    return _INDEX.format(made=_MADE, rows="".join(rows))


def _sections(
    command: click.Command, above: click.Context, path: str, codes: EXIT_CODES
) -> Iterator[str]:
    """What the page of a command says; a group goes on with its commands."""
    context = click.Context(command, parent=above, info_name=path.rpartition(" ")[2])
    yield f"{_text(command)}\n"
    if not isinstance(command, click.Group):
        yield f"    {' '.join([context.command_path, *command.collect_usage_pieces(context)])}\n"
        yield from _tables(command, context, codes[path])
        return
    for name, below in sorted(command.commands.items()):
        yield f"## espat {path} {name}\n"
        yield from _sections(below, context, f"{path} {name}", codes)


def _tables(
    command: click.Command, context: click.Context, codes: Mapping[int, str]
) -> Iterator[str]:
    records = filter(
        None, (param.get_help_record(context) for param in command.get_params(context))
    )
    yield _table(("option", "meaning"), ((f"`{name}`", told) for name, told in records if told))
    yield _table(("exit code", "meaning"), ((str(code), codes[code]) for code in sorted(codes)))


def _table(head: tuple[str, str], rows: Iterator[tuple[str, str]]) -> str:
    lines = [f"| {head[0]} | {head[1]} |", "|---|---|"]
    lines += [f"| {_cell(name)} | {_cell(told)} |" for name, told in rows]
    return "\n".join(lines) + "\n"


def _text(command: click.Command) -> str:
    """The help text; a paragraph is one line of Markdown."""
    paragraphs = (command.help or "").split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
