"""What the numbers after ERR CODE mean, in sentences; docs/errors.md is the same for people.

The numbers are the firmware's own tables, which run under CPython too.
"""

from espat.pure import errors, reasons
from espat_host.client import reason_texts

EXTENSION = 0xFFFF
FIRST_STATUS, LAST_STATUS = 400, 599
UNKNOWN = "the board does not say why"

# What the numbers after 0x01 0x04 ... say; {} stands for the parameter.
_PARAMETERS = {
    errors.PARA_LENGTH: "{} is too long, or the line is",
    errors.PARA_TYPE: "{} has the wrong type",
    errors.PARA_INVALID: "{} is out of its range, left out, or otherwise wrong",
    errors.PARA_PARSE: "{} cannot be read",
}
# The parameters of the commands that this package sends, from 0 on; the last one for all others.
_NAMES = {
    "AT+CWJAP": ("the network's name", "the network's password"),
    "AT+CWLAP": ("the network's name",),
    "AT+CIPSNTPCFG": ("the switch", "the time zone", "the time server"),
    "AT+HTTPCGET": ("the url", "a buffer's size", "a buffer's size", "the timeout"),
    "AT+HTTPGETSIZE": ("the url", "a buffer's size", "a buffer's size", "the timeout"),
    "AT+HTTPCPOST": ("the url", "the length of the data", "the number of headers", "a header"),
    "AT+HTTPCPUT": ("the url", "the length of the data", "the number of headers", "a header"),
    "AT+HTTPREQ": (
        *("the method", "the url", "the length of the data", "the timeout", "a buffer's size"),
        *("the number of headers", "a header"),
    ),
    "AT+HTTPCLIENT": (
        *("the method", "the content type", "the url", "the host", "the path", "the transport"),
        *("the data", "a header"),
    ),
    "AT+HTTPURLCFG": ("the length of the url",),
    "AT+HTTPCHEAD": ("the length of a header",),
    "AT+HTTPCFG": ("the way to authenticate", "the certificate's number", "the CA's number"),
    "AT+SYSMFG": (
        *("the operation", "the kind of certificate", "the certificate's name", "the type"),
        "the length of the certificate",
    ),
    "AT+SYSTIMESTAMP": ("the time",),
    "AT+CIPSTART": (
        *("the link", "the type", "the host", "the port", "keep-alive", "the local address"),
        "the timeout",
    ),
    "AT+CIPSSLCSNI": ("the link", "the host"),
    "AT+CIPSEND": ("the link", "the length of the data"),
    "AT+CIPRECVDATA": ("the link", "the length"),
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


def meaning(code: int | None, command: str = "") -> str:
    """One sentence for an ERR CODE, which a command was answered; None: the board told none."""
    if code is None:
        return UNKNOWN
    if status := http_status(code):
        return f"HTTP status {status}"
    if code in _REASONS:
        return str(_REASONS[code])
    return _general(code & ~EXTENSION, code & EXTENSION, command)


def _general(kind: int, extension: int, command: str) -> str:
    if kind == errors.PARA_NUM:
        return f"{extension >> 8} parameters are needed, {extension & 0xFF} were given"
    if kind in _PARAMETERS:
        return _PARAMETERS[kind].format(_parameter(extension, command))
    return _OTHERS.get(kind, UNKNOWN)


def _parameter(number: int, command: str) -> str:
    names = _NAMES.get(command)
    return names[min(number, len(names) - 1)] if names else f"parameter {number}"
