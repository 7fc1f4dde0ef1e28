"""With which number a command ends, as users of curl know them; docs/client.md has the table, and
the help of each command has its own."""

import textwrap

import click

from espat.pure import errors, reasons
from espat_host.client.faults import (
    AtCommandError,
    BoardError,
    BodyTooLarge,
    Cancelled,
    HttpStatusError,
    JoinError,
    NoAnswer,
    NotSupported,
    PortLost,
)
from espat_host.client.http_lines import BadRequest
from espat_host.client.meanings import reason_number

OK, FAILED = 0, 1
NO_BOARD = 2  # also a wrong option, as with every click program
BAD_URL, NOT_POSSIBLE, NO_HOST, NO_CONNECTION, STRANGE_ANSWER = 3, 4, 6, 7, 8
PARTIAL, HTTP_STATUS, WRITE, READ, MEMORY, TIME = 18, 22, 23, 26, 27, 28
RANGE, HANDSHAKE, ABORTED, REDIRECTS, EMPTY, RECEIVE = 33, 35, 42, 47, 52, 56
OWN_CERTIFICATE, CERTIFICATE = 58, 60
INTERRUPTED = 130

MEANINGS = {
    OK: "success; without `--fail` also when the server answers with an error status",
    FAILED: "this PC refused something, such as a folder for temporary files",
    NO_BOARD: "wrong options, or no board: the port cannot be opened, or nobody answers on it",
    BAD_URL: "the url or a header cannot be sent",
    NOT_POSSIBLE: "the firmware does not have what is needed",
    NO_HOST: "the host name could not be resolved",
    NO_CONNECTION: "no connection: to the server, or of the board to its network",
    STRANGE_ANSWER: "the server's answer is not HTTP/1.1",
    PARTIAL: "the body ended before its announced length",
    HTTP_STATUS: "the server answered with a status of 400 or more, and `--fail` was given",
    WRITE: "the output cannot be written",
    READ: "what is to be sent cannot be read, or did not reach the board",
    MEMORY: "the board is out of memory",
    TIME: "a time limit passed",
    RANGE: "the server did not send the range, or the download cannot be continued",
    HANDSHAKE: "the TLS handshake failed",
    ABORTED: "the board gave the request up",
    REDIRECTS: "there are too many redirects, or one leads where the board does not follow",
    EMPTY: "the server closed the connection before it answered",
    RECEIVE: "the board vanished, restarted or said something unexpected, or does not say why",
    OWN_CERTIFICATE: "a certificate or key on the board is missing or unusable",
    CERTIFICATE: "the server's certificate was refused, or the clock is not set",
    INTERRUPTED: "Control-C, SIGTERM or SIGHUP",
}

# What a command ends with that talks to no server.
_LOCAL = {
    OK: "success",
    FAILED: "the command failed; a sentence on stderr tells why",
    NO_BOARD: "wrong options or arguments",
    WRITE: MEANINGS[WRITE],
    INTERRUPTED: MEANINGS[INTERRUPTED],
}
_CHECK = _LOCAL | {FAILED: "at least one board cannot work; a sentence on stderr tells why"}
_READING = _LOCAL | {READ: "stdin cannot be read"}
_ANY_BOARD = (FAILED, NO_BOARD, WRITE, TIME, RECEIVE, INTERRUPTED)
_BOARD = {code: MEANINGS[code] for code in _ANY_BOARD} | {OK: "success"}
_WIFI = {code: MEANINGS[code] for code in (NOT_POSSIBLE, NO_CONNECTION, MEMORY)} | _BOARD

# Command -> its exit codes, and what each means there. Groups end as their commands do. By -X each
# of the HTTP commands can be another one.
BY_COMMAND = {
    "boards build": _LOCAL,
    "boards check": _CHECK,
    "boards chips": _LOCAL,
    "boards list": _LOCAL,
    "delete": MEANINGS,
    "demo": _LOCAL,
    "deploy": _LOCAL,
    "flash": _LOCAL,
    "generate": _LOCAL,
    "get": MEANINGS,
    "head": MEANINGS,
    "help": _LOCAL | {NO_BOARD: "there is no such command"},
    "package": _LOCAL,
    "play": _BOARD | {READ: "the transcript cannot be read, or does not follow the format"},
    "ports": _LOCAL,
    "post": MEANINGS,
    "put": MEANINGS,
    "sim": {code: told for code, told in _READING.items() if code != INTERRUPTED}
    | {OK: "Control-C, SIGTERM or SIGHUP ended it, or stdin came to its end"},
    "size": _LOCAL | {FAILED: "the firmware is above its budget, or could not be weighed"},
    "term": _BOARD
    | {READ: _READING[READ], OK: "ended by :quit or Ctrl-D, or stdin came to its end"},
    "traceback": _READING,
    "wifi join": _WIFI,
    "wifi scan": _WIFI,
    "wifi status": _WIFI,
}
_HELP_WIDTH = 78

