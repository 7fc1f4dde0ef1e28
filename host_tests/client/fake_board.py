"""A pty that says what a test tells it: for the tests of the client, not of the firmware."""

import os
import threading
import tty

from espat_host.sim.lifetime import Running

LIMIT = 60.0


class FakeBoard(Running):
    """Answers each line it receives with the next of its replies, in pieces of `step` bytes."""

    def __init__(self, *replies: bytes, step: int = 4096) -> None:
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        self.port = os.ttyname(self._slave)
        self.received = bytearray()
        self._replies = list(replies)
        self._step = step
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def say(self, data: bytes) -> None:
        """Send bytes now."""
        for start in range(0, len(data), self._step):
            os.write(self._master, data[start : start + self._step])

    def _serve(self) -> None:
        seen = 0
        while self._replies:
            data = os.read(self._master, 4096)
            self.received += data
            while self._replies and (end := self.received.find(b"\r\n", seen)) >= 0:
                seen = end + 2
                self.say(self._replies.pop(0))

    def stop(self) -> None:
        # A reader that still waits ends with the last reply it owes.
        self._replies.clear()
        os.write(self._slave, b"\r\n")
        self._thread.join(LIMIT)
        os.close(self._master)
        os.close(self._slave)
