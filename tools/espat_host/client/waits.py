"""Time limits."""

import time


class Wait:
    """One thing waited for, with its limit; `silence`: the limit once it has begun to come."""

    def __init__(self, what: str, seconds: float, silence: float | None = None) -> None:
        self.what = what
        self.seconds = seconds
        self._silence = silence
        self.restart()

    def restart(self) -> None:
        """From now on there is as much time as in the beginning."""
        self._deadline = time.monotonic() + self.seconds

    def renew(self) -> None:
        """Something has come."""
        self.seconds = self._silence or self.seconds
        self.restart()

    def over(self) -> bool:
        return time.monotonic() > self._deadline
