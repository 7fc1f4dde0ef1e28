"""As much as the documentation lets a host leave on the board, and how it takes it back."""

from espat_host.client.board import Board
from espat_host.client.replies import Reply

FILTERS = 8
URL = b"http://example.com/" + b"x" * 8000
HEADER = b"X-Filler: " + b"y" * 200
EMPTYING = ("AT+SYSMSGFILTERCFG=0", "AT+USERRAM=0", "AT+HTTPCHEAD=0", "AT+HTTPURLCFG=0")


def answered(board: Board, line: str, data: bytes | None = None) -> Reply:
    """The reply to a command that must have one result code, whichever."""
    reply = board.request(line, data)
    after = board.ask("AT").replace(b"+TIME_UPDATED\r\n", b"")  # at any time, where SNTP is on
    assert after == b"\r\nOK\r\n", (line, reply.raw)
    return reply


def add_filter(board: Board, number: int) -> Reply:
    head, tail = b"^none%d[a-z]*:" % number, b"\r\n$"
    return answered(board, f"AT+SYSMSGFILTERCFG=1,{len(head)},{len(tail)}", head + tail)


def fill(board: Board) -> None:
    """All of it; what does not fit is refused."""
    answered(board, "AT+USERRAM=1,16384")
    answered(board, f"AT+HTTPURLCFG={len(URL)}", URL)
    for number in range(16):
        header = HEADER.replace(b"X-", b"X%d-" % number)
        answered(board, f"AT+HTTPCHEAD={len(header)}", header)
    for number in range(FILTERS):
        add_filter(board, number)
    answered(board, "AT+SYSMSGFILTER=1")


def empty(board: Board) -> None:
    """What frees memory works without any."""
    for line in EMPTYING:
        assert answered(board, line).ok, line
