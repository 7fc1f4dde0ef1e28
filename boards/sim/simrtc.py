# The user's part of the RTC's memory (ports/esp32/machine_rtc.c, MICROPY_HW_RTC_USER_MEM_MAX). It
# survives resets, deep sleep and crashes of the chip; a loss of power empties it.

import os

from simboard import setting, state_path

_MOST = 2048
_POWER_ON = "1"


class _Memory:
    def __init__(self):
        self._path = state_path("rtc-memory")
        if setting("CAUSE", _POWER_ON) == _POWER_ON or not self._exists():
            self.write(b"")  # it may also be that no program has looked at it since the power came

    def _exists(self):
        try:
            os.stat(self._path)
        except OSError:
            return False
        return True

    def read(self):
        with open(self._path, "rb") as file:
            return file.read()

    def write(self, data):
        if len(data) > _MOST:
            raise ValueError("buffer too long")
        # A reset may come at any time, and finds the old bytes or the new ones.
        with open(self._path + "-unfinished", "wb") as file:
            file.write(data)
        os.rename(self._path + "-unfinished", self._path)


rtc_memory = _Memory()
