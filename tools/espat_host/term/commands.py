"""What can be typed: completion, and help for what stands there."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from espat_host.term.colon import COLON
from espat_host.term.command_table import ROWS

_LISTED = re.compile(rb'\+CMD:\d+,"(AT[^"]*)",([01]),([01]),([01]),([01])')
_NAME = re.compile(r"AT[\w+!%./:-]*", re.IGNORECASE)
UNKNOWN = "This terminal has no help for it."


@dataclass(frozen=True)
class Command:
    """One command: its forms as `?`, `=` and `!` (execute)."""

    name: str
    forms: str
    parameters: str
    about: str

    @property
    def endings(self) -> list[str]:
        """What may follow the name."""
        return [{"!": "", "t": "=?"}.get(form, form) for form in self.forms]

    @property
    def lines(self) -> list[str]:
        """Every form as it is typed."""
        return [
            self.name + ending + (self.parameters or "..." if ending == "=" else "")
            for ending in self.endings
        ]


@dataclass(frozen=True)
class Candidate:
    """A completion of the whole line, and what it means."""

    text: str
    about: str


class Commands:
    """The commands of this firmware, until the board tells its own."""

    def __init__(self) -> None:
        self._by_name = {row[0]: Command(*row) for row in ROWS}

    def learn(self, answer: Iterable[bytes]) -> bool:
        """Take the lines of AT+CMD?; whether there were any."""
        found = [match for line in answer if (match := _LISTED.fullmatch(line))]
        commands = [
            self._learned(match[1].decode("ascii", "replace"), match.groups()[1:])
            for match in found
        ]
        if commands:
            self._by_name = {command.name: command for command in commands}
        return bool(commands)

    def complete(self, text: str) -> list[Candidate]:
        """What a line that begins with `text` may become."""
        if text.startswith(":"):
            return [
                Candidate(f":{name} " if argument else f":{name}", about)
                for name, argument, about in COLON
                if f":{name}".startswith(text)
            ]
        if not text:
            return []
        return [
            Candidate(command.name + ending, command.about)
            for command in self._by_name.values()
            for ending in command.endings
            if (command.name + ending).startswith(text.upper())
        ]

    def within(self, line: str) -> Command | None:
        """The command that a line has, or begins with."""
        name = _NAME.match(line.strip())
        return self._by_name.get(name[0].upper()) if name else None

    def hint(self, line: str) -> str:
        """One line about what is being typed; empty if that is not known."""
        if line.startswith(":"):
            word = line[1:].split(" ", maxsplit=1)[0]
            rows = (row for row in COLON if row[0] == word)
            return next((f":{name} {what}".strip() + f"  {why}" for name, what, why in rows), "")
        command = self.within(line)
        return f"{'  '.join(command.lines)}  {command.about}" if command else ""

    def page(self, line: str) -> list[str]:
        """Help about the command in a line; without one, nothing."""
        command = self.within(line)
        if command is None:
            return []
        return [command.name, f"  {command.about}", *(f"    {form}" for form in command.lines)]

    def _learned(self, name: str, flags: Iterable[str | bytes]) -> Command:
        forms = "".join(
            form for form, flag in zip("t?=!", flags, strict=True) if flag in ("1", b"1")
        )
        known = self._by_name.get(name, Command(name, forms, "", UNKNOWN))
        return replace(known, forms=forms)
