"""What a line does that was typed: a command, data, or one of the terminal's own commands."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from espat_host.board import BoardError, Cancelled, NoAnswer, PortLost
from espat_host.term import keys, playing, words
from espat_host.term.colon import Refused, hex_bytes, parse
from espat_host.term.commands import Commands
from espat_host.term.conversation import Conversation
from espat_host.term.link import Link
from espat_host.term.log import Log
from espat_host.term.words import Shown

FIRST_ANSWER = 3.0


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
        files: Mapping[str, bytes],
    ) -> None:
        self._link = link
        self._conversation = conversation
        self._commands = commands
        self._log = log
        self._say = say
        self._files = files
        self._colon: dict[str, Callable[[str], Awaitable[None]]] = {
            "help": self._help,
            "send": self._send_file,
            "hex": self._send_hex,
            "log": self._log_into,
            "play": self._play,
        }

    async def enter(self, line: str) -> bool:
        """What was typed; whether it ends the terminal."""
        if line.startswith(":"):
            name, argument = parse(line)
            if name == "quit":
                return True
            await self._colon[name](argument)
        elif self._conversation.takes_data:
            await self._give(line.encode())
        else:
            data = self._conversation.send(line.encode())
            self._log.sent(line.encode())
            await self._link.write(data)
        return False

    async def ask_first(self, *, list_all: bool) -> None:
        """Which commands the board has, or only that it is there."""
        line = b"AT+CMD?" if list_all else b"AT"
        try:
            reply = await asyncio.to_thread(self._link.board.request, line, timeout=FIRST_ANSWER)
        except NoAnswer:
            self._say(words.note("nothing answers yet; is the baud rate right?"))
        except PortLost:
            raise
        except BoardError as error:
            self._say(words.fault(playing.why(error)))
        else:
            if list_all and not self._commands.learn(reply.lines):
                self._say(words.note("the board does not tell its commands"))

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
        self._conversation.offer(0)
        await self._give(hex_bytes(digits))

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
        board, loop = self._link.board, asyncio.get_running_loop()

        def show(pieces: Shown) -> None:
            loop.call_soon_threadsafe(self._say, pieces)

        self._link.ignore()
        work = asyncio.create_task(
            asyncio.to_thread(playing.play, board, _path(name), self._files, show)
        )
        try:
            await asyncio.shield(work)
        except asyncio.CancelledError:
            board.cancel()
            await asyncio.wait([work])
            if isinstance(error := work.exception(), BoardError) and type(error) is not Cancelled:
                self._say(words.fault(playing.why(error)))
            raise
        except PortLost:
            raise
        except BoardError as error:
            raise Refused(playing.why(error)) from error
        finally:
            board.forget_cancel()
            self._link.listen()


def _path(name: str) -> Path:
    return Path(name).expanduser()


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Refused(f"{path} cannot be read: {error.strerror}") from error
