"""The end of what runs along."""

import asyncio
from collections.abc import Sequence
from typing import Any


async def stop(tasks: Sequence["asyncio.Future[Any]"]) -> None:
    """End them all; raises what one of them has failed with."""
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    for task in tasks:
        if not task.cancelled():
            task.result()
