"""Lines above the prompt. They are gathered for a moment: a fast board would have the prompt drawn
a thousand times a second."""

import asyncio
from collections.abc import Callable
from typing import Any

from prompt_toolkit.application import Application, run_in_terminal
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.output.base import Output
from prompt_toolkit.renderer import print_formatted_text
from prompt_toolkit.styles import BaseStyle

from espat_host.term.words import Shown

PAUSE = 0.03


class Screen:
    """Where show() puts lines; keep_written() is a task that runs along. `written` is called when
    all of them are on the screen."""

    def __init__(
        self,
        app: Application[Any],
        output: Output,
        style: BaseStyle,
        written: Callable[[], None],
    ) -> None:
        self._app = app
        self._output = output
        self._style = style
        self._written = written
        self._lines: list[Shown] = []
        self._any = asyncio.Event()

    def show(self, pieces: Shown) -> None:
        """Show a line, soon."""
        self._lines.append(pieces)
        self._any.set()

    async def keep_written(self) -> None:
        """Write what comes, for ever."""
        while True:
            await self._any.wait()
            self._any.clear()
            if self._app.is_running:
                await run_in_terminal(self.write_now)
            else:
                self.write_now()
            await asyncio.sleep(PAUSE)

    def write_now(self) -> None:
        """Write what there is."""
        lines, self._lines = self._lines, []
        pieces = [
            (f"class:{colour}" if colour else "", text)
            for line in lines
            for colour, text in (*line, ("", "\n"))
        ]
        if pieces:
            # Not the function of the same name for everybody: where an application runs that one
            # prints later, below what was typed meanwhile.
            print_formatted_text(self._output, FormattedText(pieces), self._style)
            self._output.flush()
        self._written()
