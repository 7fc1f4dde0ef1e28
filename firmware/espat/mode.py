# AT+CWMODE, and what the start has in common with it: everything as it was left, then the tasks,
# then the word to the host.

import asyncio

from espat.commands import mode
from espat.edges.radio import STATION
from espat.pure import uart_config
from espat.pure.results import READY
from espat.services import access_point, addresses, settings
from espat.services.modes import resume, set_mode
from espat.services.passthrough_start import prepare
from espat.services.socket_settings import INTERVAL, restore_options
from espat.services.supervisor import keep_running

HANDLERS = (mode.HANDLERS,)


async def restored(device):
    device.port.configure(uart_config.load(settings.text(settings.UART)) or device.port.factory)
    device.system.messages = settings.number(settings.MESSAGES, settings.ALL_MESSAGES, 0)
    device.station.set_reconnect(*settings.reconnect())
    addresses.restore(device.ip)
    access_point.restore(device.ap)
    set_mode(device, settings.number(settings.MODE, 3, STATION))
    if device.mode & STATION and settings.number(settings.AUTOCONNECT, 1, 1):
        resume(device)
    pause = settings.number(settings.LINK_INTERVAL, settings.LONGEST_INTERVAL, 1)
    device.sockets[INTERVAL] = pause
    restore_options(device)
    prepare(device)
    for task in (device.station.watch, device.connections.watch):
        asyncio.create_task(keep_running(task))
    await device.port.report(READY)
