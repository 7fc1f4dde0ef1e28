# What the launcher gives the simulated board, and what the board tells the launcher.
# ESPAT_SIM_UART1   file descriptor of the pty that UART1 is wired to
# ESPAT_SIM_STATE   folder of what survives a power cut: flash.bin, nvs/, efuse; and what survives a
#                   reset: rtc, rtc-memory. low_pins: the pins that are held low from outside.
#                   Never left out
# ESPAT_SIM_EVENTS  descriptor for lines to the launcher: "tx", "prompt", "reset <cause> <ms>",
#                   "note <sentence>" for the log
# ESPAT_SIM_CONSOLE descriptor, on a board with a REPL: "1" when Control-C interrupts, "0" when not
# ESPAT_SIM_WORLD   descriptor of a pipe: one line of JSON for every state of the world
# ESPAT_SIM_PACED   1: the line is as slow as its baud rate
# ESPAT_SIM_MEMORY  chip: the heap is limited as a chip's two are (simmeter.py)
# ESPAT_SIM_CAUSE   why the board starts, as machine.reset_cause() has it

import io
import os
import sys

import utime  # the board's own `time` stands on this module

RESET_EXIT = 82  # exit status of a reset when there is no launcher to cut the power


def setting(name, default=""):
    return os.getenv("ESPAT_SIM_" + name) or default


def descriptor(name, mode):
    """The inherited stream of that name, or None when the launcher gave none."""
    fd = setting(name)
    return io.open(int(fd), mode) if fd else None


def state_path(name):
    """Where a board keeps `name`. Not in the present folder: that is anybody's."""
    folder = setting("STATE")
    if not folder:
        raise RuntimeError("ESPAT_SIM_STATE is not set; `espat sim` gives a board its folder")
    return folder + "/" + name


def power_off():
    """The launcher is gone, and with it the power: no firmware catches that."""
    sys.exit("the launcher is gone")


class Launcher:
    """The way to the launcher; silent when the board runs without one."""

    def __init__(self):
        self._events = descriptor("EVENTS", "wb")
        self.before_restart = lambda: None

    def tell(self, line):
        if self._events:
            self._events.write(line + b"\n")

    def restart(self, cause, ms=0):
        """Ask for a power cut. Like esp_restart(): does not return, runs no `finally`."""
        if not self._events:
            sys.exit(RESET_EXIT)
        self.before_restart()
        self.tell(b"reset %d %d" % (cause, ms))
        while True:
            utime.sleep(1)


launcher = Launcher()
