# A body on its way: from the server into the sink's buffer, and out when the buffer is full or the
# server pauses. Nothing here allocates, nor where it waits (device/no_allocation.py): to await a
# coroutine would, so there are looks and pauses instead, and the awaiting is done in one place.
#
# What is called for every chunk is as little as can be (`make bench`, streaming), and move() has
# no more than eleven locals and values on its stack: one more, and each call takes its frame from
# the heap, where free places are looked for one by one (py/objfun.c, VM_MAX_STATE_ON_STACK).

import asyncio
import time

_SLICE_MS = 10  # other tasks get their turn at least this often
_STEPS = 16  # reads between two looks at the clock; the UART refuses sooner on a chip


class Collector:
    """A sink that collects bytes in `data`, a memoryview; what becomes of them when it is full is
    for flush(), an async method of the class that stands on this. That one calls take()."""

    def __init__(self, data):
        self._data = data
        self._size = len(data)
        self._count = 0
        self.full = False

    def fill(self, read, most):
        """Read at most `most` bytes, 1 at least, with read(buf, count), and return what that gave;
        not for one that is full."""
        count = self._size - self._count
        if count > most:
            count = most
        count = read(self._data[self._count :] if self._count else self._data, count)
        if count:
            self._count += count
            self.full = self._count == self._size
        return count

    def take(self):
        """How many bytes lie in the buffer; they are the caller's, and it is empty now."""
        count, self._count = self._count, 0
        self.full = False
        return count

    def scratch(self):
        """The place for data, as long as there are none in it."""
        return self._data

    def any(self):
        """How many bytes lie in the buffer."""
        return self._count

    def try_flush(self):
        """Whether nothing has to be done now."""
        return not self.full

    def pause(self):
        """After a try: how many ms until the next, or None if flush() must do it."""
        return None


async def stream(body, inbound, sink):
    """Move `body`, as its framing says, from `inbound` into `sink`; raises what they raise."""
    turn = time.ticks_ms()
    try:
        while not body.done:
            if time.ticks_diff(time.ticks_ms(), turn) >= _SLICE_MS:
                await asyncio.sleep_ms(0)
                turn = time.ticks_ms()
            count = move(body, inbound, sink)
            if count == 0:
                body.hung_up()
            elif count is None or sink.full:
                while not sink.try_flush():
                    pause = sink.pause()
                    if pause is None:
                        await sink.flush()
                    else:
                        await asyncio.sleep_ms(pause)
                    inbound.restart_limit()
                while count is None and not inbound.look():
                    await asyncio.sleep_ms(0)
    finally:
        if not sink.try_flush():
            await sink.flush()


def move(body, inbound, sink):
    """Go on until something has to be awaited, or it is time to look at the clock; returns what the
    last read gave: 0 = end, None = nothing now."""
    read = inbound.reader(not body.framed)
    if body.need:
        count = read(inbound.framing, body.need)
        if count:
            body.feed(inbound.framing, count)
            inbound.restart_limit()
        return count
    steps = 1 if inbound.any() else _STEPS
    left = body.left
    while True:
        count = sink.fill(read, left)
        if not count:
            break
        left -= count
        steps -= 1
        if not steps or not left or (sink.full and not sink.try_flush()):
            break
    if left != body.left:
        inbound.restart_limit()
        body.left = left
        if not left:
            body.emptied()
    return count
