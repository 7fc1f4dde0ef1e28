# Builds everything for one board and brings it up; holds no logic. Its code is forgotten then.

import asyncio

from espat.commands import basic
from espat.edges.memory import Memory
from espat.edges.radio import STATION, Radio
from espat.edges.serial import SerialPort
from espat.edges.worker import Worker
from espat.pure.results import READY
from espat.services.device import Device
from espat.services.loader import Loader
from espat.services.message_filter import MessageFilter
from espat.services.proof import PROVEN_AFTER, prove
from espat.services.station import Station
from espat.services.supervisor import keep_running, run_once
from espat.session import Session

# What only the start needs.
_BOOT = (__name__, "espat.edges.uart", "espat.pure.uart_config")


def bring_up(board, buffers, start):
    """The Session for `board`, the data module of a board folder, with its Buffers; the host has
    been told that it is ready. `start`: see run.run."""
    device = _build(board, buffers, start)
    asyncio.run(run_once([lambda: _bring_up(device)]))
    device.loader.drop()
    return Session(device)


def _build(board, buffers, start):
    port, radio, worker = SerialPort(board, buffers), Radio(), Worker(board.WORKER_STACK)
    message_filter = MessageFilter(port)

    device = Device(
        board=board,
        buffers=buffers,
        port=port,
        memory=Memory(),
        worker=worker,
        beside=Worker(board.WORKER_STACK),
        radio=radio,
        station=Station(radio, worker, message_filter.report),
        message_filter=message_filter,
        start=start,
    )
    keep = device.memory.is_plenty()
    device.loader = Loader(basic.ROWS, device.release, device.look, _BOOT, keep)
    return device


async def _bring_up(device):
    """Everything as it was left, then the tasks, then the word to the host."""
    # Not at the top: what is loaded with this module stays.
    from espat.commands.wifi import resume, set_mode

    settings = device.settings
    device.port.configure(settings.uart() or device.port.factory)
    device.system.messages = settings.messages()
    device.station.set_reconnect(*settings.reconnect())
    device.addresses.restore()
    set_mode(device, settings.mode())
    if device.mode & STATION and settings.autoconnect():
        resume(device)
    for task in (device.station.watch, device.loader.watch):
        asyncio.create_task(keep_running(task))
    await device.port.report(READY)
    asyncio.create_task(prove(device.start, getattr(device.board, "PROVEN_AFTER", PROVEN_AFTER)))
