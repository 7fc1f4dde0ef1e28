# The world around the simulated board: access points, stations and where host names lead.
# The launcher sends a line of JSON for every state of it; the last one counts. It is put in place
# as one object: a thread that reads world.data while it changes sees the old world or the new one.

import _thread
import json

import utime as time  # the world counts on when the board's ticks wrap
from simboard import descriptor, power_off

_EVERY_MS = 2
_MAIN = _thread.get_ident()


def _point(ssid, password, security, number):
    return {
        "ssid": ssid,
        "password": password,
        "security": security,
        "bssid": "02:00:00:00:00:%02x" % number,
        "channel": 1,
        "rssi": -30,
        "delay": 0.02,
        "hidden": False,
        "dhcp": True,
        "address": "192.168.4.2",
    }


def in_main_thread():
    return _thread.get_ident() == _MAIN


class World:
    """What is outside. Without a launcher: the two access points it would have sent."""

    def __init__(self):
        self.data = {
            "access_points": [
                _point("espressif", "1234567890", "wpa2", 1),
                _point("espressif-open", "", "open", 2),
            ],
            "hosts": None,
            "scan_time": 0.1,
            "stations": [],
        }
        self._pipe = descriptor("WORLD", "rb")
        self._buf = bytearray(1024)
        self._line = b""
        self._lock = _thread.allocate_lock()
        self._asked = time.ticks_ms() - _EVERY_MS

    def refresh(self):
        """Take in what the launcher has sent; allocates only when it has sent something."""
        now = time.ticks_ms()
        if not self._pipe or time.ticks_diff(now, self._asked) < _EVERY_MS:
            return
        if self._lock.acquire(0):  # another thread that refreshes does it for us
            self._asked = now
            self._read()
            self._lock.release()

    def access_points(self):
        return self.data["access_points"]

    def stations(self):
        return self.data["stations"]

    def _read(self):
        n = self._pipe.readinto(self._buf)
        while n:
            self._take(n)
            n = self._pipe.readinto(self._buf)
        if n == 0:
            power_off()

    def _take(self, n):
        self._line += self._buf[:n]
        if b"\n" not in self._line:
            return
        *states, self._line = self._line.split(b"\n")
        self.data = json.loads(states[-1])


world = World()
