"""What an answer means for the command: success, or which exception."""

import re

from espat_host.client.dialogue import name_of
from espat_host.client.events import is_unsolicited
from espat_host.client.faults import AtCommandError, BoardBusy, HttpStatusError
from espat_host.client.meanings import http_status
from espat_host.client.replies import Reply

BUSY = b"busy p..."
_ERR_CODE = re.compile(rb"ERR CODE:0x([0-9a-fA-F]{8})")


def outcome(line: bytes, reply: Reply) -> Reply:
    """The reply to a command line if it is a success; its lines are then without echo and what came
    unasked. Raises BoardBusy, HttpStatusError, AtCommandError."""
    codes = [int(found[1], 16) for found in map(_ERR_CODE.fullmatch, reply.lines) if found]
    reply.lines = [text for text in reply.lines if _belongs(text, line)]
    if reply.ok:
        return reply
    code = codes[-1] if codes else None
    if reply.result == BUSY:
        raise BoardBusy(f"{name_of(line)}: the board is busy with another command")
    if code is not None and http_status(code):
        raise HttpStatusError(name_of(line), code, reply.lines, reply.body)
    raise AtCommandError(name_of(line), code, reply.lines)


def _belongs(text: bytes, line: bytes) -> bool:
    return text != line and not is_unsolicited(text) and not _ERR_CODE.fullmatch(text)
