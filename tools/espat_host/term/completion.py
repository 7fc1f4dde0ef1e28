"""Completion for prompt_toolkit."""

from collections.abc import Callable, Iterable

from prompt_toolkit.completion import CompleteEvent, Completer, Completion, PathCompleter
from prompt_toolkit.document import Document

from espat_host.term.colon import FILES
from espat_host.term.commands import Commands


class LineCompleter(Completer):
    """Names and forms of commands, files behind `:send` and its like; nothing while the board
    waits for data."""

    def __init__(self, commands: Commands, takes_data: Callable[[], bool]) -> None:
        self._commands = commands
        self._takes_data = takes_data
        self._paths = PathCompleter(expanduser=True)

    def get_completions(self, document: Document, event: CompleteEvent) -> Iterable[Completion]:
        text = document.text_before_cursor
        name, blank, argument = text.partition(" ")
        if blank:
            if name.removeprefix(":") in FILES and name.startswith(":"):
                within = Document(argument.lstrip(), len(argument.lstrip()))
                yield from self._paths.get_completions(within, event)
            return
        if self._takes_data() and not text.startswith(":"):
            return
        for candidate in self._commands.complete(text):
            yield Completion(
                candidate.text, start_position=-len(text), display_meta=candidate.about
            )
