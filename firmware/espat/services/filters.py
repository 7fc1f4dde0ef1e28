# One filter of AT+SYSMSGFILTER.
#
# A message is what ESP-AT writes to the port in one go: one line, one result, one chunk of a body.
# A part of counted length is no business of a filter: there the head's expression sees what stands
# before it, the tail's what stands behind it, whatever the body holds.

from espat.pure.regex import Regex

# Of a longer message the head sees so many bytes, and so does the tail: matching takes time that
# grows with the length, and the event loop waits meanwhile.
_WINDOW = 128


class Filter:
    """One filter. `compiled`: of head and tail what regex_syntax.compiled() gave, or None."""

    def __init__(self, head, tail, flags, compiled):
        self.head = head
        self.tail = tail
        self.flags = flags
        self._head, self._tail = (one and Regex(*one) for one in compiled)

    def part(self, message):
        """(start, end) of what remains of a message, or None if it is not for this filter."""
        if len(message) <= 2 * _WINDOW:
            found = self._around(message, message, True)
            return found and (found[0], max(found))
        found = self.frame(message[:_WINDOW], message[-_WINDOW:])
        return found and (found[0], len(message) - _WINDOW + found[1])

    def frame(self, head, tail):
        """(start in the head, end in the tail) of what remains around a counted part."""
        return self._around(head, tail, False)

    def _around(self, head, tail, whole):
        start, end = 0, len(tail)
        if self._head is not None:
            match = self._head.search(head, True, whole)
            if match is None:
                return None
            start = match[1]
        if self._tail is not None:
            match = self._tail.search(tail, whole)
            if match is None:
                return None
            end = match[0]
        return start, end
