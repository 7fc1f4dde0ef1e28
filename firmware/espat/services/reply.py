# The answer to one command while it is being put together.

from espat.pure.results import CRLF, ERROR, OK, PROMPT

_FULL = 512


class Reply:
    """Lines are kept until they can leave together with the result, in one write: hosts poll
    and act on what they see (wire.md 14, "Bursts"). To the message filter each is one message."""

    def __init__(self, port, message_filter):
        self._port = port
        self._filter = message_filter
        self._pending = b""
        self.name = b""  # of the command, from the "+" on
        self.ok = OK  # what ends the command if it succeeds,
        self.failed = ERROR  # and if it does not
        self.plain = False  # whether no filter is for that
        self.after = None  # an async function to run when the result is out

    async def line(self, text):
        """Add one line, without its CR LF."""
        self._pending += self._filter.cut(text + CRLF)
        if len(self._pending) >= _FULL:
            await self.send(b"")

    def bare(self, text):
        """Add text without a line end, for the answers that have no blank line before OK."""
        self._pending += self._filter.cut(text)

    async def prompt(self):
        """Ask the host for its data."""
        await self.end(PROMPT)

    async def end(self, result):
        """Send what is pending, and `result`, in one write."""
        await self.send(result if self.plain else self._filter.cut(result))

    async def send(self, last):
        """The same with `last` as it is: a piece of data is no business of the filter."""
        message = self._pending + last
        self._pending = b""
        # Most answers fit at once: that costs no coroutine.
        if message and not self._port.try_write(message, 0, len(message)):
            await self._port.write(message)
