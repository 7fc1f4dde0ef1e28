# Tasks that must not end.

import asyncio
import sys

_PAUSE_MS = 100


async def keep_running(task):
    """Run the async function `task` until it returns; an error is shown and does not stop it."""
    while True:
        try:
            await task()
            return
        except Exception as error:  # noqa: BLE001 - a bug must not silence the port
            sys.print_exception(error)
        await asyncio.sleep_ms(_PAUSE_MS)


async def run_once(jobs):
    """Await the only job. asyncio may hold on to a finished task for long; this one holds nothing
    of its job any more."""
    await jobs.pop()
