"""What the shell offers for values: boards, serial ports, commands. click asks for it at each Tab
(its "Shell Completion"), so that nothing here opens a port or reads a board's data."""

from __future__ import annotations

import click
from click.shell_completion import CompletionItem
from serial.tools import list_ports

from espat_host.boards.data import BOARDS


def boards(context: click.Context, option: click.Parameter, begun: str) -> list[CompletionItem]:
    """The folders in boards/."""
    names = sorted(path.parent.name for path in BOARDS.glob("*/board.py"))
    return [CompletionItem(name) for name in names if name.startswith(begun)]


def ports(context: click.Context, option: click.Parameter, begun: str) -> list[CompletionItem]:
    """The serial ports of this PC, and what they are."""
    found = [(port.device, port.description) for port in sorted(list_ports.comports())]
    return [CompletionItem(name, help=told) for name, told in found if name.startswith(begun)]


def commands(context: click.Context, option: click.Parameter, begun: str) -> list[CompletionItem]:
    """What may come behind the words that stand there."""
    group = context.find_root().command
    for word in context.params.get(option.name or "") or ():
        group = group.commands[word] if isinstance(group, click.Group) else group
    if not isinstance(group, click.Group):
        return []
    told = {name: command.get_short_help_str() for name, command in group.commands.items()}
    return [
        CompletionItem(name, help=told[name]) for name in sorted(told) if name.startswith(begun)
    ]
