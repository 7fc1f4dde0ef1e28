"""How what comes is shown, beside its colours."""

from dataclasses import dataclass
from datetime import datetime

from espat_host.term import words
from espat_host.term.conversation import Heard
from espat_host.term.words import Shown


@dataclass
class View:
    """`time`: the time stands before it; `hex`: all of it as bytes."""

    time: bool = False
    hex: bool = False

    def of(self, heard: Heard) -> Shown:
        """The line to show; empty for none."""
        shown = words.dumped(heard.event.raw) if self.hex else heard.shown
        if not shown or not self.time:
            return shown
        now = datetime.now().strftime("%H:%M:%S.%f")[:-3]
        return [("note", f"{now} "), *shown]
