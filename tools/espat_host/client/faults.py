"""What can go wrong with a board, as exceptions. All of them are BoardError."""

from espat_host.client.meanings import http_status, meaning


class BoardError(Exception):
    """The board did not do what was expected; the message carries the evidence."""


class NoAnswer(BoardError):
    """A time limit passed."""


class UnexpectedBytes(BoardError):
    """Other bytes came than the expected ones."""


class PortLost(BoardError):
    """The port cannot be opened, went away or does not take any more bytes."""


class BoardClosed(PortLost):
    """close() was called before."""


class BoardInUse(BoardError):
    """A command is under way: of another thread, or a stream that is not read to its end."""


class BoardRestarted(BoardError):
    """`ready` came although nobody asked for a restart: power, a watchdog, somebody's reset.
    Settings that are not saved (headers, url, AT+HTTPCFG, the clock) are gone."""


class BoardBusy(BoardError):
    """The board still worked on an earlier command when the time limit passed."""


class Cancelled(BoardError):
    """Board.cancel() was called."""


class Deserted(Cancelled):
    """The same, by somebody who does not wait until the board is done with it."""


class BodyTooLarge(BoardError):
    """A body for memory is larger than was allowed."""


class UploadFault(BoardError):
    """The source of an upload has other than the announced number of bytes, or cannot be read."""


class NotSupported(BoardError):
    """The board's firmware does not have what was asked for; nothing was sent to the server."""


class AtCommandError(BoardError):
    """A command was answered ERROR or SEND FAIL.

    `command` is its name, `code` the number of ERR CODE, or None where the board tells none;
    `reason` a sentence; `lines` what stood before the result code."""

    def __init__(
        self, command: str, code: int | None, lines: list[bytes], reason: str = ""
    ) -> None:
        self.command = command
        self.code = code
        self.lines = lines
        self.reason = reason or meaning(code, command)
        known = "" if code is None else f" (0x{code:08x})"
        super().__init__(f"{command} failed: {self.reason}{known}")


class LinkError(BoardError, ConnectionError):
    """A link of connect() cannot do what was asked; a ConnectionError for code that knows
    sockets."""


class LinkClosed(LinkError):
    """The link is closed: by close(), by the peer, or because the board has restarted."""


class LinkTimeout(BoardError, TimeoutError):
    """The peer said nothing, or took nothing, within the link's time limit."""


class NoFreeLink(LinkError):
    """All five links of the board are open."""


JOIN_CAUSES = {
    1: "the access point did not answer in time",
    2: "wrong password",
    3: "no access point of that name was found",
    4: "the connection failed",
}


class JoinError(AtCommandError):
    """AT+CWJAP failed; `cause` is the number of +CWJAP:<cause>, or None."""

    def __init__(self, cause: int | None, code: int | None, lines: list[bytes]) -> None:
        self.cause = cause
        super().__init__("AT+CWJAP", code, lines, JOIN_CAUSES.get(cause or 0, ""))


class HttpStatusError(AtCommandError):
    """The server answered with a status of 400 or more.

    `body` is the begin of what came with it, at most 64 KiB; `headers` as in Answer."""

    def __init__(self, command: str, code: int, lines: list[bytes], body: bytes) -> None:
        super().__init__(command, code, lines)
        self.status = http_status(code)
        self.body = body
        self.headers: list[tuple[str, str]] = []


class ConnectError(AtCommandError, ConnectionError):
    """connect() failed; `code` and `reason` tell why."""
