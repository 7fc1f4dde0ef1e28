"""How many bytes a command asks for after its prompt (wire.md 1.7)."""

import itertools
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
# Those whose length is the last number before the first string, behind the link's.
_OF_LINKS = (b"AT+CIPSEND", b"AT+CIPSENDL", b"AT+CIPSENDEX")
_PARAMETER = re.compile(rb'("(?:\\.|[^"\\])*"|[^,]*)(?:,|$)')


def wanted(command: bytes) -> int | None:
    """The number of bytes; None if this is not known of the command."""
    name, _, rest = command.partition(b"=")
    parameters = [found[1] for found in _PARAMETER.finditer(rest)]
    places = (_behind_link(parameters),) if name in _OF_LINKS else _LENGTHS.get(name)
    if places is None:
        return None
    try:
        return sum(int(parameters[place], 0) for place in places)
    except (IndexError, ValueError):
        return None


def _behind_link(parameters: list[bytes]) -> int:
    numbers = itertools.takewhile(bytes.isdigit, parameters)
    return max(0, len(list(numbers)) - 1)
