# WLAN.config() of ports/esp32/network_wlan.c: which names there are, who may set and get them.
# A value that only the radio would feel (txpower, pm, ...) is kept and given back.

import simwifi
from machine import unique_id
from simwifi import station

_STA, _AP = 0, 1
_ALIASES = {"essid": "ssid", "authmode": "security", "password": "key", "dhcp_hostname": "hostname"}
_AP_ONLY = ("hidden", "security", "key", "max_clients")
_KEPT = ("bandwidth", "protocol", "pm", "txpower", "hidden", "security", "max_clients")

_POWERS = (8, 20, 28, 34, 44, 52, 56, 60, 66, 72, 78)  # what esp_wifi_set_max_tx_power() knows


class _Names:
    hostname = "mpy-esp32"
    country = "XX"


names = _Names()


def _own_address(offset):
    own = bytearray(unique_id())
    own[5] = (own[5] + offset) & 0xFF
    return bytes(own)


class Config:
    """The configuration of one interface."""

    def __init__(self, interface):
        self._id = interface
        self._mac = _own_address(interface)
        self._ap_ssid = b"ESP_%02X%02X%02X" % tuple(self._mac[3:])
        self._channel = 1
        self._kept = {
            "bandwidth": 2,  # BANDWIDTH_40
            "protocol": 7,
            "pm": 1,  # PM_PERFORMANCE
            "txpower": 19.5,
            "hidden": False,
            "security": 0,
            "max_clients": 4,
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
            raise RuntimeError("Wifi Unknown Error 0x0102")  # ESP_ERR_INVALID_ARG
        self._kept["txpower"] = max(p for p in _POWERS if p <= quarters) / 4

    def _get_mac(self):
        return self._mac

    def _set_mac(self, value):
        value = bytes(value)
        if len(value) != 6:
            raise ValueError("invalid buffer length")
        if value[0] & 1 or value == bytes(6):
            raise OSError("Wifi Invalid MAC Address")
        self._mac = value

    def _get_ssid(self):
        return (self._ap_ssid if self._id == _AP else station.ssid).decode()

    def _set_ssid(self, value):
        self._ap_ssid = value.encode() if isinstance(value, str) else bytes(value)

    def _set_key(self, value):
        self._key = value  # never told: there is no query for it

    def _get_channel(self):
        return station.ap["channel"] if station.phase == simwifi.JOINED else self._channel

    def _set_channel(self, value):
        if not 1 <= value <= 14:
            raise RuntimeError("Wifi Unknown Error 0x0102")  # ESP_ERR_INVALID_ARG
        self._channel = value

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
