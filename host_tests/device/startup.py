# Who asks for the REPL by a pin, and what is known of the starts before.

import os

import machine

import espat_rescue
import espat_start


class Board:
    ESCAPE_PIN = None


class WithPin(Board):
    ESCAPE_PIN = 9


def asked(board, low):
    with open("low_pins", "w") as file:
        file.write(low)
    return espat_rescue.is_asked_for(board)


assert not asked(WithPin, "")
assert asked(WithPin, "9")
assert asked(WithPin, "0 9")
assert not asked(WithPin, "0")
assert not asked(Board, "9")

# What the RTC's memory tells, and what it does not.
os.putenv("ESPAT_SIM_CAUSE", "2")
assert machine.reset_cause() == machine.HARD_RESET
assert espat_rescue.failed() is None  # nothing of ours in it
machine.RTC().memory(b"the memory of somebody else")
assert espat_rescue.failed() is None
espat_start.note(2)
assert espat_rescue.failed() == 2
for cause, failed in (("3", 2), ("1", None), ("4", 0), ("5", 0), ("0", 0)):
    os.putenv("ESPAT_SIM_CAUSE", cause)
    assert espat_rescue.failed() == failed, cause
print("done")
