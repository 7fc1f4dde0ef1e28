# POSIX regular expressions over bytes, basic and extended, as AT+SYSMSGFILTERCFG has them.
#
# MicroPython's own `re` knows no POSIX syntax, and it backtracks by recursion (extmod/re1.5/
# recursiveloop.c): a pattern can take exponential time, a long text the C stack. Here all
# alternatives advance together, byte by byte: time grows with pattern times text, no more, and
# nothing recurses. The match is POSIX's: the leftmost, and of those the longest.
#
# What a program looks like: regex_program.py.

from espat.pure.regex_program import BIAS, BOL, CHAR, SET, SPLIT, unpack

_LF = 10


class Regex:
    """An expression at work. `program`, `sets`, `newline`: what regex_syntax.compiled() gave."""

    def __init__(self, program, sets, newline):
        self._program, self._sets, self._newline = program, sets, newline
        op, x, y = unpack(self._program[0])
        self._anchored = op == BOL and not newline
        self._first = bytes([x]) if op == CHAR and x == y else None

    def search(self, text, begins=True, ends=True):
        """(start, end) of the match in `text`, or None. `begins` and `ends` tell whether the ends
        of the text are those of the message too, where ^ and $ match."""
        found, threads, at = None, {}, 0  # a thread: index into the program -> start of its match
        while at <= len(text):
            if found is None:
                if not threads:
                    at = self._next_start(text, at)
                    if at < 0:
                        return None
                self._follow(threads, 0, at, text, at, begins, ends)
            start = threads.pop(len(self._program), None)
            if start is not None and (found is None or start <= found[0]):
                found = (start, at)
            if at == len(text) or (found is not None and not threads):
                return found
            threads = self._step(threads, text, at, found, begins, ends)
            at += 1
        return found

    def _next_start(self, text, at):
        """Where from `at` on a match can begin at all, or -1."""
        if self._anchored:
            return at if at == 0 else -1
        return at if self._first is None else text.find(self._first, at)

    def _step(self, threads, text, at, found, begins, ends):
        """The threads that survive the byte at `at`; the earliest first, so that where two meet
        the leftmost match stays."""
        byte, survivors = text[at], {}
        for index in sorted(threads, key=threads.get):
            start = threads[index]
            if found is not None and start > found[0]:
                break
            op, x, y = unpack(self._program[index])
            if op == SET:
                taken = self._sets[x][byte >> 3] >> (byte & 7) & 1
            else:
                taken = op == CHAR and byte in (x, y)
            if taken:
                self._follow(survivors, index + 1, start, text, at + 1, begins, ends)
        return survivors

    def _follow(self, threads, index, start, text, at, begins, ends):
        """Add the thread, and all that it leads to without taking a byte."""
        waiting = [index]
        while waiting:
            index = waiting.pop()
            if index in threads:
                continue
            if index == len(self._program):
                threads[index] = start
                continue
            op, x, y = unpack(self._program[index])
            if op in (CHAR, SET):
                threads[index] = start
            elif op == SPLIT:
                threads[index] = start  # a mark that this way was taken; no byte gets through it
                waiting.extend((index + x - BIAS, index + y - BIAS))
            elif self._holds(op, text, at, begins, ends):
                waiting.append(index + 1)

    def _holds(self, op, text, at, begins, ends):
        if op == BOL:
            return (at == 0 and begins) or (at > 0 and self._newline and text[at - 1] == _LF)
        last = at == len(text)
        return (last and ends) or (not last and self._newline and text[at] == _LF)
