# A body on its way: from the server into the sink's buffer, and out when the buffer is full or the
# server pauses. Nothing here allocates, nor where it waits (device/no_allocation.py): to await a
# coroutine would, so there are looks and pauses instead, and the awaiting is done in one place.

import asyncio
import time

_SLICE_MS = 10  # other tasks get their turn at least this often


class Collector:
    """A sink that collects bytes in `buf`, a memoryview; what becomes of a full one is for flush(),
    an async method of the class that stands on this. That one sets `_count` and `full` back."""

    def __init__(self, buf):
        self._buf = buf
        self._count = 0
        self.full = False

    def room(self):
        return len(self._buf) - self._count

    def tail(self):
        return self._buf[self._count :] if self._count else self._buf

    def added(self, count):
        self._count += count
        self.full = self._count == len(self._buf)

    def try_flush(self):
        """Whether nothing has to be done now."""
        return not self.full

    def pause(self):
        return None


async def stream(body, inbound, sink):
    """Move `body`, as its framing says, from `inbound` into `sink`; raises what they raise."""
    turn = time.ticks_ms()
    try:
        while body.left or not body.done:
            if time.ticks_diff(time.ticks_ms(), turn) >= _SLICE_MS:
                await asyncio.sleep_ms(0)
                turn = time.ticks_ms()
            count = _framing(body, inbound) if body.need else _data(body, inbound, sink)
            if count == 0:
                body.closed()
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


def _framing(body, inbound):
    count = inbound.readinto(inbound.framing, body.need)
    if count:
        body.feed(inbound.framing, count)
    return count


def _data(body, inbound, sink):
    count = sink.room()
    if count > body.left:
        count = body.left
    count = inbound.readinto(sink.tail(), count)
    if count:
        body.took(count)
        sink.added(count)
    return count
