# When a start counts as a good one: the firmware has served its host for a while.

import asyncio

from espat.pure.errors import Failure

PROVEN_AFTER = 30  # seconds after "ready"; a board's data may say otherwise
_UPDATE = 9000  # bytes that the code of updates takes


async def prove(start, units, seconds):
    """Tell `start` when it has lasted so long, and remove what an update has left."""
    await asyncio.sleep(seconds)
    left = start.served()
    while left:
        try:
            # With the code of updates: few starts have something to remove.
            await units.beside("update", _UPDATE).clear()
            left = False
        except Failure:
            await asyncio.sleep(seconds)  # there is no room now
