# When a start counts as a good one: the firmware has served its host for a while.

import asyncio

PROVEN_AFTER = 30  # seconds after "ready"; a board's data may say otherwise


async def prove(start, seconds):
    """Tell `start` when it has lasted so long, and remove what an update has left."""
    await asyncio.sleep(seconds)
    if start.served():
        await _update()


def _update():
    # With the code of updates: few starts have something to remove.
    from espat.edges.package_tree import clear

    return clear()
