# The wall clock behind `time` and machine.RTC: it starts in 2000 with the power, counts on over a
# reset, and is right only when somebody has set it. mbedTLS goes on looking at the PC's clock.

import utime
from simboard import setting, state_path

Y2000 = 946684800  # the chip's epoch, in seconds from 1970
_POWER_ON = "1"


class _Clock:
    """What the PC's clock must be added to make the chip's, in nanoseconds since 2000. The state
    folder has it, for the next run of a board that is reset."""

    def __init__(self):
        self._path = state_path("rtc")
        self._ahead = self._kept()
        if self._ahead is None:
            self.set(0)

    def now(self):
        """Nanoseconds since 2000."""
        return utime.time_ns() + self._ahead

    def set(self, ns):
        self._ahead = ns - utime.time_ns()
        with open(self._path, "w") as f:
            f.write(str(self._ahead))

    def _kept(self):
        if setting("CAUSE", _POWER_ON) == _POWER_ON:
            return None
        try:
            with open(self._path) as f:
                return int(f.read())
        except (OSError, ValueError):
            return None


clock = _Clock()
