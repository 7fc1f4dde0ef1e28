# Points in time to come, by the tick counter, which wraps.

import time


def after(ms):
    """The tick that comes `ms` from now."""
    return time.ticks_add(time.ticks_ms(), ms)


def expired(deadline):
    """Whether that tick has come."""
    return time.ticks_diff(deadline, time.ticks_ms()) <= 0
