# The access point as Espressif's driver configures it. Who joins it is simstations'; that is loaded
# when it is first switched on, as what stands here takes heap from the firmware.

import simchip
from machine import unique_id
from simsystem import meter, part_of_wifi

_MOST_CLIENTS = 15  # ESP_WIFI_MAX_CONN_NUM
_OPEN = 0
_SECURITIES = (_OPEN, 2, 3, 4, 6, 7)
_NETWORK = ("ssid", "key", "channel", "security", "hidden")


def invalid_argument():
    return RuntimeError("Wifi Unknown Error 0x0102")  # ESP_ERR_INVALID_ARG


def own_address(offset):
    """The MAC of an interface: 0 station, 1 access point."""
    own = bytearray(unique_id())
    own[5] = (own[5] + offset) & 0xFF
    return bytes(own)


class AccessPoint:
    """The interface. `settings`: wifi_ap_config_t."""

    def __init__(self):
        self.active = False
        self.ip, self.mask, self.gateway = "192.168.4.1", "255.255.255.0", "192.168.4.1"
        self.settings = {
            "ssid": b"ESP_%02X%02X%02X" % tuple(own_address(1)[3:]),
            "key": b"",
            "channel": 1,
            "security": _OPEN,
            "hidden": False,
            "max_clients": 4,
        }
        self._stations = None

    def start(self):
        self._part = part_of_wifi(simchip.ACCESS_POINT)
        if self._stations is None:
            meter.ours(self._load)
        self.active = True
        self._stations.start_server(self.ip, self.mask)

    def _load(self):
        from simstations import Stations

        self._stations = Stations()

    def stop(self):
        self.active = False
        self._part.free()
        self.drop()

    def configure(self, settings):
        """esp_wifi_set_config(): all of it, or nothing."""
        if settings["security"] not in _SECURITIES or not 1 <= settings["channel"] <= 14:
            raise invalid_argument()  # WEP: micropython#7504
        if settings["max_clients"] > _MOST_CLIENTS:
            raise invalid_argument()
        if settings["security"] != _OPEN and len(settings["key"]) < 8:
            raise OSError("Wifi Invalid Password")
        if any(settings[name] != self.settings[name] for name in _NETWORK):
            self.drop()
        self.settings = settings

    def drop(self):
        """Another network, another address: who is there has to join again."""
        if self._stations:
            self._stations.clear()

    def set_address(self, ip, mask, gateway):
        """The port stops the server, sets the address, and starts the server."""
        self.ip, self.mask, self.gateway = ip, mask, gateway
        if self.active:
            self._stations.start_server(ip, mask)

    def stations(self):
        """[(mac, address or None)]"""
        if not self.active:
            raise OSError("Wifi Invalid Mode")
        return self._stations.found(self.settings)

    def up(self):
        return self.active

    def has(self, address):
        return self.active and any(one[1] == address for one in self.stations())

    def any(self):
        return self.active and bool(self._stations.found(self.settings))


access_point = AccessPoint()
