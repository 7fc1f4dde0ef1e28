"""What the numbers after ERR CODE mean, in sentences; docs/errors.md is the same for people.

The numbers are the firmware's own tables, which run under CPython too.
"""

from espat.pure import errors, reasons
from espat_host.client import reason_texts

EXTENSION = 0xFFFF
FIRST_STATUS, LAST_STATUS = 400, 599
UNKNOWN = "the board does not say why"

# What the numbers after 0x01 0x04 ... say; {} stands for the extension.
_PARAMETERS = {
    errors.PARA_LENGTH: "parameter {} is too long, or the line is",
    errors.PARA_TYPE: "parameter {} has the wrong type",
    errors.PARA_INVALID: "parameter {} is out of its range, left out, or otherwise wrong",
    errors.PARA_PARSE: "parameter {} cannot be read",
}
_OTHERS = {
    errors.NO_AT: "the line does not begin with AT",
    errors.UNSUPPORTED: "no such command",
    errors.EXEC_FAIL: "the command could not be carried out",
    errors.PROCESSING: "another command is running",
    errors.OP_ERROR: "the command does not have this form",
}
_REASONS = {errors.EXEC_FAIL | reason: sentence for reason, sentence in reason_texts.TABLE}


def http_status(code: int | None) -> int:
    """The HTTP status in an ERR CODE; 0 if it is another failure."""
    status = (code or 0) - (errors.EXEC_FAIL | reasons.HTTP_STATUS)
    return status if FIRST_STATUS <= status <= LAST_STATUS else 0


def reason_number(code: int | None) -> int | None:
    """The row of reason_texts.TABLE that an ERR CODE stands for, if it is one."""
    return None if code not in _REASONS else (code or 0) & EXTENSION


def meaning(code: int | None) -> str:
    """One sentence for an ERR CODE; None: the board told none."""
    if code is None:
        return UNKNOWN
    if status := http_status(code):
        return f"HTTP status {status}"
    if code in _REASONS:
        return str(_REASONS[code])
    return _general(code & ~EXTENSION, code & EXTENSION)


def _general(kind: int, extension: int) -> str:
    if kind == errors.PARA_NUM:
        return f"{extension >> 8} parameters are needed, {extension & 0xFF} were given"
    if kind in _PARAMETERS:
        return _PARAMETERS[kind].format(extension)
    return _OTHERS.get(kind, UNKNOWN)
