# Everything as it was left, then the tasks, then the word to the host.

import asyncio

from espat.edges.radio import STATION
from espat.pure.results import READY
from espat.services import addresses, settings
from espat.services.modes import resume, set_mode
from espat.services.supervisor import keep_running


async def restored(device):
    device.port.configure(settings.uart() or device.port.factory)
    device.system.messages = settings.messages()
    device.station.set_reconnect(*settings.reconnect())
    addresses.restore(device.ip)
    set_mode(device, settings.mode())
    if device.mode & STATION and settings.autoconnect():
        resume(device)
    for task in (
        device.station.watch,
        device.connections.watch,
        device.guests.run,
        device.time_sync.run,
    ):
        asyncio.create_task(keep_running(task))
    await device.port.report(READY)
