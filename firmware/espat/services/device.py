# The device as the commands see it: settings as plain fields, and the services they work with.

from espat.edges.radio import Radio
from espat.edges.resolver import Resolver
from espat.edges.serial import SerialPort
from espat.edges.worker import Worker
from espat.services import on_demand
from espat.services.chunks import ChunkWriter
from espat.services.connections import Connections
from espat.services.exchange import Exchange
from espat.services.inbound import Inbound
from espat.services.message_filter import MessageFilter
from espat.services.station import Station
from espat.services.units import Units
from espat.services.volatile import HttpSettings, IpSettings, SntpSettings, SystemSettings


class Device:
    """Built once by app; handlers get it and reach for nothing else.

    start: what becomes of this start is told there, see run.run.
    echo, syslog, store: bools of ATE, AT+SYSLOG and AT+SYSSTORE. mode: AT+CWMODE, 0..3."""

    def __init__(self, board, buffers, memory, start):
        self.board = board
        self.memory = memory
        self.start = start
        self.http = HttpSettings()
        self.ip = IpSettings()
        self.sntp = SntpSettings()
        self.system = SystemSettings()
        self.echo = True
        self.syslog = False
        self.store = True
        self.mode = 0
        self.scan_options = (0x7FF, -100, 0xFFFF)  # AT+CWLAPOPT: fields, weakest, security modes
        self.time_sync = None  # while SNTP is on
        self._access_point = None
        self.units = Units(memory)
        self.port = SerialPort(board, buffers, memory)
        self.message_filter = MessageFilter(self.port)
        self.chunks = ChunkWriter(self.port, buffers.chunk, self.message_filter, memory)
        self.radio = Radio()
        self.worker = Worker(board.WORKER_STACK)
        self.beside = Worker(board.WORKER_STACK)  # for what no command waits for
        self.station = Station(self.radio, self.worker, self.message_filter.report)
        self.resolver = Resolver(self.worker, self.ip)
        self.connections = Connections(self.resolver, self.station.link)
        inbound = Inbound(buffers.head)
        self.exchange = Exchange(self.connections, inbound, memory, self.station.link)

    async def restart(self):
        """Start the chip anew when everything has left it."""
        await self.port.drain()
        self.start.on_purpose()
        self.port.restart()

    def access_point(self):
        """The AccessPoint, made when it is first wanted."""
        if self._access_point is None:
            self._access_point = self.units.staying(on_demand.SOFT_AP, self)
        return self._access_point
