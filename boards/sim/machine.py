# The module `machine` of an ESP32, as far as a modem needs it, for MicroPython's unix port.
# Names, ranges and refusals follow ports/esp32/machine_uart.c and modmachine.c.

import os
import time

from simboard import launcher, setting, state_path
from simclock import clock
from simmemory import Memory32
from simrtc import rtc_memory
from simuart import UART, ports  # noqa: F401 - UART is part of the module

PWRON_RESET = 1
HARD_RESET = 2
WDT_RESET = 3
DEEPSLEEP_RESET = 4
SOFT_RESET = 5

_FREQUENCIES = (20000000, 40000000, 80000000, 160000000, 240000000)
mem32 = Memory32()
_OUI = b"\x24\x0a\xc4"  # a block of addresses that belongs to Espressif


def reset():
    """Start again as after pressing the reset button; bytes the driver still holds are lost."""
    ports.finish()
    launcher.restart(HARD_RESET)


def soft_reset():
    ports.finish()
    launcher.restart(SOFT_RESET)


def deepsleep(time_ms=None):
    """Sleep and start again; without a time only a power cut ends it."""
    launcher.restart(DEEPSLEEP_RESET, -1 if time_ms is None else time_ms)


def lightsleep(time_ms=0):
    time.sleep_ms(time_ms)


def reset_cause():
    return int(setting("CAUSE", "1"))


def wake_reason():
    return 4 if reset_cause() == DEEPSLEEP_RESET else 0  # ESP_SLEEP_WAKEUP_TIMER


def _factory_address():
    path = state_path("efuse")
    try:
        with open(path, "rb") as f:
            return f.read(6)
    except OSError:
        # Even last byte: the access point's address is the station's plus one.
        tail = os.urandom(3)
        address = _OUI + tail[:2] + bytes([tail[2] & 0xFE])
        # The power may be cut at any time, and this is written but once.
        with open(path + "-unfinished", "wb") as f:
            f.write(address)
        os.rename(path + "-unfinished", path)
        return address


_unique_id = _factory_address()


def unique_id():
    return _unique_id


def low_pins():
    """The pins that somebody outside holds low."""
    try:
        with open(state_path("low_pins")) as file:
            return [int(number) for number in file.read().split()]
    except OSError:
        return []


class _Clock:
    frequency = 160000000


def freq(hz=None):
    if hz is None:
        return _Clock.frequency
    if hz not in _FREQUENCIES:
        raise ValueError("frequency must be 20MHz, 40MHz, 80Mhz, 160MHz or 240MHz")
    _Clock.frequency = hz


class Pin:
    """A pin nothing is wired to: it keeps the level it was given. One that the file low_pins in
    the state names, as "0 9", is held low from outside."""

    IN = 1
    OUT = 3
    OPEN_DRAIN = 7
    PULL_DOWN = 1
    PULL_UP = 2

    def __init__(self, id, mode=-1, pull=-1, *, value=None, drive=None, hold=None):
        if not 0 <= id < 40:
            raise ValueError("invalid pin")
        self._id = id
        self._level = 1 if pull == self.PULL_UP else 0
        if id in low_pins():
            self._level = 0
        if value is not None:
            self.value(value)

    def init(self, mode=-1, pull=-1, *, value=None, drive=None, hold=None):
        if value is not None:
            self.value(value)

    def value(self, level=None):
        if level is None:
            return self._level
        self._level = 1 if level else 0

    __call__ = value

    def on(self):
        self.value(1)

    def off(self):
        self.value(0)

    def __repr__(self):
        return "Pin(%d)" % self._id


class RTC:
    """The clock; it is right when somebody has set it, and `time` shows the same."""

    def datetime(self, when=None):
        """(year, month, day, weekday, hour, minute, second, microsecond)"""
        if when is None:
            ns = clock.now()
            t = time.gmtime(ns // 1000000000)
            return (t[0], t[1], t[2], t[6], t[3], t[4], t[5], ns // 1000 % 1000000)
        year, month, day, _, hour, minute, second, micros = when
        seconds = time.mktime((year, month, day, hour, minute, second))
        clock.set((seconds * 1000000 + micros) * 1000)

    def memory(self, data=None):
        """2048 bytes that survive every reset; a loss of power empties them."""
        if data is None:
            return rtc_memory.read()
        rtc_memory.write(data)

    def init(self, when):
        """(year, month, day, hour, minute, second, microsecond, time zone)"""
        year, month, day, hour, minute, second, micros, _ = when
        self.datetime((year, month, day, 0, hour, minute, second, micros))


class WDT:
    """Accepted and fed; a simulated board that hangs is for its user to see."""

    def __init__(self, id=0, timeout=5000):
        if id != 0:
            raise ValueError("WDT(%d) doesn't exist" % id)

    def feed(self):
        pass
