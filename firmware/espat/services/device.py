# The device as the commands see it: settings as plain fields, and the services they work with.

from espat.services.http_settings import HttpSettings
from espat.services.system_settings import SystemSettings


class Device:
    """Built once by app; handlers get it and reach for nothing else.

    echo, syslog, store: bools of ATE, AT+SYSLOG and AT+SYSSTORE. mode: AT+CWMODE, 0..3."""

    def __init__(self, **parts):
        self.board = parts["board"]
        self.port = parts["port"]
        self.memory = parts["memory"]
        self.settings = parts["settings"]
        self.radio = parts["radio"]
        self.station = parts["station"]
        self.addresses = parts["addresses"]
        self._make_access_point = parts["make_access_point"]
        self._access_point = None
        self.resolver = parts["resolver"]
        self.exchange = parts["exchange"]
        self.connections = parts["connections"]
        self.chunks = parts["chunks"]
        self.message_filter = parts["message_filter"]
        self.time_sync = parts["time_sync"]
        self.http = HttpSettings()
        self.system = SystemSettings()
        self.start = parts["start"]  # what becomes of this start is told there, see run.run
        self.restart = parts["restart"]  # async function that ends the program
        self.table = None  # of all commands; set when they are known
        self.echo = True
        self.syslog = False
        self.store = True
        self.mode = 0
        self.scan_options = (0x7FF, -100, 0xFFFF)  # AT+CWLAPOPT: fields, weakest, security modes

    def access_point(self):
        """The services/access_point.AccessPoint; it is loaded when it is first wanted."""
        if self._access_point is None:
            self._access_point = self._make_access_point()
        return self._access_point
