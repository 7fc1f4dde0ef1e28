"""Line numbers in .mpy files, of which a board gets one for each function.

MicroPython keeps in its heap which instructions came from which line: 1,900 bytes for what is
always there. With the function's first line alone, a traceback still tells the function. A module's
own code keeps all its lines, because it is gone when it has run.
The format: py/persistentcode.c, py/bc.h and py/emitbc.c of MicroPython, version 6.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

VERSION = 6
_STATIC, _BYTECODE = 1, 0
_NO_LENGTH = range(5)  # the function table, None, False, True, Ellipsis
_TEXT, _BYTES, _TUPLE = 5, 6, 10
_MOST_LINES = 0x7FF  # of one entry of two bytes


class FormatError(Exception):
    """Not a .mpy file of bytecode, in version 6."""


def first_lines_only(mpy: bytes) -> bytes:
    """The same file with one line number for each function. Raises FormatError."""
    if mpy[:2] != b"M%c" % VERSION:
        raise FormatError(f"not a .mpy file of version {VERSION}: {mpy[:2]!r}")
    source = _Source(mpy, 4)
    names, objects = source.number(), source.number()
    for _ in range(names):
        _skip_name(source)
    for _ in range(objects):
        _skip_object(source)
    return mpy[: source.at] + b"".join(_code(source, lambda module: module))


@dataclass
class _Source:
    data: bytes
    at: int

    def byte(self) -> int:
        self.at += 1
        return self.data[self.at - 1]

    def take(self, count: int) -> bytes:
        self.at += count
        return self.data[self.at - count : self.at]

    def number(self) -> int:
        """Seven bits a byte, the highest first."""
        value = 0
        while True:
            byte = self.byte()
            value = value << 7 | byte & 0x7F
            if byte < 0x80:
                return value


def _number(value: int) -> bytes:
    made = [value & 0x7F]
    while value := value >> 7:
        made.append(value & 0x7F | 0x80)
    return bytes(reversed(made))


def _skip_name(source: _Source) -> None:
    length = source.number()
    if not length & _STATIC:
        source.take((length >> 1) + 1)


def _skip_object(source: _Source) -> None:
    kind = source.byte()
    if kind in _NO_LENGTH:
        return
    length = source.number()
    if kind == _TUPLE:
        for _ in range(length):
            _skip_object(source)
    else:
        source.take(length + (kind in (_TEXT, _BYTES)))


def _code(source: _Source, edited: Callable[[bytes], bytes]) -> Iterator[bytes]:
    """The code of a module or a function as `edited` leaves it, and the functions in it."""
    head = source.number()
    kind, has_children, length = head & 3, head & 4, head >> 3
    if kind != _BYTECODE:
        raise FormatError("native code has no table of lines")
    code = edited(source.take(length))
    yield _number(len(code) << 3 | has_children | kind) + code
    if has_children:
        children = source.number()
        yield _number(children)
        for _ in range(children):
            yield from _code(source, _short)


def _short(code: bytes) -> bytes:
    function = _Source(code, 0)
    arguments = _arguments(function)
    signature = code[: function.at]
    info, cells = _sizes(function)
    start, end = function.at, function.at + info
    for _ in range(1 + arguments):
        function.number()  # its own name, and theirs
    kept = code[start : function.at] + _entries(_first_increment(code[function.at : end]))
    return signature + _encoded_sizes(len(kept), cells) + kept + code[end:]


def _arguments(function: _Source) -> int:
    """How many names follow the function's own (MP_BC_PRELUDE_SIG_DECODE_INTO)."""
    byte = function.byte()
    positional, keyword, turn = byte & 3, 0, 0
    while byte & 0x80:
        byte = function.byte()
        positional |= (byte & 4) << turn
        keyword |= (byte & 8) >> 3 << turn
        turn += 1
    return positional + keyword


def _sizes(function: _Source) -> tuple[int, int]:
    """Bytes of names and lines, and of cells (MP_BC_PRELUDE_SIZE_DECODE_INTO)."""
    info = cells = turn = 0
    while True:
        byte = function.byte()
        info |= (byte & 0x7E) >> 1 << 6 * turn
        cells |= (byte & 1) << turn
        turn += 1
        if byte < 0x80:
            return info, cells


def _encoded_sizes(info: int, cells: int) -> bytes:
    made = bytearray()
    while True:
        byte = (info & 0x3F) << 1 | cells & 1
        info, cells = info >> 6, cells >> 1
        made.append(byte | (0x80 if info or cells else 0))
        if not (info or cells):
            return bytes(made)


def _first_increment(lines: bytes) -> int:
    """From line 1 to the first that has an instruction (mp_bytecode_decode_lineinfo)."""
    increment, at, skipped = 0, 0, 0
    while at < len(lines) and not skipped:
        byte = lines[at]
        if byte < 0x80:
            skipped, more, at = byte & 0x1F, byte >> 5, at + 1
        else:
            skipped, more, at = byte & 0x0F, byte << 4 & 0x700 | lines[at + 1], at + 2
        increment += 0 if skipped and increment else more
    return increment


def _entries(increment: int) -> bytes:
    made = b""
    while increment:
        step = min(increment, _MOST_LINES)
        made += bytes([0x80 | step >> 4 & 0x70, step & 0xFF])
        increment -= step
    return made
