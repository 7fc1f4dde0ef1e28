# What POSIX's two syntaxes of regular expressions share: bytes, groups, bounds, brackets.

from espat.pure.regex_program import CHAR, SET, BadRegex, instruction, other_case, repeat
from espat.pure.regex_set import ByteSet, ranges_of

DIGITS = b"0123456789"
_DEPTH = 5  # each group takes C stack, of which a chip has little
_MOST = 255  # of {m,n}: RE_DUP_MAX


class Reader:
    """Reads `pattern` from `at` on; sets it meets go into `sets`."""

    def __init__(self, pattern, fold, newline):
        self.pattern = pattern
        self.at = 0
        self._fold = fold
        self._newline = newline
        self.sets = []

    def more(self):
        return self.at < len(self.pattern)

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

    def _set(self, members):
        self.sets.append(bytes(members.bits))
        return [instruction(SET, len(self.sets) - 1)]

    def any(self):
        members = ByteSet(self._fold)
        members.invert(self._newline)
        return self._set(members)

    def group(self, depth, end):
        if depth == _DEPTH:
            raise BadRegex("too many groups within each other")
        if self.eat(end):
            return []
        body = self.expression(depth + 1)
        self.need(end)
        return body

    def expression(self, depth):
        raise NotImplementedError

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
        while self.more() and self.pattern[self.at] in DIGITS:
            self.at += 1
        digits = self.pattern[start : self.at]
        if not 0 < len(digits) <= 3 or int(digits) > _MOST:
            raise BadRegex("bad repetition")
        return int(digits)

    def bracket(self):
        """After the [ of a bracket expression; a backslash in it is nothing special."""
        members = ByteSet(self._fold)
        inverted = self.eat(b"^")
        if self.eat(b"]"):
            members.add(0x5D, 0x5D)
        elif self.eat(b"-"):
            members.add(0x2D, 0x2D)
        while self.more() and not self.see(b"]") and not self.see(b"-]"):
            self._bracket_term(members)
        if self.eat(b"-"):
            members.add(0x2D, 0x2D)
        self.need(b"]")
        if inverted:
            members.invert(self._newline)
        return self._set(members)

    def _bracket_term(self, members):
        if self.eat(b"[:"):
            for low, high in self._class():
                members.add(low, high)
            return
        if self.see(b"-"):
            raise BadRegex("bad range")
        low = high = self._member()
        if self.see(b"-") and not self.see(b"-]"):
            self.at += 1
            high = self._member()
        if low > high:
            raise BadRegex("bad range")
        members.add(low, high)

    def _member(self):
        if self.see(b"[=") or self.see(b"[."):
            raise BadRegex("no collating symbols")
        return self.next()

    def _class(self):
        end = self.pattern.find(b":]", self.at)
        ranges = ranges_of(self.pattern[self.at : end]) if end >= 0 else None
        if ranges is None:
            raise BadRegex("no such class")
        self.at = end + 2
        return ranges
