"""One link of a board, as a socket.

The board receives in passive mode: it says that there is something, and gives as much as it is
asked for. What nobody has asked for waits there, and the rest, once TCP's window is full, with the
peer."""

import io
import socket
from types import TracebackType
from typing import IO, Any, NoReturn, cast

from espat.pure import reasons
from espat.pure.errors import EXEC_FAIL
from espat_host.client.faults import (
    AtCommandError,
    BoardError,
    LinkClosed,
    LinkError,
    LinkTimeout,
    NoAnswer,
)
from espat_host.client.links.commands import (
    PIECE,
    SEND_LIMIT,
    Readable,
    Writable,
    hang_up,
    limit,
    open_numbers,
)
from espat_host.client.meanings import reason_number
from espat_host.client.session import Session
from espat_host.client.waits import Wait

SHUT = "the peer has closed the link"
LOST = "the board has closed the link, or restarted, while it was out of step"
_SENDING: dict[int, type[BoardError]] = {
    EXEC_FAIL | reasons.CLOSED: LinkClosed,
    EXEC_FAIL | reasons.WRITE_TIMEOUT: LinkTimeout,
}


class Link:
    """What connect() returns. `number`: which of the board's five links it is.

    Its methods are those of a socket, and raise a BoardError that is an OSError, too: LinkTimeout
    (TimeoutError), LinkClosed and LinkError (ConnectionError). As everything of a board they are
    for one thread at a time."""

    def __init__(self, board: Session, number: int, peer: tuple[str, int], timeout: float) -> None:
        self.number = number
        self._board = board
        self._peer = peer
        self._timeout = timeout
        self._may_hold = False  # whether there may be data on the board
        self._doubtful = False  # whether the board was out of step, and what it said was lost
        self._ended = False
        self._fault = ""  # why it has ended, if not as it should
        self._closed = False
        self._io_refs = 0  # files of makefile(), which count for socket.SocketIO

    def hear(self, text: bytes) -> None:
        """What the board has said of it."""
        if text.endswith(b"CLOSED"):
            self._ended = True
        elif text.startswith(b"+IPD"):
            self._may_hold = True

    def doubt(self) -> None:
        """What the board has said may be lost."""
        self._doubtful = True

    def lose(self, fault: str) -> None:
        """It is gone, and what is still to come with it."""
        self._ended, self._fault = True, self._fault or fault

    def desert(self) -> None:
        """Nobody gets to use it."""
        self._closed = True

    def recv(self, size: int) -> bytes:
        """What has come, at least one and at most `size` bytes; b"" at the end. Raises LinkTimeout
        when nothing comes."""
        with self._board.turn.taken():
            wait = Wait(f"data on link {self.number}", self._timeout)
            self._check()
            while size > 0:
                if self._may_hold and (data := self._ask(size)):
                    return data
                if self._ended:
                    self._check()
                    break
                self._await_news(wait)
        return b""

    def recv_into(self, buffer: Writable, nbytes: int = 0) -> int:
        """The same into a buffer; how many bytes."""
        view = memoryview(buffer).cast("B")
        data = self.recv(min(nbytes, len(view)) or len(view))
        view[: len(data)] = data
        return len(data)

    def send(self, data: Readable) -> int:
        """Send a part of the data; how many bytes. Raises LinkTimeout, LinkClosed, LinkError."""
        piece = bytes(memoryview(data).cast("B")[:PIECE])
        with self._board.turn.taken():
            self._check()
            self._board.listen()
            if self._ended:
                raise LinkClosed(SHUT)
            if piece:
                self._send(piece)
        return len(piece)

    def sendall(self, data: Readable) -> None:
        """Send all of it. As with a socket, a peer that waits until its answers are read ends this
        in LinkTimeout."""
        view = memoryview(data).cast("B")
        while len(view):
            view = view[self.send(view) :]

    def makefile(
        self,
        mode: str = "r",
        buffering: int | None = None,
        *,
        encoding: str | None = None,
        errors: str | None = None,
        newline: str | None = None,
    ) -> IO[Any]:
        """A file over the link, which stays open until that is closed, too."""
        # The standard library's own, which asks no more of a socket than is here.
        make = cast(Any, socket.socket.makefile)
        made = make(self, mode, buffering, encoding=encoding, errors=errors, newline=newline)
        return cast(IO[Any], made)

    def settimeout(self, seconds: float | None) -> None:
        """For how long recv() waits, from now on."""
        self._timeout = limit(seconds)

    def gettimeout(self) -> float:
        """What was set."""
        return self._timeout

    def getpeername(self) -> tuple[str, int]:
        """Host and port, as connect() was told."""
        return self._peer

    def shutdown(self, how: int) -> None:
        """Close it, for SHUT_RDWR. A board cannot close one direction alone."""
        if how != socket.SHUT_RDWR:
            raise LinkError("a board closes both directions of a link at once: use close()")
        with self._board.turn.taken():
            self._check()
            self._hang_up()

    def fileno(self) -> NoReturn:
        """There is none."""
        fault = "a link has no file descriptor, it is on the board: set a timeout and use recv()"
        raise io.UnsupportedOperation(fault)

    def close(self) -> None:
        """Close it, or let the last file of makefile() do so."""
        if not self._closed and not self._io_refs:
            self._hang_up()
        self._closed = True

    def __enter__(self) -> "Link":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _decref_socketios(self) -> None:
        """What socket.SocketIO calls when it is closed. That may be the garbage collector's work,
        in the middle of a command: then the next connect() closes the link."""
        self._io_refs -= 1
        if self._closed and not self._io_refs and self._board.idle:
            self._hang_up()

    @property
    def deserted(self) -> bool:
        """Whether nobody uses it any more, and the board still has it."""
        return self._closed and not self._io_refs and not self._ended

    @property
    def surely_open(self) -> bool:
        """Whether the board has it."""
        return not (self._ended or self._doubtful)

    def _check(self) -> None:
        """Raises LinkClosed."""
        if self._closed and not self._io_refs:
            raise LinkClosed("the link is closed; open another one with connect()")
        if not self._board.in_step:
            self._board.start()
        if self._doubtful:
            self._look_again()
        if self._fault:
            raise LinkClosed(self._fault)

    def _look_again(self) -> None:
        if self.number in open_numbers(self._board):
            self._may_hold = True
        else:
            self.lose(LOST)
        self._doubtful = False

    def _ask(self, size: int) -> bytes:
        """What the board holds; b"" if there is nothing."""
        wanted, self._may_hold = min(size, PIECE), False
        try:
            data = self._board.command(b"AT+CIPRECVDATA=%d,%d" % (self.number, wanted)).body
        except AtCommandError as error:
            if reason_number(error.code) is None:
                return b""
            self._may_hold = True
            raise LinkError(str(error)) from error
        self._may_hold = self._may_hold or len(data) == wanted
        return data

    def _await_news(self, wait: Wait) -> None:
        self._board.listen()
        while not (self._may_hold or self._ended):
            try:
                self._board.receive(wait)
            except NoAnswer as error:
                fault = f"nothing came on link {self.number} for {wait.seconds:g} s"
                raise LinkTimeout(fault) from error
            self._board.listen()

    def _send(self, piece: bytes) -> None:
        line = b"AT+CIPSEND=%d,%d" % (self.number, len(piece))
        try:
            self._board.command(line, piece, length=len(piece), timeout=SEND_LIMIT)
        except AtCommandError as error:
            kind = _SENDING.get(error.code or 0, LinkClosed if self._ended else LinkError)
            raise kind(str(error)) from error

    def _hang_up(self) -> None:
        if self._ended or self._board.closed:
            return
        hang_up(self._board, self.number)
        self._ended = True
