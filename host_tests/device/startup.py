# Who asks for the REPL by a pin, and how long a start waits for that: a second where the host's
# port is the console too, else no time.

import os
import time

import machine

import espat_rescue
import espat_start


class Board:
    UART_ID = 1


class WithPin(Board):
    ESCAPE_PIN = 9


class OnConsole(WithPin):
    UART_ID = 0


def hold(pins):
    with open("low_pins", "w") as file:
        file.write(pins)


def asked(board):
    """(the answer, ms it took)"""
    began = time.ticks_ms()
    answer = espat_rescue.is_asked_for(board)
    return answer, time.ticks_diff(time.ticks_ms(), began)


def check(board, answer, waits):
    got, ms = asked(board)
    assert got == answer, board
    assert (ms >= 900) == waits, (board, ms)


hold("")
check(Board, False, False)
check(WithPin, False, False)
check(OnConsole, False, True)
hold("9")
check(Board, False, False)
check(WithPin, True, False)
check(OnConsole, True, False)
hold("0")
check(WithPin, False, False)

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
