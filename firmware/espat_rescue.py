# Whether a start should be tried, and what is kept of one that failed (docs/startup.md). On a board
# espat_versions.py is in the same file.
#
# A loss of power, deep sleep and a restart that was asked for begin the count anew; it goes on with
# the resets in which a firmware ends that failed.

import gc
import io
import sys
import time

import machine

from espat_start import MARK, note
from espat_versions import count_failure, go_back, on_trial, settle
from espat_versions import prove as _prove

_LIMIT = 3
_FAILURES = (machine.HARD_RESET, machine.WDT_RESET)
_RISE_MS = 1  # for the pull-up
_LAST_WORDS = "crash.txt"
_LONGEST = 2000


def may_start():
    """Settle which firmware starts. False: none, because it keeps failing or somebody wants the
    REPL. Raises what the board's data raise."""
    if not _choose(failed()):
        return False
    import board

    if is_asked_for(board):
        note(0)
        print("espat: the REPL was asked for; Ctrl-D starts the firmware")
        return False
    return True


def prove():
    """See espat_versions."""
    return _prove()


def failed():
    """How many starts in a row have failed; None where nobody knows, after a loss of power."""
    kept, cause = machine.RTC().memory(), machine.reset_cause()
    if cause == machine.PWRON_RESET or kept[:-1] != MARK:
        return None
    return kept[-1] if cause in _FAILURES else 0


def is_asked_for(board):
    """Whether the pin that the board's data name is held low."""
    number = getattr(board, "ESCAPE_PIN", None)
    if number is None:
        return False
    pin = machine.Pin(number, machine.Pin.IN, machine.Pin.PULL_UP)
    time.sleep_ms(_RISE_MS)
    return not pin.value()


def keep(error):
    """Show the traceback, and keep it for the last start of a row."""
    gc.collect()
    text = io.StringIO()
    sys.print_exception(error, text)
    words = text.getvalue()[-_LONGEST:]
    print("espat: the firmware has crashed:\n" + words)
    if words != _last_words():  # a loop of crashes writes once
        with open(_LAST_WORDS, "w") as file:
            file.write(words)


def _choose(failures):
    note(min(failures or 0, _LIMIT) + 1)
    if failures is not None and failures > _LIMIT:
        return _give_up()  # the way back is broken as well
    if settle():
        note(1)
        return True
    if not on_trial():
        return True if failures is None or failures < _LIMIT else _give_up()
    # Power cuts count here: a new firmware that hangs is switched off, not reset.
    if failures != 0 and max(failures or 0, count_failure()) >= _LIMIT:
        print("espat: the new firmware did not come up; going back")
        go_back()
        note(1)
    return True


def _give_up():
    note(0)
    print("espat: the firmware failed %d times in a row; this is the REPL." % _LIMIT)
    print("espat: machine.reset() tries again. Last reset cause: %d." % machine.reset_cause())
    print("espat: the last traceback there was (%s):" % _LAST_WORDS)
    print(_last_words() or "none")
    return False


def _last_words():
    try:
        with open(_LAST_WORDS) as file:
            return file.read()
    except OSError:
        return ""
