# What AT+SYSMSGFILTER takes away from the messages to the host (ESP-AT: "Response Message Format
# Control").
#
# A message is what ESP-AT writes to the port in one go: one line, one result, one chunk of a body.
# A part of counted length is no business of a filter: there the head's expression sees what stands
# before it, the tail's what stands behind it, whatever the body holds.

import asyncio

from espat.pure.errors import PARA_PARSE, AtError

_POLL_MS = 5
# Of a longer message the head sees so many bytes, and so does the tail: matching takes time that
# grows with the length, and the event loop waits meanwhile.
_WINDOW = 128


class Filter:
    """One filter. Raises AtError with the index of the parameter that is no expression."""

    def __init__(self, head, tail, flags):
        self.head = head
        self.tail = tail
        self.flags = flags
        self._head = _compile(head, flags, 1)
        self._tail = _compile(tail, flags, 2)

    def cut(self, message):
        """(start, end) of what remains of a message, or None if it is not for this filter."""
        start, end = 0, len(message)
        if self._head is not None:
            match = self._head.search(message)
            if match is None:
                return None
            start = match[1]
        if self._tail is not None:
            match = self._tail.search(message)
            if match is None:
                return None
            end = match[0]
        return start, max(start, end)

    def frame(self, head, tail):
        """(start in the head, end in the tail) of what remains around a counted part."""
        start, end = 0, len(tail)
        if self._head is not None:
            match = self._head.search(head, ends=False)
            if match is None:
                return None
            start = match[1]
        if self._tail is not None:
            match = self._tail.search(tail, begins=False)
            if match is None:
                return None
            end = match[0]
        return start, end


class MessageFilter:
    """The filters of the device; the first that matches a message cuts it. `on`: the switch of
    AT+SYSMSGFILTER."""

    def __init__(self, port):
        self._port = port
        self._long = False
        self.filters = []
        self.on = False

    def find(self, head, tail, flags):
        """The Filter of just these, or None."""
        for one in self.filters:
            if (one.head, one.tail, one.flags) == (head, tail, flags):
                return one
        return None

    def cut(self, message):
        """What remains of a message."""
        if self.on and message:
            for one in self.filters:
                found = self._found(one, message)
                if found is not None:
                    return message[found[0] : found[1]]
        return message

    def _found(self, one, message):
        if len(message) <= 2 * _WINDOW:
            return one.cut(message)
        found = one.frame(message[:_WINDOW], message[-_WINDOW:])
        return found and (found[0], len(message) - _WINDOW + found[1])

    def frame(self, head, tail):
        """How much of the head falls away, and how much of the tail remains, around a part of
        counted length."""
        if self.on:
            for one in self.filters:
                found = one.frame(head, tail)
                if found is not None:
                    return found
        return 0, len(tail)

    async def write_long(self, head, buf, fill, end=b""):
        """Write one message of counted length in pieces: `head`, then what `fill(buf)` puts into
        `buf`, until it returns 0, then `end`. Unsolicited messages wait until all of it is out."""
        self._long = True
        try:
            await self._port.write(head[self.frame(head, b"")[0] :])
            count = fill(buf)
            while count:
                await self._port.write(buf, 0, count)
                await asyncio.sleep_ms(0)
                count = fill(buf)
            if end:
                await self._port.write(end)
        finally:
            self._long = False

    async def report(self, *messages):
        """Write unsolicited messages that belong together."""
        while self._long:
            await asyncio.sleep_ms(_POLL_MS)
        rest = b"".join(self.cut(message) for message in messages)
        if rest:
            await self._port.report(rest)


def _compile(pattern, flags, index):
    if not pattern:
        return None
    # Not at the top: boards whose hosts set no filter keep the memory.
    from espat.pure.regex import Regex
    from espat.pure.regex_program import BadRegex

    try:
        return Regex(pattern, flags)
    except BadRegex as error:
        print("bad expression:", pattern, error)
        raise AtError(PARA_PARSE | index)
