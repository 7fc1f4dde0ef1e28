"""Headers as they are given, and the lines that are sent."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence

from espat_host.client.http_lines import BadRequest, is_utf8

Value = str | bytes | int | float
# Any pairs will do; where an Iterable is named too, mypy cannot tell what a dict is meant to be.
Headers = Mapping[str, Value] | Sequence[tuple[str, Value]]
MOST_HEADER = 1024
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


def header_lines(headers: Headers | None) -> tuple[str, ...]:
    """Headers as `Key: value`; numbers and bytes become text. Raises BadRequest for what cannot be
    sent."""
    if headers is None:
        return ()
    if isinstance(headers, (str, bytes)) or not isinstance(headers, Iterable):
        raise BadRequest(_SHAPE)
    pairs = headers.items() if isinstance(headers, Mapping) else headers
    return tuple(_header(*_pair(pair)) for pair in pairs)


_SHAPE = 'headers are a mapping, {"Name": "value"}, or pairs of a name and a value'


def _pair(pair: object) -> tuple[str, str]:
    if not isinstance(pair, (tuple, list)) or len(pair) != 2:
        raise BadRequest(_SHAPE)
    key, value = pair
    if not isinstance(key, str):
        raise BadRequest(f"{key!r} is no name of a header: that is text")
    return key.strip(), _text(key, value).strip()


def _text(key: str, value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError as error:
            raise BadRequest(f"the header {key} has bytes that are no UTF-8") from error
    # True and None have no text that a server would expect of them.
    if isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value):
        return str(value)
    raise BadRequest(f"the header {key} is {value!r}; give text or a number")


def _header(key: str, value: str) -> str:
    if not _NAME.fullmatch(key):
        raise BadRequest(f"{key!r} is no name of a header")
    if any((character < " " and character != "\t") or character == "\x7f" for character in value):
        raise BadRequest(f"the header {key} holds a control character")
    line = f"{key}: {value}"
    if not is_utf8(line):
        raise BadRequest(f"the header {key} holds what is no Unicode")
    if len(line.encode()) > MOST_HEADER:
        raise BadRequest(f"the header {key} has more than {MOST_HEADER} bytes")
    return line
