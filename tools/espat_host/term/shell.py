"""The terminal itself: prompt_toolkit above, the port below, the conversation between them."""

import asyncio
import signal
from collections.abc import Coroutine, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from prompt_toolkit import PromptSession
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.history import History
from prompt_toolkit.output.base import Output
from prompt_toolkit.styles import Style

from espat_host.client.board import Board, PortLost
from espat_host.client.events import Result
from espat_host.term import keys, words
from espat_host.term.actions import Actions
from espat_host.term.colon import Refused
from espat_host.term.commands import Commands
from espat_host.term.completion import LineCompleter
from espat_host.term.conversation import Conversation, Heard
from espat_host.term.history import CommandHistory
from espat_host.term.link import Link
from espat_host.term.log import Log
from espat_host.term.screen import Screen
from espat_host.term.tasks import stop
from espat_host.term.view import View

TICK = 0.25
# Below this rate the list of commands, some kilobytes, would keep the line busy for seconds.
LIST_BAUD = 38400
# A pasted line waits so long for the answer to the one before it.
PASTE_PATIENCE = 60.0
# So long after an OK the prompt may come that belongs to it.
PROMPT_PATIENCE = 1.0
STYLE = Style.from_dict({**words.COLOURS, "bottom-toolbar": "noreverse ansibrightblack"})


