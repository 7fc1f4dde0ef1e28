# Starts the firmware and keeps the board within reach, whatever that firmware is (docs/startup.md).
#
# It lies beside the package, not in it: no update can take away the way back. What it asks of the
# package is espat.run.run(board, start), and it gives it a Start; both stay as they are.
#
# Starts that failed in a row are counted in the RTC's memory, which survives every reset and wears
# nothing out. A loss of power, deep sleep and a restart that was asked for begin anew.

import gc
import io
import sys
import time

import machine
import micropython

import espat_versions

_LIMIT = 3
_MARK = b"espat starts:"  # and one byte behind it
_FAILURES = (machine.HARD_RESET, machine.WDT_RESET)  # ends of a firmware that failed
_PAUSE_MS = 1000  # for the log, and for Ctrl-C
_CONSOLE_MS = 1000
_LAST_WORDS = "crash.txt"
_LONGEST = 2000


class Start:
    """The present start, for the firmware to say what became of it."""

    def on_purpose(self):
        """A restart that comes now is no failure."""
        _note(0)

    def served(self):
        """The firmware works: it may stay."""
        _note(0)
        espat_versions.prove()


def run():
    """Run the firmware. Returns, and so leaves the board in its REPL, when somebody asks for it or
    the firmware does not come up."""
    try:
        _run()
    except KeyboardInterrupt:
        _note(0)
        print("espat: stopped by Ctrl-C; Ctrl-D starts it again")


def _run():
    try:
        if _choose(_failed()):
            _serve()
    except Exception as error:  # noqa: BLE001 - whatever it was, the board starts again
        _keep(error)
        time.sleep_ms(_PAUSE_MS)
        machine.reset()


def _serve():
    import board

    if _is_asked_for_repl(board):
        _note(0)
        print("espat: the REPL was asked for; Ctrl-D starts the firmware")
        return
    from espat.run import run

    if board.UART_ID == 0:
        micropython.kbd_intr(-1)  # the host's data come this way
    run(board, Start())


def _choose(failed):
    """Settle which firmware starts. `failed`: as from _failed(). False: none."""
    _note(min(failed or 0, _LIMIT) + 1)
    if failed is not None and failed > _LIMIT:
        return _give_up()  # the way back is broken as well
    if espat_versions.settle():
        _note(1)
        return True
    if not espat_versions.on_trial():
        return True if failed is None or failed < _LIMIT else _give_up()
    # Power cuts count here: a new firmware that hangs is switched off, not reset.
    if failed != 0 and max(failed or 0, espat_versions.count_failure()) >= _LIMIT:
        print("espat: the new firmware did not come up; going back")
        espat_versions.go_back()
        _note(1)
    return True


def _failed():
    """How many starts in a row have failed; None where nobody knows, after a loss of power."""
    kept, cause = machine.RTC().memory(), machine.reset_cause()
    if cause == machine.PWRON_RESET or kept[:-1] != _MARK:
        return None
    return kept[-1] if cause in _FAILURES else 0


def _note(count):
    machine.RTC().memory(_MARK + bytes((count,)))


def _is_asked_for_repl(board):
    """Whether the pin that the board's data names is held low. Where the host's port is the
    console there is a second for that, or for Ctrl-C."""
    number = getattr(board, "ESCAPE_PIN", None)
    pin = None if number is None else machine.Pin(number, machine.Pin.IN, machine.Pin.PULL_UP)
    for _ in range(1 if board.UART_ID else _CONSOLE_MS // 10):
        time.sleep_ms(1 if board.UART_ID else 10)  # the pull-up needs a moment
        if pin is not None and not pin.value():
            return True
    return False


def _give_up():
    _note(0)
    print("espat: the firmware failed %d times in a row; this is the REPL." % _LIMIT)
    print("espat: machine.reset() tries again. Last reset cause: %d." % machine.reset_cause())
    print("espat: the last traceback there was (%s):" % _LAST_WORDS)
    print(_last_words() or "none")
    return False


def _keep(error):
    gc.collect()
    try:
        text = io.StringIO()
        sys.print_exception(error, text)
        words = text.getvalue()[-_LONGEST:]
        print("espat: the firmware has crashed:\n" + words)
        if words != _last_words():  # a loop of crashes writes once
            with open(_LAST_WORDS, "w") as file:
                file.write(words)
    except (OSError, MemoryError) as trouble:
        sys.print_exception(error)
        print("espat: the traceback could not be kept:", trouble)


def _last_words():
    try:
        with open(_LAST_WORDS) as file:
            return file.read()
    except OSError:
        return ""
