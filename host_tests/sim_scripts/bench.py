# What the scripts here share: the far ends of the board, played by the script itself.
#
#     micropython <script>.py <test>     runs one function test_... of the script
#
# ESPAT_TEST_HOST   descriptor of the host's end of UART1's pty
# ESPAT_TEST_WORLD  descriptor of the writing end of the world's pipe

import json
import os
import select
import sys
import time

import simticks  # noqa: F401 - before asyncio
import utime

LIMIT_MS = 20000


def descriptor(name, mode):
    return open(int(os.getenv("ESPAT_TEST_" + name)), mode)


_world = descriptor("WORLD", "wb")


def run(tests):
    tests[sys.argv[1]]()


class Clock:
    """What modules of the simulation that are held by it take for `time`: it stands still until
    the script lets time pass, so that a busy PC changes nothing."""

    def __init__(self):
        self._now = utime.ticks_ms()

    def hold(self, module):
        module.time = self

    def pass_ms(self, ms):
        self._now += ms

    def ticks_ms(self):
        return self._now

    def ticks_add(self, ticks, delta):
        return ticks + delta

    def ticks_diff(self, end, start):
        return end - start


clock = Clock()


class Host:
    """The computer at the other end of UART1."""

    def __init__(self):
        self._file = descriptor("HOST", "r+b")
        self._board = open(int(os.getenv("ESPAT_SIM_UART1")), "rb")  # noqa: SIM115
        self._arrived = select.poll()
        self._arrived.register(self._board, select.POLLIN)

    def write(self, data):
        """Returns when the bytes have come through the pty, which may take its time."""
        count = self._file.write(data)
        assert self._arrived.poll(LIMIT_MS)
        return count

    def read(self, n):
        """What has arrived, at most n bytes."""
        return self._file.read(n) or b""

    def expect(self, n, during=None):
        """Exactly n bytes, while `during` is called again and again."""
        data = b""
        start = time.ticks_ms()
        while len(data) < n:
            data += self.read(n - len(data))
            if during:
                during()
            assert time.ticks_diff(time.ticks_ms(), start) < LIMIT_MS, (len(data), "of", n)
        return data


def set_world(**world):
    """Change the world as the launcher does; what is not named has the board's own defaults."""
    world = {
        "access_points": world.get("access_points", [access_point()]),
        "hosts": world.get("hosts"),
        "scan_time": world.get("scan_time", 0.01),
        "stations": world.get("stations", []),
    }
    _world.write(json.dumps(world).encode() + b"\n")
    time.sleep_ms(3)  # the board looks at most every 2 ms
    clock.pass_ms(3)


def access_point(**changes):
    """A completed access point, as tools/espat_host/sim/world.py makes it."""
    point = {
        "ssid": "home",
        "password": "12345678",
        "security": "wpa2",
        "bssid": "02:00:00:00:00:01",
        "channel": 3,
        "rssi": -41,
        "delay": 0.005,
        "hidden": False,
        "dhcp": True,
        "address": "192.168.4.2",
    }
    point.update(changes)
    return point


def wait_until(condition, what):
    """Poll until it holds; what never comes is told."""
    start = time.ticks_ms()
    while not condition():
        assert time.ticks_diff(time.ticks_ms(), start) < LIMIT_MS, what
        time.sleep_ms(1)
        clock.pass_ms(1)
    return time.ticks_diff(time.ticks_ms(), start)


def refused(kind, function, *args, **kwargs):
    """The exception that the call must raise."""
    try:
        function(*args, **kwargs)
    except kind as error:
        return error
    raise AssertionError("not refused: %s %s" % (args, kwargs))
