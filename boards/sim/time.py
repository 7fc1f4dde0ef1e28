# The module `time` of an ESP32: seconds since 2000 by the board's own clock, no local time
# (ports/esp32/modtime.c, shared/timeutils), ticks that wrap as they do there. The sleep functions
# are the native ones.
#
# The ticks of a 32-bit port have 30 bits (py/mpconfig.h, MICROPY_PY_TIME_TICKS_PERIOD): they wrap
# after twelve days, in microseconds after 18 minutes. Here that happens a few seconds after the
# start, in the middle of the work, so that code which compares ticks as numbers is found.

import utime
from simclock import Y2000, clock
from utime import (  # noqa: F401 - part of the module
    sleep,
    sleep_ms,
    sleep_us,
)

_PERIOD = 1 << 30
_MASK = _PERIOD - 1
_HALF = _PERIOD // 2
_BEFORE_WRAP_MS = 4000
_MS = -_BEFORE_WRAP_MS - utime.ticks_ms()
_US = -_BEFORE_WRAP_MS * 1000 - utime.ticks_us()


def ticks_ms():
    return utime.ticks_ms() + _MS & _MASK


def ticks_us():
    return utime.ticks_us() + _US & _MASK


def ticks_cpu():
    return utime.ticks_cpu() & _MASK


def ticks_add(ticks, delta):
    if not -_HALF < delta < _HALF:
        raise OverflowError("ticks interval overflow")
    return ticks + delta & _MASK


def ticks_diff(end, start):
    return (end - start + _HALF & _MASK) - _HALF


def time_ns():
    return clock.now()


def time():
    return clock.now() // 1000000000


def gmtime(seconds=None):
    seconds = time() if seconds is None else int(seconds)
    return utime.gmtime(seconds + Y2000)[:8]


localtime = gmtime


def mktime(when):
    """The seconds of a date; fields may lie outside their range, as on the chip."""
    year, month, day, hour, minute, second = when[:6]
    month -= 1
    year, month = year + month // 12, month % 12 + 1
    # Days of the civil calendar, counted from March so that the leap day is a year's last.
    shifted, of_march = (year - 1, month + 9) if month < 3 else (year, month - 3)
    days = shifted * 365 + shifted // 4 - shifted // 100 + shifted // 400
    days += (of_march * 153 + 2) // 5 + day - 1 - 730425  # 2000-01-01
    return ((days * 24 + hour) * 60 + minute) * 60 + second
