# The chip's clock: the year 2000 at power-on, seconds since then, no local time; and its
# ticks.

import time

import bench
import machine
import simclock
import utime
from bench import refused

POWER_ON, HARD_RESET = "1", "2"


def restarted(cause):
    """The clock of the next run, which starts for that reason."""
    old = simclock.setting
    simclock.setting = lambda name, default="": cause
    try:
        return simclock._Clock()
    finally:
        simclock.setting = old


def test_it_starts_in_2000():
    assert time.gmtime()[:5] == (2000, 1, 1, 0, 0)
    assert 0 <= time.time() < 50
    assert type(time.time()) is int
    assert time.gmtime(0) == (2000, 1, 1, 0, 0, 0, 5, 1)
    assert machine.RTC().datetime()[:6] == (2000, 1, 1, 5, 0, 0)


def undisturbed(check):
    """What takes no time is checked again where this process stood still in the middle of it."""
    for _ in range(20):
        start = utime.ticks_ms()
        try:
            return check()
        except AssertionError:
            if utime.ticks_diff(utime.ticks_ms(), start) < 500:
                raise
    raise AssertionError("this PC is too busy")


def check_set_time():
    machine.RTC().datetime((2026, 8, 19, 0, 12, 30, 15, 250000))
    assert time.localtime()[:6] == (2026, 8, 19, 12, 30, 15)
    assert time.gmtime() == time.localtime()
    assert machine.RTC().datetime()[:7] == (2026, 8, 19, 2, 12, 30, 15)
    assert 250000 <= machine.RTC().datetime()[7] < 900000
    assert (
        time.time_ns() // 1000000000 == time.time() == time.mktime((2026, 8, 19, 12, 30, 15, 0, 0))
    )


def test_setting_it_moves_time():
    undisturbed(check_set_time)
    refused(ValueError, machine.RTC().datetime, (2026, 8, 19))


def check_init():
    machine.RTC().init((2026, 8, 19, 12, 30, 15, 0, 0))
    assert machine.RTC().datetime()[:7] == (2026, 8, 19, 2, 12, 30, 15)


def test_init_has_another_order():
    undisturbed(check_init)


def test_mktime_and_gmtime_are_inverse():
    for seconds in range(-86400 * 366, 3000000000, 86400 * 17 + 4321):
        assert time.mktime(time.gmtime(seconds)) == seconds


def test_a_reset_keeps_it_and_the_power_does_not():
    machine.RTC().datetime((2026, 8, 19, 0, 12, 30, 15, 0))
    ahead = abs(restarted(HARD_RESET).now() - simclock.clock.now())
    assert ahead < 50000000000
    assert restarted(POWER_ON).now() < 50000000000


def test_ticks_have_thirty_bits_and_wrap_soon():
    native = utime.ticks_ms()
    begin = time.ticks_ms()
    assert (1 << 30) - 4000 <= begin < 1 << 30
    later = time.ticks_add(begin, 5000)
    assert later < 5000
    assert time.ticks_diff(later, begin) == 5000
    assert time.ticks_diff(begin, later) == -5000
    counted = time.ticks_diff(time.ticks_ms(), begin)
    passed = utime.ticks_ms() - native
    assert 0 <= counted <= passed + 1
    assert time.ticks_add(0, -1) == (1 << 30) - 1
    refused(OverflowError, time.ticks_add, 0, 1 << 29)
    refused(OverflowError, time.ticks_add, 0, -(1 << 29))
    assert 0 <= time.ticks_us() < 1 << 30


def test_sleep_is_the_native_one():
    for name in ("sleep", "sleep_ms", "sleep_us"):
        assert getattr(time, name) is getattr(utime, name)


def test_asyncio_counts_with_the_interpreters_ticks():
    assert bench.simticks.asyncio.core.ticks is utime.ticks_ms


bench.run(globals())
