# The chip's real-time clock, in UTC. It survives a reset and is lost with the power.
#
# MicroPython's epoch is 2000 on the chip and 1970 elsewhere; time.gmtime(0) tells which.

import time

import machine

_Y2000 = 946684800  # seconds from 1970
_EPOCH = _Y2000 if time.gmtime(0)[0] == 2000 else 0
# The clock starts in 2000 when the power comes. No board is up for ten years without a clock, and
# no certificate of today was valid then.
EARLIEST = 1262304000  # 2010-01-01
# After 28 years dates fall on the same days of the week, 1901 to 2099. Not every port's gmtime()
# knows the years before 2000.
_CYCLE_YEARS = 28
_CYCLE = 10227 * 86400


def is_set():
    """Whether somebody has set the clock since power-on."""
    return _raw() >= EARLIEST


def unix():
    """Seconds since 1970; while the clock is not set the seconds since power-on, as ESP-AT: hosts
    look for the year 1970 to see that there is no time yet."""
    seconds = _raw()
    return seconds if seconds >= EARLIEST else max(0, seconds - _Y2000)


def set_unix(seconds, micros=0):
    """Set the clock; `seconds` since 1970, not before EARLIEST."""
    year, month, day, hour, minute, second, weekday = calendar(seconds)
    machine.RTC().datetime((year, month, day, weekday, hour, minute, second, micros))


def calendar(seconds):
    """(year, month, day, hour, minute, second, weekday) of `seconds` since 1970; Monday is 0."""
    cycles = 2 if seconds < _Y2000 else 0
    date = time.gmtime(seconds + cycles * _CYCLE - _EPOCH)
    return (date[0] - cycles * _CYCLE_YEARS,) + tuple(date[1:7])


def _raw():
    return int(time.time()) + _EPOCH
