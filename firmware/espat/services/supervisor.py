# Tasks that must not end.

import asyncio
import sys

_PAUSE_MS = 100


async def keep_running(task):
    """Run the async function `task` for ever; what ends it is shown and does not stop it."""
    while True:
        try:
            await task()
        except Exception as error:  # noqa: BLE001 - a bug must not silence the port
            sys.print_exception(error)
        await asyncio.sleep_ms(_PAUSE_MS)
