# Builds everything for one board and starts it; holds no logic.

import asyncio

import machine

from espat.commands import FAMILIES
from espat.commands.wifi import resume, set_mode
from espat.edges.addressing import Addressing
from espat.edges.memory import Memory
from espat.edges.radio import STATION, Radio
from espat.edges.resolver import Resolver
from espat.edges.serial import SerialPort
from espat.edges.storage import Storage
from espat.edges.worker import Worker
from espat.pure.results import READY
from espat.pure.table import Table
from espat.services.addresses import Addresses
from espat.services.chunks import ChunkWriter
from espat.services.connections import Connections
from espat.services.device import Device
from espat.services.exchange import Exchange
from espat.services.inbound import Inbound
from espat.services.message_filter import MessageFilter
from espat.services.proof import PROVEN_AFTER, prove
from espat.services.settings import Settings
from espat.services.station import Station
from espat.services.supervisor import keep_running
from espat.services.time_sync import TimeSync
from espat.session import Session


def build(board, buffers, start):
    """The Device for `board`, the data module of a board folder, with its Buffers. `start`: see
    run.run."""
    storage = Storage("espat")
    port, settings = SerialPort(board, buffers), Settings(storage)
    port.configure(settings.uart() or port.factory)
    memory, worker, radio = Memory(), Worker(board.WORKER_STACK), Radio()
    message_filter = MessageFilter(port)
    station = Station(radio, worker, message_filter.report)

    async def restart():
        await port.drain()
        start.on_purpose()
        machine.reset()

    def make_access_point():
        # Not at the top: boards that never are an access point keep the memory.
        from espat.edges.soft_ap import SoftAp
        from espat.services.access_point import AccessPoint

        return AccessPoint(SoftAp(), storage, message_filter.report)

    addressing = Addressing()
    resolver = Resolver(worker, addressing.use_dns)
    # SNTP's own, so that no command waits for a name server that nobody else asks.
    beside = Resolver(Worker(board.WORKER_STACK), addressing.use_dns)
    connections = Connections(resolver, station.link)
    device = Device(
        board=board,
        port=port,
        memory=memory,
        settings=settings,
        radio=radio,
        station=station,
        addresses=Addresses(addressing, storage),
        make_access_point=make_access_point,
        resolver=resolver,
        exchange=Exchange(connections, Inbound(buffers.head), memory, station.link),
        connections=connections,
        chunks=ChunkWriter(port, buffers.chunk, message_filter),
        message_filter=message_filter,
        time_sync=TimeSync(beside, station.online, message_filter.report),
        start=start,
        restart=restart,
    )
    device.table = Table(*FAMILIES)
    device.system.messages = settings.messages()
    return device


async def serve(device):
    """Start the radio as it was left, then talk to the host, for ever."""
    device.station.set_reconnect(*device.settings.reconnect())
    device.addresses.restore()
    set_mode(device, device.settings.mode())
    if device.mode & STATION and device.settings.autoconnect():
        resume(device)
    asyncio.create_task(keep_running(device.station.watch))
    asyncio.create_task(keep_running(device.connections.watch))
    asyncio.create_task(keep_running(device.time_sync.run))
    await device.port.report(READY)
    asyncio.create_task(prove(device.start, getattr(device.board, "PROVEN_AFTER", PROVEN_AFTER)))
    await keep_running(Session(device).run)


def run(board, buffers, start):
    device = build(board, buffers, start)
    try:
        asyncio.run(serve(device))
    finally:
        device.port.close()
