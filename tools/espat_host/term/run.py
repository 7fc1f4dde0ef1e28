"""From an open port to a terminal and back: the tty is left as it was, whatever happens."""

import asyncio
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from prompt_toolkit.output.vt100 import Vt100_Output

from espat_host.client.board import Board, BoardError
from espat_host.term.history import default_path
from espat_host.term.shell import Shell


def run(
    board: Board,
    title: str,
    *,
    baud: int = 115200,
    files: Mapping[str, bytes] | None = None,
    ask_first: bool = True,
    history: Path | None = None,
    stamps: bool = False,
) -> None:
    """Talk to a board. Raises BoardError, PortLost above all, and KeyboardInterrupt when a signal
    ends it."""
    if sys.platform == "win32":
        raise BoardError(
            "espat term needs Linux or macOS; on Windows use it in WSL, or a terminal program that "
            "ends lines with CR LF"
        )

    async def terminal() -> bool:
        output = Vt100_Output.from_pty(sys.stdout)
        shell = Shell(
            board,
            title,
            history=history or default_path(),
            output=output,
            baud=baud,
            files=files or {},
            stamps=stamps,
        )
        return await shell.run(ask_first=ask_first)

    with _tty_restored():
        interrupted = asyncio.run(terminal())
    if interrupted:
        raise KeyboardInterrupt


@contextmanager
def _tty_restored() -> Iterator[None]:
    import termios  # not on Windows, where run() ends before

    before = termios.tcgetattr(sys.stdin)
    try:
        yield
    finally:
        with suppress(termios.error):  # the terminal may have gone
            termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)