_BY_REASON = {
    reasons.CONNECT: NO_CONNECTION,
    reasons.LOOKUP: NO_HOST,
    reasons.REFUSED: NO_CONNECTION,
    reasons.UNREACHABLE: NO_CONNECTION,
    reasons.CONNECT_TIMEOUT: TIME,
    reasons.HANDSHAKE: HANDSHAKE,
    reasons.CERTIFICATE: CERTIFICATE,
    reasons.MALFORMED: STRANGE_ANSWER,
    reasons.CLOSED: EMPTY,
    reasons.TOO_LARGE: RECEIVE,
    reasons.NO_MEMORY: MEMORY,
    reasons.READ_TIMEOUT: TIME,
    reasons.INCOMPLETE: PARTIAL,
    reasons.WRITE_TIMEOUT: TIME,
    reasons.HOST_SILENT: READ,
    reasons.NO_WIFI: NO_CONNECTION,
    reasons.ABORTED: ABORTED,
    reasons.LOOKUP_TIMEOUT: TIME,
    reasons.HANDSHAKE_TIMEOUT: TIME,
    reasons.NOT_SUPPORTED: NOT_POSSIBLE,
    reasons.UNKNOWN_CA: CERTIFICATE,
    reasons.CERTIFICATE_EXPIRED: CERTIFICATE,
    reasons.CERTIFICATE_FUTURE: CERTIFICATE,
    reasons.WRONG_HOST: CERTIFICATE,
    reasons.CLOCK_NOT_SET: CERTIFICATE,
    reasons.BAD_IDENTITY: OWN_CERTIFICATE,
    reasons.REDIRECTS: REDIRECTS,
    reasons.BAD_REDIRECT: REDIRECTS,
    reasons.NO_BODY: RECEIVE,
    reasons.NO_LENGTH: RECEIVE,
    reasons.FILES_FULL: WRITE,
    reasons.FILE_NOT_FOUND: READ,
    reasons.FILE_ERROR: RECEIVE,
    reasons.EMPTY: EMPTY,
    reasons.SETTINGS_FULL: WRITE,
    reasons.SETTINGS_ERROR: WRITE,
    reasons.NO_PACKAGE: RECEIVE,
    reasons.CHECKSUM: RECEIVE,
    reasons.WRONG_PACKAGE: RECEIVE,
    reasons.UPDATING: RECEIVE,
    reasons.NO_UPDATES: NOT_POSSIBLE,
    reasons.NO_VERSION: RECEIVE,
    reasons.HANDSHAKE_CLOSED: HANDSHAKE,
}
_BY_CODE = {errors.UNSUPPORTED: NOT_POSSIBLE, errors.OP_ERROR: NOT_POSSIBLE}
_PARAMETER_ERRORS = (errors.PARA_LENGTH, errors.PARA_INVALID, errors.PARA_PARSE)
# The first that fits.
_BY_KIND: tuple[tuple[type[BaseException], int], ...] = (
    (BadRequest, BAD_URL),
    (Cancelled, INTERRUPTED),
    (KeyboardInterrupt, INTERRUPTED),
    (HttpStatusError, HTTP_STATUS),
    (JoinError, NO_CONNECTION),
    (BodyTooLarge, WRITE),
    (NotSupported, NOT_POSSIBLE),
    (NoAnswer, TIME),
    (PortLost, RECEIVE),
    (BoardError, RECEIVE),
)


class CommandFault(BoardError):
    """A command cannot go on; `exit_code` is what it ends with."""

    def __init__(self, exit_code: int, sentence: str) -> None:
        super().__init__(sentence)
        self.exit_code = exit_code


def exit_code(error: BaseException) -> int:
    """The number for what went wrong."""
    if isinstance(error, CommandFault):
        return error.exit_code
    if type(error) is AtCommandError:
        return _of_code(error.code)
    return next((code for kind, code in _BY_KIND if isinstance(error, kind)), RECEIVE)


def _of_code(code: int | None) -> int:
    reason = reason_number(code)
    if reason is not None:
        return _BY_REASON[reason]
    if code is not None and code & ~0xFFFF in _PARAMETER_ERRORS:
        return BAD_URL
    return _BY_CODE.get(code or 0, RECEIVE)


def told_by_help(command: click.Command, path: str) -> None:
    """Put the exit codes of a command, or of all in a group, behind their help."""
    if not isinstance(command, click.Group):
        command.epilog = _epilog(BY_COMMAND[path])
        return
    for name, below in command.commands.items():
        told_by_help(below, f"{path} {name}")


def _epilog(codes: dict[int, str]) -> str:
    """In click's words: \b keeps it from being filled into one paragraph."""
    lines = ["\b", "Exit codes:"]
    for code, meaning in sorted(codes.items()):
        head = f"{code:5}  "
        plain = meaning.replace("`", "")
        lines += textwrap.wrap(plain, _HELP_WIDTH, initial_indent=head, subsequent_indent=" " * 7)
    return "\n".join(lines)
