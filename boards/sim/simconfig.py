# WLAN.config() of ports/esp32/network_wlan.c: which names there are, who may set and get them.
# A value that only the radio would feel (txpower, pm, ...) is kept and given back.

import simwifi
from simap import access_point, invalid_argument, own_address
from simwifi import station

_STA, _AP = 0, 1
_ALIASES = {"essid": "ssid", "authmode": "security", "password": "key", "dhcp_hostname": "hostname"}
_AP_ONLY = ("hidden", "security", "key", "max_clients")
_KEPT = ("bandwidth", "pm", "txpower")
# 802.11b, bg, bgn, LR, and the first three with it (ESP-IDF, esp_wifi_set_protocol)
_PROTOCOLS = (1, 3, 7, 8, 9, 11, 15)

_POWERS = (8, 20, 28, 34, 44, 52, 56, 60, 66, 72, 78)  # what esp_wifi_set_max_tx_power() knows


def _as_bytes(text):
    return text.encode() if isinstance(text, str) else bytes(text)


class _Names:
    hostname = "mpy-esp32"
    country = "XX"


names = _Names()


class Config:
    """The configuration of one interface."""

    def __init__(self, interface):
        self._id = interface
        self._mac = own_address(interface)
        self._channel = 1
        self._protocol = 7
        self._pending = {}  # what access_point.settings are to be
        self._kept = {
            "bandwidth": 2,  # BANDWIDTH_40
            "pm": 1,  # PM_PERFORMANCE
            "txpower": 19.5,
        }

    def get(self, name):
        name = _ALIASES.get(name, name)
        if name in ("hidden", "security"):
            self._need(_AP)
        if name in ("hostname", "reconnects"):
            self._need(_STA)
        getter = getattr(self, "_get_" + name, None)
        if getter:
            return getter()
        if name in _KEPT:
            return self._kept[name]
        raise ValueError("unknown config param")

    def set(self, values):
        self._pending = dict(access_point.settings)
        for name, value in values.items():
            name = _ALIASES.get(name, name)
            setter = getattr(self, "_set_" + name, None)
            if not setter and name not in _KEPT:
                raise ValueError("unknown config param")
            if setter:
                setter(value)
            else:
                self._kept[name] = type(self._kept[name])(value)
            self._need_for_set(name)
        if self._id == _STA and station.phase == simwifi.TRYING:
            # Every set ends in esp_wifi_set_config(): "sta is connecting, cannot set config".
            raise OSError("Wifi Internal State Error")
        if self._id == _AP:
            access_point.configure(self._pending)

    def _need_for_set(self, name):
        if name in _AP_ONLY or name == "ssid":
            self._need(_AP)
        elif name == "reconnects":
            self._need(_STA)

    def _need(self, interface):
        if self._id != interface:
            raise OSError("AP required" if interface else "STA required")

    def _set_txpower(self, value):
        quarters = int(value * 4)
        if not 8 <= quarters <= 84:
            raise invalid_argument()
        self._kept["txpower"] = max(p for p in _POWERS if p <= quarters) / 4

    def _get_mac(self):
        return self._mac

    def _set_mac(self, value):
        value = bytes(value)
        if len(value) != 6:
            raise ValueError("invalid buffer length")
        if value[0] & 1 or value == bytes(6):
            raise OSError("Wifi Invalid MAC Address")
        if self._id == _AP:
            if not access_point.active:
                raise OSError("Wifi Invalid Mode")
            access_point.drop()
        self._mac = value

    def _get_ssid(self):
        return (access_point.settings["ssid"] if self._id == _AP else station.ssid).decode()

    def _set_ssid(self, value):
        # Nothing overwrites the old name with an empty one.
        self._pending["ssid"] = _as_bytes(value)[:32] or self._pending["ssid"]

    def _set_key(self, value):
        self._pending["key"] = _as_bytes(value)[:63]  # never told: there is no query for it

    def _get_hidden(self):
        return access_point.settings["hidden"]

    def _set_hidden(self, value):
        self._pending["hidden"] = bool(value)

    def _get_security(self):
        return access_point.settings["security"]

    def _set_security(self, value):
        self._pending["security"] = value

    def _get_max_clients(self):
        return access_point.settings["max_clients"]

    def _set_max_clients(self, value):
        self._pending["max_clients"] = value & 0xFF

    def _get_channel(self):
        """The radio's, which there is once; a joined station decides on it."""
        if station.phase == simwifi.JOINED:
            return station.ap["channel"]
        return access_point.settings["channel"] if access_point.active else self._channel

    def _set_channel(self, value):
        if self._id == _AP:
            self._pending["channel"] = value & 0xFF
            return
        if not 1 <= value <= 14:
            raise invalid_argument()
        self._channel = value

    def _get_protocol(self):
        self._need_interface()
        return self._protocol

    def _set_protocol(self, value):
        self._need_interface()
        if value not in _PROTOCOLS:
            raise invalid_argument()
        self._protocol = value

    def _need_interface(self):
        if not (access_point if self._id == _AP else station).active:
            raise OSError("Wifi Invalid Interface")

    def _get_hostname(self):
        return names.hostname

    def _set_hostname(self, value):
        if len(value) > 32:
            raise ValueError
        names.hostname = value

    def _get_reconnects(self):
        return station.retry_limit - 1

    def _set_reconnects(self, value):
        station.retry_limit = (0 if value == -1 else value + 1) & 0xFF
