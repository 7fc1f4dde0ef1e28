# The module `time` of an ESP32: seconds since 2000 by the board's own clock, no local time
# (ports/esp32/modtime.c, shared/timeutils). The tick and sleep functions are the native ones.

import utime
from simclock import Y2000, clock
from utime import (  # noqa: F401 - part of the module
    sleep,
    sleep_ms,
    sleep_us,
    ticks_add,
    ticks_cpu,
    ticks_diff,
    ticks_ms,
    ticks_us,
)


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
