"""What a line does that was typed: a command, data, or one of the terminal's own commands."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from espat_host.client.board import BoardError, NoAnswer, PortLost
from espat_host.client.events import Event
from espat_host.client.replies import Reply
from espat_host.term import keys, playing, words
from espat_host.term.colon import Refused, hex_bytes, parse
from espat_host.term.commands import Commands
from espat_host.term.conversation import Conversation
from espat_host.term.link import Link
from espat_host.term.log import Log
from espat_host.term.playing import Ears
from espat_host.term.view import View
from espat_host.term.wires import Wires
from espat_host.term.words import Shown

FIRST_ANSWER = 3.0
UNANSWERED = (
    "nothing answers yet; is the baud rate right? A board that was left in an upload gives it up "
    "after a minute without a word"
)


class Actions:
    """They raise Refused with a reason, PortLost, and can be cancelled. `files` are the bodies
    that transcripts name; what is to be seen goes to `say`."""

    def __init__(
        self,
        link: Link,
        conversation: Conversation,
        commands: Commands,
        log: Log,
        say: Callable[[Shown], None],
        view: View,
        files: Mapping[str, bytes],
    ) -> None:
        self._link = link
        self._conversation = conversation
        self._commands = commands
        self._log = log
        self._say = say
        self._view = view
        self._wires = wires = Wires(link.board.device)
        self._files = files
        self._colon: dict[str, Callable[[str], Awaitable[None]]] = {
            "help": self._help,
            "send": self._send_file,
            "hex": self._send_hex,
            "log": self._log_into,
            "play": self._play,
            "time": self._switch_time,
            "baud": self._told(wires.baud),
            "rts": self._told(wires.rts),
            "dtr": self._told(wires.dtr),
            "break": self._told(wires.hold_low),
        }

    async def enter(self, line: str) -> bool:
        """What was typed; whether it ends the terminal."""
        if line.startswith(":"):
            name, argument = parse(line)
            if name == "quit":
                return True
            await self._colon[name](argument)
        elif self._conversation.takes_data:
            await self._give(_bytes(line))
        else:
            data = self._conversation.send(_bytes(line))
            self._log.sent(_bytes(line))
            await self._link.write(data)
        return False

    def follow(self, command: bytes) -> None:
        """The board has done this; AT+UART_CUR changes what both ends of the line are at."""
        try:
            if change := self._wires.obeyed(command):
                self._say(words.note(change))
        except Refused as refused:
            self._say(words.fault(str(refused)))

    async def ask_first(self, *, list_all: bool) -> None:
        """Which commands the board has, or only that it is there."""
        line = b"AT+CMD?" if list_all else b"AT"
        try:
            reply = await self._link.aside(self._first_answer, line)
        except NoAnswer:
            self._say(words.note(UNANSWERED))
        except PortLost:
            raise
        except BoardError as error:
            self._say(words.fault(playing.why(error)))
        else:
            if list_all and not self._commands.learn(reply.lines):
                self._say(words.note("the board does not tell its commands"))

    def _first_answer(self, line: bytes) -> Reply:
        return self._link.board.request(line, timeout=FIRST_ANSWER)

    async def _give(self, data: bytes) -> None:
        self._conversation.offer(len(data))
        self._log.gave(len(data))
        await self._link.write(data, self._conversation.gave)
        if missing := self._conversation.missing:
            self._say(words.note(f"{missing} more"))

    async def _help(self, about: str) -> None:
        lines = self._commands.page(about) if about else keys.HELP
        if not lines:
            raise Refused(f"no help about {about}; the board's commands: AT+CMD?")
        for line in lines:
            self._say([("", line)])

    async def _send_file(self, name: str) -> None:
        self._conversation.offer(0)
        await self._give(_content(_path(name)))

    async def _send_hex(self, digits: str) -> None:
        if not digits:
            self._view.hex = not self._view.hex
            how = "as bytes" if self._view.hex else "as text"
            self._say(words.note(f"what comes is shown {how}"))
        elif self._conversation.takes_data:
            await self._give(hex_bytes(digits))
        else:
            data = hex_bytes(digits)
            self._log.gave(len(data))
            await self._link.write(data)

    async def _switch_time(self, nothing: str) -> None:
        self._view.time = not self._view.time
        how = "before" if self._view.time else "no longer before"
        self._say(words.note(f"the time stands {how} what comes"))

    def _told(self, change: Callable[[str], str]) -> Callable[[str], Awaitable[None]]:
        """What changes this side of the line, in a thread: a break takes its time."""

        async def tell(argument: str) -> None:
            self._say(words.note(await asyncio.to_thread(change, argument)))

        return tell

    async def _log_into(self, name: str) -> None:
        if name:
            self._log.open(_path(name))
            self._say(words.note(f"what goes over the port is written into {name}"))
        elif self._log.path is None:
            raise Refused("there is no log; :log FILE begins one")
        else:
            self._say(words.note(f"{self._log.path} is complete"))
            self._log.close()

    async def _play(self, name: str) -> None:
        if self._conversation.takes_data:
            raise Refused("the board waits for data; it would take the dialogue for that")
        loop = asyncio.get_running_loop()

        def here(function: Callable[..., None]) -> Callable[[Any], object]:
            return lambda what: loop.call_soon_threadsafe(function, what)

        ears = Ears(
            sent=here(self._sent),
            gave=here(self._gave),
            heard=here(self._heard),
            noted=here(lambda text: self._say(words.note(text))),
        )
        try:
            await self._link.aside(playing.play, self._link.board, _path(name), self._files, ears)
        except PortLost:
            raise
        except BoardError as error:
            raise Refused(playing.why(error)) from error

    def _sent(self, line: bytes) -> None:
        self._log.sent(line)
        self._say(words.sent(line))

    def _gave(self, data: bytes) -> None:
        self._log.gave(len(data))
        self._say(words.gave(data))

    def _heard(self, event: Event) -> None:
        self._log.heard(event)
        if pieces := words.of(event):
            self._say(pieces)


def _bytes(line: str) -> bytes:
    # What the keyboard sends that is no UTF-8 goes on as it came.
    return line.encode(errors="surrogateescape")


def _path(name: str) -> Path:
    return Path(name).expanduser()


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Refused(f"{path} cannot be read: {error.strerror}") from error
