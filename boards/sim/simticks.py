# To be imported before asyncio: half of that is C code with the interpreter's own ticks, so it must
# not get those of the board's `time`.

import sys

import utime

sys.modules["time"] = utime
import asyncio  # noqa: E402, F401

del sys.modules["time"]
