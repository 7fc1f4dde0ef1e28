"""How many bytes a command asks for after its prompt (wire.md 1.7)."""

import re

# The parameters whose sum is the number, counted from 0.
_LENGTHS: dict[bytes, tuple[int, ...]] = {
    b"AT+FS": (4,),
    b"AT+FS_TO_HTTP_SERVER": (1,),
    b"AT+HTTPCHEAD": (0,),
    b"AT+HTTPCPOST": (1,),
    b"AT+HTTPCPUT": (1,),
    b"AT+HTTPGET_TO_FS": (1,),
    b"AT+HTTPREQ": (2,),
    b"AT+HTTPURLCFG": (0,),
    b"AT+SYSFLASH": (3,),
    b"AT+SYSMFG": (4,),
    b"AT+SYSMSGFILTERCFG": (1, 2),
    b"AT+USEROTA": (0,),
    b"AT+USERRAM": (1,),
}
_PARAMETER = re.compile(rb'("(?:\\.|[^"\\])*"|[^,]*)(?:,|$)')


def wanted(command: bytes) -> int | None:
    """The number of bytes; None if this is not known of the command."""
    name, _, rest = command.partition(b"=")
    places = _LENGTHS.get(name)
    if places is None:
        return None
    parameters = [found[1] for found in _PARAMETER.finditer(rest)]
    try:
        return sum(int(parameters[place], 0) for place in places)
    except (IndexError, ValueError):
        return None
