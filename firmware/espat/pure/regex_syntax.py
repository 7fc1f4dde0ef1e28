# The syntax of POSIX regular expressions, as newlib's regcomp() reads it (newlib/libc/posix/
# regcomp.c): which byte is special where, what is an error. Not there, and so an error: back
# references, collating symbols, word boundaries, groups within more than five others.

from espat.pure.regex_program import (
    BOL,
    EOL,
    BadRegex,
    either,
    instruction,
    optional,
    repeat,
    sized,
    split,
    star,
)
from espat.pure.regex_reader import Reader

EXTENDED, IGNORE_CASE, NEWLINE = 1, 2, 4  # bits of <cflags>, as newlib's regcomp() has them


def compiled(pattern, flags=0):
    """(program, sets, newline): the list of instructions, the byte sets they name, and whether
    newlines are special, for a Regex. A match is complete at the end of the program. `flags`: the
    sum of the bits above. Raises BadRegex."""
    newline = bool(flags & NEWLINE)
    parser = (_Extended if flags & EXTENDED else _Basic)(pattern, flags & IGNORE_CASE, newline)
    program = parser.expression()
    if parser.more():
        raise BadRegex("unmatched )")
    if not program:
        program = [split(1, 1)]  # nothing; Regex looks at the first one
    return program, parser.sets, newline


class _Basic(Reader):
    closing = b"\\)"

    def expression(self):
        start, program, first = self.at, [], True
        if self.eat(b"^"):
            program.append(instruction(BOL))
        while not self.ends():
            program = sized(program + self._piece(first))
            first = False
        if self.at == start:
            raise BadRegex("empty")
        return program

    def _piece(self, first):
        if self.eat(b"\\("):
            body = self.group(self.expression)
        elif self.eat(b"\\"):
            byte = self.next()
            if byte in b"{})123456789":
                raise BadRegex("\\%c does not belong here" % byte)
            body = self.char(byte)
        else:
            byte = self.next()
            if byte == 0x24 and self.ends():
                return [instruction(EOL)]
            if byte == 0x2A and not first:
                raise BadRegex("nothing to repeat")
            body = self.special(byte)
        if self.eat(b"*"):
            return star(body)
        return self.bounds(body, b"\\}") if self.eat(b"\\{") else body


class _Extended(Reader):
    closing = b")"

    def expression(self):
        branches = [self._branch()]
        while self.eat(b"|"):
            branches.append(self._branch())
        program = branches.pop()
        while branches:
            program = either(branches.pop(), program)
        return program

    def _branch(self):
        start, program = self.at, []
        while not self.ends() and not self.see(b"|"):
            program = sized(program + self._piece())
        if self.at == start:
            raise BadRegex("empty")
        return program

    def _piece(self):
        after_caret = self.see(b"^")
        body = self._atom()
        if not self._repetition():
            return body
        if after_caret:
            raise BadRegex("nothing to repeat")
        body = self._repeated(body)
        if self._repetition():
            raise BadRegex("repeated twice")
        return body

    def _repetition(self):
        """Whether a repetition follows; a { without a digit is a plain one."""
        if self.see(b"{"):
            return self.pattern[self.at + 1 : self.at + 2].isdigit()
        return self.more() and self.pattern[self.at] in b"*+?"

    def _repeated(self, body):
        mark = self.next()
        if mark == 0x2A:
            return star(body)
        if mark == 0x2B:
            return repeat(body, 1, -1)
        return optional(body) if mark == 0x3F else self.bounds(body, b"}")

    def _atom(self):
        if self._repetition():
            raise BadRegex("nothing to repeat")
        byte = self.next()
        if byte == 0x5C:
            return self.char(self.next())
        if byte == 0x28:
            return self.group(self.expression)
        if byte == 0x29:
            raise BadRegex("unmatched )")
        anchor = _ANCHORS.get(byte)
        return self.special(byte) if anchor is None else [instruction(anchor)]


_ANCHORS = {0x5E: BOL, 0x24: EOL}
