# Sets of bytes, and the classes of POSIX's C locale.

from espat.pure.regex_program import other_case

_UPPER, _LOWER = (0x41, 0x5A), (0x61, 0x7A)
_CLASSES = {
    b"alpha": (_UPPER, _LOWER),
    b"upper": (_UPPER,),
    b"lower": (_LOWER,),
    b"digit": ((0x30, 0x39),),
    b"alnum": ((0x30, 0x39), _UPPER, _LOWER),
    b"xdigit": ((0x30, 0x39), (0x41, 0x46), (0x61, 0x66)),
    b"space": ((9, 13), (32, 32)),
    b"blank": ((9, 9), (32, 32)),
    b"cntrl": ((0, 31), (127, 127)),
    b"print": ((32, 126),),
    b"graph": ((33, 126),),
    b"punct": ((33, 47), (58, 64), (91, 96), (123, 126)),
}


def ranges_of(name):
    """The (lowest, highest) pairs of a class such as b"digit", or None."""
    return _CLASSES.get(name)


class ByteSet:
    """`bits`: one for each byte. With `fold` a letter brings its other case with it."""

    def __init__(self, fold):
        self._fold = fold
        self.bits = bytearray(32)

    def add(self, low, high):
        for byte in range(low, high + 1):
            self._add(byte)
            if self._fold:
                self._add(other_case(byte))

    def invert(self, without_newline):
        """All others; under the newline flag none of these takes a newline."""
        self.bits = bytearray(byte ^ 0xFF for byte in self.bits)
        if without_newline:
            self.bits[1] &= ~(1 << 2) & 0xFF

    def _add(self, byte):
        self.bits[byte >> 3] |= 1 << (byte & 7)
