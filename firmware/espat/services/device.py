# The device as the commands see it: settings as plain fields, and the services they work with.

from espat.edges.buffers import CHUNK_END, CHUNK_HEADER
from espat.edges.radio import Radio
from espat.edges.resolver import Resolver
from espat.edges.serial import SerialPort
from espat.edges.worker import Worker
from espat.services.chunks import ChunkWriter
from espat.services.connections import Connections
from espat.services.exchange import Exchange
from espat.services.guests import Watch
from espat.services.inbound import Inbound
from espat.services.message_filter import MessageFilter
from espat.services.station import Station
from espat.services.units import SNTP, Units
from espat.services.volatile import (
    ApSettings,
    HttpSettings,
    IpSettings,
    SntpSettings,
    SystemSettings,
)


class Device:
    """Built once by app; handlers get it and reach for nothing else.

    start: what becomes of this start is told there, see run.run.
    sockets: what TCP/IP commands have set, by their names, see services/socket_settings.py.
    first_line: what the session begins with, as if the host had sent it.
    echo, syslog, store: bools of ATE, AT+SYSLOG and AT+SYSSTORE. mode: AT+CWMODE, 0..3. busy:
    whether a command is under way."""

    first_line = b""
    # Always there: what would be loaded later would lie in the middle of the heap.
    watch = Watch

    def __init__(self, board, buffers, memory, start):
        self.board = board
        self.memory = memory
        self.start = start
        self.http = HttpSettings()
        self.ip = IpSettings()
        self.ap = ApSettings()
        self.sntp = SntpSettings()
        self.sockets = {}
        self.system = SystemSettings()
        self.echo = True
        self.busy = False
        self.syslog = False
        self.store = True
        self.mode = 0
        self.scan_options = (0x7FF, -100, 0xFFFF)  # AT+CWLAPOPT: fields, weakest, security modes
        self.units = Units(memory)
        self.port = SerialPort(board, buffers, memory)
        self.message_filter = MessageFilter(self.port)
        self.chunks = ChunkWriter(self.port, buffers.chunk, self.message_filter, memory)
        self.radio = Radio()
        self.worker = Worker(board.WORKER_STACK, memory)
        self.station = Station(self.radio, self.worker, self.message_filter.report)
        self.resolver = Resolver(self.worker, self.ip)
        # For what no command waits for: none of them has to wait for that, either.
        self.beside = Resolver(Worker(board.WORKER_STACK, memory), self.ip)
        self.connections = Connections(self.resolver, self.station.way, memory)
        memory.release = self.connections.drop
        inbound = Inbound(buffers.chunk, CHUNK_HEADER + CHUNK_END)
        way, port, http = self.station.way, self.port, self.http
        self.exchange = Exchange(self.connections, inbound, memory, way, port, http, self.units)
        self.guests = None  # the stations of the access point, see services/guests.py

    async def synchronise(self):
        """Begin SNTP. Its code comes when the family has gone, and so lies in front of others."""
        self.units.drop()
        self.sntp.sync = self.units.beside("sntp", SNTP).TimeSync(self)

    async def restart(self):
        """Start the chip anew when everything has left it."""
        await self.port.drain()
        self.start.on_purpose()
        self.port.restart()
