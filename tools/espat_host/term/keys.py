"""The keys that are the terminal's own; the others are prompt_toolkit's, which are Emacs's."""

from collections.abc import Callable

from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.keys import Keys

from espat_host.term import words
from espat_host.term.colon import COLON
from espat_host.term.commands import Commands
from espat_host.term.words import Shown

HELP = [
    "Tab      completes commands, their forms, and names of files",
    "F1       help about the command that is being typed",
    "Up       earlier lines; Ctrl-R searches them",
    "Ctrl-C   clears the line; ends :send, :play and waiting",
    "Ctrl-D   ends the terminal",
    *(f"{f':{name} {argument}':18}{about}" for name, argument, about in COLON),
    "While the board waits for data, a line is sent as it is, without CR LF.",
]


def bindings(commands: Commands, show: Callable[[Shown], None]) -> KeyBindings:
    """F1 and Control-C."""
    keys = KeyBindings()

    @keys.add("f1")
    def _help(event: KeyPressEvent) -> None:
        for line in commands.page(event.current_buffer.text) or HELP:
            show([("", line)])

    @keys.add("c-c")
    @keys.add(Keys.SIGINT)
    def _clear(event: KeyPressEvent) -> None:
        if event.current_buffer.text:
            event.current_buffer.reset()
        else:
            show(words.note("Ctrl-D or :quit ends the terminal"))

    return keys
