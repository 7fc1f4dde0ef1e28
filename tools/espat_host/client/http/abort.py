"""AT+HTTPABORT, which ends a request at once on the boards that have it (docs/wire.md 15.2)."""

import re

from espat_host.client.dialogue import Dialogue, Exchange

_REQUEST = re.compile(
    rb"AT\+(HTTP(CLIENT|CGET|CPOST|CPUT|REQ|READ|GETSIZE|GET_TO_FS)|FS_TO_HTTP_SERVER)="
)


def abort(board: Dialogue, line: bytes, exchange: Exchange) -> bool:
    """Give up the request of a line; whether it is one. Where the board asks for data, it would
    take the abort for them."""
    if exchange.awaits_prompt or not _REQUEST.match(line):
        return False
    board.send_line(b"AT+HTTPABORT")
    return True


def settle(board: Dialogue) -> None:
    """After the end of the request: an abort that came later has an OK of its own."""
    reply = board.request(b"AT+HTTPREPORT?")
    if not any(line.startswith(b"+HTTPREPORT:") for line in reply.lines):
        board.reply()
