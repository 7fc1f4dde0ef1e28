# An end for work as a whole, whatever it waits for.

import asyncio

from espat.pure.errors import Failure
from espat.pure.reasons import ABORTED


async def within(port, ms, work):
    """Await `work`, a coroutine, for `ms` at most; 0: however long it takes. A Failure if it is
    cancelled meanwhile, by whomever: after that it has closed what it had opened, which
    asyncio.wait_for_ms() does not wait for."""
    timer = ms and asyncio.create_task(_end(port, asyncio.current_task(), ms))
    try:
        return await work
    except asyncio.CancelledError:
        raise Failure(ABORTED)
    finally:
        if timer:
            timer.cancel()


async def _end(port, task, ms):
    await asyncio.sleep_ms(ms)
    await port.between(task.cancel)
