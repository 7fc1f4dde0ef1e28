# When a start counts as a good one: the firmware has served its host for a while.

import asyncio

from espat.edges import package_folders

PROVEN_AFTER = 30  # seconds after "ready"; a board's data may say otherwise


async def prove(start, seconds):
    """Tell `start` when it has lasted so long, and remove what a finished update has left."""
    await asyncio.sleep(seconds)
    start.served()
    await package_folders.clear(package_folders.GONE)
