# Points in time to come, by the tick counter, which wraps.

import time


def after(ms):
    return time.ticks_add(time.ticks_ms(), ms)


def expired(deadline):
    return time.ticks_diff(deadline, time.ticks_ms()) <= 0
