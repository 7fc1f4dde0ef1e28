# A body on its way: from the server into the sink's buffer, and out when the buffer is full or the
# server pauses. Where bytes keep coming, nothing here allocates (device/no_allocation.py).

import asyncio
import time

_SLICE_MS = 10  # other tasks get their turn at least this often


async def stream(body, inbound, sink):
    """Move `body`, as its framing says, from `inbound` into `sink`; raises what they raise."""
    turn = time.ticks_ms()
    try:
        while body.left or not body.done:
            if time.ticks_diff(time.ticks_ms(), turn) >= _SLICE_MS:
                await asyncio.sleep_ms(0)
                turn = time.ticks_ms()
            count = _framing(body, inbound) if body.need else _data(body, inbound, sink)
            if count is None:
                if not sink.try_flush():
                    await sink.flush()
                    inbound.restart_limit()
                await inbound.wait_readable()
            elif count == 0:
                body.closed()
            elif sink.full and not sink.try_flush():
                await sink.flush()
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
