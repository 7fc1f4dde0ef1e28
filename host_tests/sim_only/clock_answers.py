"""What the tests of the clock share: its two answers, as numbers and text."""

import time

from espat_host.client.board import Board

OK = b"\r\nOK\r\n"
Y2010 = 1262304000
NOW = 1785000000  # July 2026


def timestamp(board: Board) -> int:
    answer = board.ask("AT+SYSTIMESTAMP?")
    assert answer.startswith(b"+SYSTIMESTAMP:")
    assert answer.endswith(OK)
    return int(answer[len(b"+SYSTIMESTAMP:") : -len(OK)])


def since(start: float) -> range:
    """How many seconds a clock may have counted that was set between then and now."""
    return range(int(time.monotonic() - start) + 2)


def shown_time(board: Board) -> bytes:
    answer = board.ask("AT+CIPSNTPTIME?")
    assert answer.startswith(b"+CIPSNTPTIME:")
    assert answer.endswith(OK)
    text = answer[len(b"+CIPSNTPTIME:") : -len(OK)]
    # No empty line before OK: ESP-AT cuts off asctime()'s line end (docs/wire.md 5.5).
    assert not text.endswith(b"\n")
    return text