class Shell:
    """One terminal on an open port. `files` are the bodies that transcripts name."""

    def __init__(
        self,
        board: Board,
        title: str,
        *,
        history: Path,
        output: Output,
        baud: int,
        files: Mapping[str, bytes],
        stamps: bool = False,
    ) -> None:
        self._title = title
        self._baud = baud
        self._conversation = Conversation()
        self._commands = Commands()
        self._log = Log(lambda why: self._say(words.fault(why)))
        self._link = Link(board, self._received, self._lost)
        self._view = View(time=stamps)
        self._returning: asyncio.Future[None] | None = None
        self._session = self._prompt_session(output, history)
        self._message = self._state()
        self._screen = Screen(self._session.app, output, STYLE, self._written)
        self._say = self._screen.show
        self._actions = Actions(
            self._link,
            self._conversation,
            self._commands,
            self._log,
            self._say,
            self._view,
            files,
        )
        self._answered = asyncio.Event()
        self._task: asyncio.Future[object] | None = None
        self._interrupted = False
        self._fault: BaseException | None = None

    async def run(self, *, ask_first: bool) -> bool:
        """Until the user has had enough, or a signal has come: True. Raises PortLost. `ask_first`:
        find out who is there, and which commands it has."""
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(self._broken)
        self._main = asyncio.create_task(self._converse(ask_first))
        background = [
            asyncio.create_task(self._watch_silence()),
            asyncio.create_task(self._screen.keep_written()),
        ]
        for number in (signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self._end)
        loop.add_signal_handler(signal.SIGINT, self._interrupt)
        try:
            await asyncio.wait([self._main, *background], return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._link.close()
            returning = [] if self._returning is None else [self._returning]
            await stop([self._main, *background, *returning])
            self._screen.write_now()
        if self._fault is not None:
            raise self._fault
        if self._returning is not None:
            raise PortLost("the port has gone, and was not back at the end")
        return self._interrupted

    async def _converse(self, ask_first: bool) -> None:
        self._say(words.note(f"{self._title}. Tab completes, F1 helps, Ctrl-D ends."))
        if ask_first:
            await self._work(self._actions.ask_first(list_all=self._baud >= LIST_BAUD))
        if self._returning is None:
            self._link.listen()
        while True:
            self._screen.write_now()
            try:
                text = await self._session.prompt_async(
                    handle_sigint=False, set_exception_handler=False
                )
            except EOFError:
                return
            if await self._enter(text):
                return

    async def _enter(self, text: str) -> bool:
        """What was typed, or pasted: line by line; data as it is. Whether it ends the terminal."""
        if self._conversation.takes_data and text:
            return bool(await self._work(self._actions.enter(text)))
        lines = [line for line in text.split("\n") if line.strip()]
        for number, line in enumerate(lines):
            if number and not await self._work(self._until_answered()):
                return False
            if await self._work(self._actions.enter(line)):
                return True
        return False

    async def _work(self, work: Coroutine[Any, Any, object]) -> object:
        """None if it was ended by Control-C, or refused."""
        task = self._task = asyncio.ensure_future(work)
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError:
            await stop([task])
            raise
        finally:
            self._task = None
        if task.cancelled():
            self._say(words.note("given up"))
            return None
        try:
            return task.result()
        except Refused as refused:
            self._say(words.fault(str(refused)))
        except PortLost as error:
            self._lost(error)
        return None

    async def _until_answered(self) -> bool:
        try:
            while self._conversation.running:
                await self._anything(PASTE_PATIENCE)
        except asyncio.TimeoutError as error:
            raise Refused("no answer; the rest of what was pasted is not sent") from error
        with suppress(asyncio.TimeoutError):
            while self._conversation.prompt_due:
                await self._anything(PROMPT_PATIENCE)
        return True

    async def _anything(self, seconds: float) -> None:
        self._answered.clear()
        await asyncio.wait_for(self._answered.wait(), seconds)

    def _received(self, data: bytes) -> None:
        self._hear(self._conversation.feed(data))

    def _hear(self, heard: list[Heard]) -> None:
        for one in heard:
            self._log.heard(one.event)
            if shown := self._view.of(one):
                self._say(shown)
            if one.event == Result(b"OK"):
                self._actions.follow(self._conversation.command)
        self._answered.set()
        self._session.app.invalidate()

    async def _watch_silence(self) -> None:
        while True:
            await asyncio.sleep(TICK)
            if heard := self._conversation.silent_for(self._link.silence):
                self._hear(heard)

    def _lost(self, error: PortLost) -> None:
        if self._returning is not None:
            self._say(words.fault("the port has gone: nothing is sent"))
            return
        why = str(error).splitlines()[0]
        self._say(words.fault(f"{why}; waiting until it is back, Ctrl-D ends"))
        self._conversation.forget()
        self._returning = asyncio.ensure_future(self._return())

    async def _return(self) -> None:
        await self._link.reopen()
        self._returning = None
        self._say(words.note("the port is back"))

    def _broken(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """A fault of this program: its traceback is for the screen as the user left it."""
        self._fault = context.get("exception") or RuntimeError(context["message"])
        self._main.cancel()

    def _interrupt(self) -> None:
        """Control-C while there is no prompt; at the prompt it is a key, or somebody's signal."""
        if self._task is not None:
            self._task.cancel()
        elif self._session.app.is_running:
            self._session.app.key_processor.send_sigint()

    def _end(self) -> None:
        self._interrupted = True
        self._link.close()
        self._main.cancel()

    def _prompt_session(self, output: Output, path: Path) -> PromptSession[str]:
        history: History = CommandHistory(path, lambda: not self._conversation.takes_data)
        return PromptSession(
            lambda: self._message,
            history=history,
            completer=LineCompleter(self._commands, lambda: self._conversation.takes_data),
            complete_while_typing=False,
            bottom_toolbar=self._toolbar,
            enable_suspend=True,
            key_bindings=keys.bindings(self._commands, lambda pieces: self._say(pieces)),
            style=STYLE,
            output=output,
        )

    def _written(self) -> None:
        # Not before: the lines that tell of a change stand above the prompt that shows it.
        self._message = self._state()

    def _state(self) -> FormattedText:
        if not self._conversation.takes_data:
            return FormattedText([("class:note", "at> ")])
        size = self._conversation.missing
        return FormattedText([("class:ask", "data> " if size is None else f"{size} bytes> ")])

    def _toolbar(self) -> str:
        hint = self._commands.hint(self._session.default_buffer.text)
        running = f"{self._conversation.command.decode(errors='replace')[:30]} is running"
        return hint or (running if self._conversation.running else self._title)
