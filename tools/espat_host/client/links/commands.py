"""What links ask of a board, and what bounds it."""

from espat_host.client.faults import AtCommandError
from espat_host.client.http_lines import BadRequest
from espat_host.client.session import Session

# As much as all versions of ESP-AT take in one AT+CIPSEND, and this firmware gives at a time.
PIECE = 2048
# A board gives up earlier; original ESP-AT only if it is told so.
SEND_LIMIT = 60.0
LONGEST_WAIT = 3600.0
Readable = bytes | bytearray | memoryview
Writable = bytearray | memoryview


def hang_up(board: Session, number: int) -> None:
    """Close a link, if it is open."""
    try:
        board.command(b"AT+CIPCLOSE=%d" % number)
    except AtCommandError:
        return


def open_numbers(board: Session) -> set[int]:
    """The links that the board has."""
    lines = board.command("AT+CIPSTATE?").lines
    return {int(line.partition(b":")[2][:1]) for line in lines if line.startswith(b"+CIPSTATE:")}


def limit(seconds: float | None) -> float:
    """A time limit of a link. Raises BadRequest."""
    if seconds is None or not 0 <= seconds <= LONGEST_WAIT:
        raise BadRequest(f"a link has a time limit, from 0 to {LONGEST_WAIT:g} seconds")
    return seconds
