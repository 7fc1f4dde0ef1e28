# Builds everything for one board and brings it up; holds no logic.

import asyncio

from espat.services.device import Device
from espat.services.proof import PROVEN_AFTER, prove
from espat.services.supervisor import run_once


def bring_up(board, buffers, memory, start):
    """The Device for `board`, the data module of a board folder, with its Buffers; the host has
    been told that it is ready. `start`: see run.run."""
    device = Device(board, buffers, memory, start)
    _forget_makers(device)
    asyncio.run(_bring_up(device))
    return device


def _forget_makers(device):
    """What has made the device and its parts runs once, and its code takes 2 KB. Of some parts
    others are made later (services/update.py)."""
    again = [type(part) for part in (device.connections, device.exchange, device.resolver)]
    for kind in [Device] + [type(part) for part in device.__dict__.values()]:
        if "__init__" in kind.__dict__ and kind not in again:
            kind.__init__ = None


async def _bring_up(device):
    await run_once([device.units.bring("mode").restored(device)])
    device.units.drop()
    seconds = getattr(device.board, "PROVEN_AFTER", PROVEN_AFTER)
    asyncio.create_task(prove(device.start, device.units, seconds))
