# One AT command, its form and its arguments: bytes in, values out; nothing here waits or prints.
#
# Numbers are decimal or 0x hexadecimal, signed, 32 bits; "015" is fifteen. Strings are in double
# quotes and may hold any byte; \\ \, \" and \<any> drop the backslash (ESP-AT manual, "AT Command
# Types"). A comma inside quotes needs no backslash here, which ESP-AT asks for (wire.md 14).
# A left-out argument is None; "" is an empty string, which is not the same.

from espat.pure import errors
from espat.pure.errors import AtError

_QUOTE = 0x22
_BACKSLASH = 0x5C
_COMMA = 0x2C
_HEX_DIGITS = b"0123456789abcdefABCDEF"
_REQUIRED = object()


class Args:
    """The parsed arguments, with typed access that raises the AT error of the bad one.

    Indices count from 0, as in the ERR CODE extension."""

    def __init__(self, data):
        self.values = parse(data)

    def __len__(self):
        return len(self.values)

    def count(self, least, most):
        """Refuse fewer than `least` or more than `most` arguments."""
        given = len(self.values)
        if not least <= given <= most:
            needed = least if given < least else most
            raise AtError(errors.PARA_NUM | (needed & 0xFF) << 8 | given & 0xFF)

    def number(self, index, low, high, default=_REQUIRED):
        """The number at `index`, within low..high; `default` where it is left out."""
        value = self._get(index, int, default)
        if value is not default and not low <= value <= high:
            raise AtError(errors.PARA_INVALID | index)
        return value

    def string(self, index, longest, default=_REQUIRED):
        """The string at `index` as bytes, at most `longest` of them."""
        value = self._get(index, bytes, default)
        if value is not default and len(value) > longest:
            raise AtError(errors.PARA_LENGTH | index)
        return value

    def _get(self, index, kind, default):
        value = self.values[index] if index < len(self.values) else None
        if value is None:
            value = default
            if default is _REQUIRED:
                raise AtError(errors.PARA_INVALID | index)
        elif not isinstance(value, kind):
            raise AtError(errors.PARA_TYPE | index)
        return value


def split(line):
    """(name, mark, arguments) of a command line; the mark is b"" to execute, b"?" to query, b"=" to
    set, b"=?" to test; arguments is what follows, or None. Small letters of the name count as
    capitals. Raises AtError."""
    if line[:2].upper() != b"AT":
        raise AtError(errors.NO_AT)
    for at in range(2, len(line)):
        if line[at] in b"=?":
            name, mark, rest = line[2:at].upper(), line[at : at + 1], line[at + 1 :]
            if mark == b"=" and rest != b"?":
                return name, mark, rest
            return name, mark + rest, None  # what follows "?" makes no form that there is
    return line[2:].upper(), b"", None


def parse(data):
    """The list of arguments in `data` (what follows "="): bytes, int or None each."""
    values = []
    at = 0
    while True:
        index, start = len(values), at
        if data[at : at + 1] == b'"':
            value, at = _quoted(data, at + 1, index)
        else:
            at = data.find(b",", start)
            if at < 0:
                at = len(data)
            value = _number(data[start:at], index) if at > start else None
        values.append(value)
        if at == len(data):
            return values
        if data[at] != _COMMA:
            raise AtError(errors.PARA_PARSE | index)
        at += 1


def _quoted(data, at, index):
    text = bytearray()
    while at < len(data):
        byte = data[at]
        if byte == _QUOTE:
            return bytes(text), at + 1
        if byte == _BACKSLASH:
            at += 1
            if at == len(data):
                break
            byte = data[at]
        text.append(byte)
        at += 1
    raise AtError(errors.PARA_PARSE | index)


def _number(text, index):
    # int() is too kind: it takes "1_0" and " 1 " (measured on MicroPython).
    negative = text[:1] == b"-"
    digits = text[1:] if text[:1] in (b"-", b"+") else text
    base, plain = 10, digits.isdigit()
    if digits[:2] in (b"0x", b"0X"):
        base, digits = 16, digits[2:]
        plain = digits and not digits.strip(_HEX_DIGITS)
    if not plain:
        raise AtError(errors.PARA_PARSE | index)
    if len(digits) > 40:  # no number of 32 bits is written so; and int() of it takes time
        raise AtError(errors.PARA_INVALID | index)
    value = -int(digits, base) if negative else int(digits, base)
    if not -0x80000000 <= value <= 0x7FFFFFFF:
        raise AtError(errors.PARA_INVALID | index)
    return value
