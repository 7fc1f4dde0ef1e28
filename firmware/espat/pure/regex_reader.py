# What POSIX's two syntaxes of regular expressions share: bytes, groups, bounds, brackets.

from espat.pure.regex_program import CHAR, SET, BadRegex, instruction, other_case, repeat

_DEPTH = 5  # each group takes C stack, of which a chip has little
_MOST = 255  # of {m,n}: RE_DUP_MAX
# The classes of POSIX's C locale, as (lowest, highest) pairs.
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


class Reader:
    """Reads `pattern` from `at` on; sets it meets go into `sets`. `depth`: in how many groups it
    is, each of which ends with `closing`."""

    closing = b""

    def __init__(self, pattern, fold, newline):
        self.pattern = pattern
        self.at = self.depth = 0
        self._fold = fold
        self._newline = newline
        self.sets = []

    def more(self):
        return self.at < len(self.pattern)

    def ends(self):
        """Whether this is the end of an expression."""
        return not self.more() or (self.depth > 0 and self.see(self.closing))

    def see(self, mark):
        return self.pattern[self.at : self.at + len(mark)] == mark

    def eat(self, mark):
        if not self.see(mark):
            return False
        self.at += len(mark)
        return True

    def need(self, mark):
        if not self.eat(mark):
            raise BadRegex("%s is missing" % mark)

    def next(self):
        if not self.more():
            raise BadRegex("ends in the middle")
        self.at += 1
        return self.pattern[self.at - 1]

    def char(self, byte):
        return [instruction(CHAR, byte, other_case(byte) if self._fold else byte)]

    def special(self, byte):
        """What `byte` means in both syntaxes, where it is not escaped."""
        if byte == 0x2E:
            return self._set(bytearray(32), True)
        return self._bracket() if byte == 0x5B else self.char(byte)

    def group(self, expression):
        """After what opens it; `expression` reads what is in it."""
        if self.depth == _DEPTH:
            raise BadRegex("too many groups within each other")
        if self.eat(self.closing):
            return []
        self.depth += 1
        body = expression()
        self.depth -= 1
        self.need(self.closing)
        return body

    def bounds(self, body, end):
        """After the opening brace of {m}, {m,} or {m,n}."""
        low = high = self._number()
        if self.eat(b","):
            high = -1 if self.see(end) else self._number()
        self.need(end)
        if 0 <= high < low:
            raise BadRegex("bad repetition")
        return repeat(body, low, high)

    def _number(self):
        start = self.at
        while self.pattern[self.at : self.at + 1].isdigit():
            self.at += 1
        digits = self.pattern[start : self.at]
        if not 0 < len(digits) <= 3 or int(digits) > _MOST:
            raise BadRegex("bad repetition")
        return int(digits)

    def _bracket(self):
        """After the [ of a bracket expression; a backslash in it is nothing special."""
        members = bytearray(32)  # a bit for each byte
        inverted = self.eat(b"^")
        if self.see(b"]") or self.see(b"-"):
            self._add(members, self.next())
        while self.more() and not self.see(b"]") and not self.see(b"-]"):
            self._bracket_term(members)
        if self.eat(b"-"):
            self._add(members, 0x2D)
        self.need(b"]")
        return self._set(members, inverted)

    def _bracket_term(self, members):
        if self.eat(b"[:"):
            end = self.pattern.find(b":]", self.at)
            ranges = _CLASSES.get(self.pattern[self.at : end]) if end >= 0 else None
            if ranges is None:
                raise BadRegex("no such class")
            for low, high in ranges:
                self._add(members, low, high)
            self.at = end + 2
            return
        if self.see(b"-"):
            raise BadRegex("no such range")
        low = high = self._member()
        if self.see(b"-") and not self.see(b"-]"):
            self.at += 1
            high = self._member()
        if low > high:
            raise BadRegex("no such range")
        self._add(members, low, high)

    def _member(self):
        if self.see(b"[=") or self.see(b"[."):
            raise BadRegex("no collating symbols")
        return self.next()

    def _add(self, members, low, high=None):
        for byte in range(low, (high or low) + 1):
            for one in (byte, other_case(byte) if self._fold else byte):
                members[one >> 3] |= 1 << (one & 7)

    def _set(self, members, inverted):
        """A member of these, or one of all others; under the newline flag no newline then."""
        if inverted:
            members = bytearray(bits ^ 0xFF for bits in members)
            if self._newline:
                members[1] &= 0xFB
        self.sets.append(bytes(members))
        return [instruction(SET, len(self.sets) - 1)]
