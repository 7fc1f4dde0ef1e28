# The answer to one command while it is being put together.

from espat.pure.results import CRLF, ERROR, OK, PROMPT

_FULL = 512


class Reply:
    """Lines are kept until they can leave together with the result, in one write: hosts poll
    and act on what they see (wire.md 14, "Bursts")."""

    def __init__(self, port):
        self._port = port
        self._pending = b""
        self.ok = OK  # what ends the command if it succeeds,
        self.failed = ERROR  # and if it does not
        self.after = None  # an async function to run when the result is out

    async def line(self, text):
        """Add one line, without its CR LF."""
        self._pending += text + CRLF
        if len(self._pending) >= _FULL:
            await self.send(b"")

    def bare(self, text):
        """Add text without a line end, for the answers that have no blank line before OK."""
        self._pending += text

    async def prompt(self):
        """Ask the host for its data."""
        await self.send(PROMPT)

    async def send(self, last):
        """Send what is pending, and `last`, in one write."""
        message = self._pending + last
        self._pending = b""
        if message:
            await self._port.write(message)
