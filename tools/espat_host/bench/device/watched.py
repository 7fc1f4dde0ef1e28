# The firmware with instruments, which answer one command more:
#     AT+BENCH?    +BENCH:<longest gap of the loop in us>,<bytes allocated while bodies streamed>,
#                  <collections meanwhile make that number too small: 1>; starts anew
#     AT+BENCH=0   no heartbeat from now on, =1 again, =9 ends the program (for callgrind)

import gc

import board
from espat.edges.buffers import Buffers
from espat.edges.memory import Memory

memory = Memory()
buffers = Buffers(board, memory)

import asyncio  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402

from espat import app  # noqa: E402
from espat.commands import catalogue  # noqa: E402
from espat.session import Session  # noqa: E402


class Watch:
    def __init__(self):
        self.beating = True
        self.before = 0
        self.reset()

    def reset(self):
        self.longest = self.allocated = self.collected = 0
        self.last = time.ticks_us()


watch = Watch()


async def beat():
    while True:
        await asyncio.sleep_ms(1 if watch.beating else 100)
        now = time.ticks_us()
        if watch.beating:
            watch.longest = max(watch.longest, time.ticks_diff(now, watch.last))
        watch.last = now


collect_early = Memory.collect_early


def watched_collect_early(memory, on):
    collect_early(memory, on)
    if not on:
        watch.before = gc.mem_alloc()
    elif watch.before:
        grown = gc.mem_alloc() - watch.before
        watch.allocated += grown
        watch.collected |= grown < 0
        watch.before = 0


async def told(device, reply, args):
    since = time.ticks_diff(time.ticks_us(), watch.last) if watch.beating else 0
    numbers = (max(watch.longest, since), watch.allocated, watch.collected)
    await reply.line(b"+BENCH:%d,%d,%d" % numbers)
    reply.after = start_anew


async def start_anew():
    watch.reset()


async def switch(device, reply, args):
    what = args.number(0, 0, 9)
    if what == 9:
        reply.after = end
    watch.beating = what == 1
    watch.reset()


async def end():
    sys.exit()


class Start:
    """Nobody counts the starts of a benchmark."""

    def on_purpose(self):
        pass

    def served(self):
        return False


Memory.collect_early = watched_collect_early
catalogue.TABLE += b"+BENCH:b?= "
catalogue.HANDLERS |= {b"+BENCH?": told, b"+BENCH=": switch}
session = Session(app.bring_up(board, buffers, memory, Start()))
asyncio.create_task(beat())
session.serve()
