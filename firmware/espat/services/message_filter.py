# What AT+SYSMSGFILTER takes away from the messages to the host (ESP-AT: "Response Message Format
# Control"), and what keeps unsolicited messages out of long ones.

import asyncio

_POLL_MS = 5


class MessageFilter:
    """The device's filters, see services/filters.py; the first that matches a message cuts it.
    `on`: the switch of AT+SYSMSGFILTER. `long`: a long message is under way. `silent`: nothing is
    reported."""

    silent = False

    def __init__(self, port):
        self._port = port
        self.long = False
        self.filters = []
        self.on = False

    def needed(self):
        """Whether the code of filters is."""
        return len(self.filters) > 0

    def cut(self, message):
        """What remains of a message."""
        if self.on and message:
            for one in self.filters:
                found = one.part(message)
                if found is not None:
                    return message[found[0] : found[1]]
        return message

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
        self.long = True
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
            self.long = False

    async def report(self, *messages):
        """Write unsolicited messages that belong together."""
        while self.long:
            await asyncio.sleep_ms(_POLL_MS)
        rest = b"".join(self.cut(message) for message in messages)
        if rest and not self.silent:
            await self._port.report(rest)
