# The device as the commands see it: settings as plain fields, and the services they work with.

from espat.services.volatile import HttpSettings, IpSettings, SntpSettings, SystemSettings

# Services that are made when a command first asks for them: the attribute, and the module whose
# for_device() makes it. They keep nothing that must outlive the command.
_MADE = {
    "settings": "espat.services.settings",
    "addresses": "espat.services.addresses",
    "chunks": "espat.services.chunks",
    "resolver": "espat.edges.resolver",
    "connections": "espat.services.connections",
    "exchange": "espat.services.exchange",
}


class Device:
    """Built once by app; handlers get it and reach for nothing else.

    echo, syslog, store: bools of ATE, AT+SYSLOG and AT+SYSSTORE. mode: AT+CWMODE, 0..3."""

    def __init__(self, **parts):
        self.board = parts["board"]
        self.buffers = parts["buffers"]
        self.port = parts["port"]
        self.memory = parts["memory"]
        self.worker = parts["worker"]
        self.beside = parts["beside"]  # a Worker for what no command waits for
        self.radio = parts["radio"]
        self.station = parts["station"]
        self.message_filter = parts["message_filter"]
        self.start = parts["start"]  # what becomes of this start is told there, see run.run
        self.http = HttpSettings()
        self.ip = IpSettings()
        self.sntp = SntpSettings()
        self.system = SystemSettings()
        self.time_sync = None  # while SNTP is on
        self.loader = None  # of the commands; set when the device is known
        self.echo = True
        self.syslog = False
        self.store = True
        self.mode = 0
        self.scan_options = (0x7FF, -100, 0xFFFF)  # AT+CWLAPOPT: fields, weakest, security modes
        self._made = {}
        self._access_point = None

    async def restart(self):
        """Start the chip anew when everything has left it."""
        await self.port.drain()
        self.start.on_purpose()
        self.port.restart()

    def access_point(self):
        """The services/access_point.AccessPoint; it is loaded when it is first wanted, and stays:
        it looks after the stations."""
        if self._access_point is None:
            from espat.services.access_point import made_for

            self._access_point = made_for(self)
        return self._access_point

    def __getattr__(self, name):
        if name not in _MADE:
            raise AttributeError(name)
        if name not in self._made:
            module = __import__(_MADE[name], None, None, ("for_device",))
            self._made[name] = module.for_device(self)
        return self._made[name]

    def look(self):
        """What is to be done now and then, also between commands."""
        if "connections" in self._made:
            self.connections.look()

    def release(self, modules):
        """Let go of the services made that stand on other modules than these."""
        for name in list(self._made):
            if _MADE[name] not in modules:
                close = getattr(self._made[name], "close", None)
                self._made[name] = None  # see Loader._forget
                del self._made[name]
                if close is not None:
                    close()
