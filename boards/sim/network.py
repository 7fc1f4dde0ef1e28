# The module `network` of an ESP32, for MicroPython's unix port. Names, values and refusals follow
# ports/esp32/network_wlan.c, network_common.c and extmod/modnetwork.c; the station is simwifi's,
# the access point simap's.

import time

import simchip
import simipconfig
import simwifi
from simap import access_point
from simconfig import Config, names
from simsystem import need_for_wifi, part_of_wifi
from simwifi import address_of, station
from simworld import world

STAT_IDLE = simwifi.STAT_IDLE
STAT_CONNECTING = simwifi.STAT_CONNECTING
STAT_GOT_IP = simwifi.STAT_GOT_IP
STAT_BEACON_TIMEOUT = 200
STAT_NO_AP_FOUND = 201
STAT_WRONG_PASSWORD = 202
STAT_ASSOC_FAIL = STAT_CONNECT_FAIL = 203
STAT_HANDSHAKE_TIMEOUT = 204
STAT_NO_AP_FOUND_W_COMPATIBLE_SECURITY = 210
STAT_NO_AP_FOUND_IN_AUTHMODE_THRESHOLD = 211
STAT_NO_AP_FOUND_IN_RSSI_THRESHOLD = 212
STA_IF, AP_IF = 0, 1
MODE_11B, MODE_11G, MODE_11N, MODE_LR = 1, 2, 4, 8
AUTH_OPEN, AUTH_WEP, AUTH_WPA_PSK, AUTH_WPA2_PSK, AUTH_WPA_WPA2_PSK = range(5)
AUTH_WPA2_ENTERPRISE, AUTH_WPA3_PSK, AUTH_WPA2_WPA3_PSK, AUTH_WAPI_PSK, AUTH_OWE = range(5, 10)
AUTH_WPA3_ENT_192, AUTH_WPA3_EXT_PSK, AUTH_WPA3_EXT_PSK_MIXED_MODE = range(10, 13)
AUTH_MAX = 17


def hostname(name=None):
    if name is None:
        return names.hostname
    if len(name) > 32:
        raise ValueError
    names.hostname = name


def country(code=None):
    if code is None:
        return names.country
    if len(code) != 2:
        raise ValueError
    names.country = code


def ipconfig(*args, **kwargs):
    return simipconfig.module(station, args, kwargs)


def phy_mode(mode=None):
    return None


def _as_bytes(text):
    return text.encode() if isinstance(text, str) else bytes(text)


class WLAN:
    """WLAN(WLAN.IF_STA) and WLAN(WLAN.IF_AP): the same two objects every time."""

    IF_STA, IF_AP = 0, 1
    SEC_OPEN, SEC_WEP, SEC_WPA, SEC_WPA2, SEC_WPA_WPA2, SEC_WPA2_ENT, SEC_WPA3 = range(7)
    SEC_WPA2_WPA3, SEC_WAPI, SEC_OWE, SEC_WPA3_ENT_192, SEC_WPA3_EXT_PSK = range(7, 12)
    SEC_WPA3_EXT_PSK_MIXED_MODE, SEC_DPP, SEC_WPA3_ENT, SEC_WPA2_WPA3_ENT = range(12, 16)
    PROTOCOL_DEFAULT, PROTOCOL_LR = 7, 8
    PM_NONE, PM_PERFORMANCE, PM_POWERSAVE = 0, 1, 2
    BANDWIDTH_20, BANDWIDTH_40 = 1, 2
    _made = {}
    _started = None

    def __new__(cls, interface=0):
        if interface not in (0, 1):
            raise ValueError("invalid WLAN interface identifier")
        if interface not in cls._made:
            if not cls._made:
                cls._part = part_of_wifi(simchip.WLAN)  # esp_wifi_init(); nothing ends it
            wlan = cls._made[interface] = super().__new__(cls)
            wlan._id = interface
            wlan._nic = access_point if interface else station
            wlan._config = Config(interface)
        return cls._made[interface]

    def active(self, on=None):
        if on is None:
            return self._nic.active
        if on and not self._nic.active:
            self._part_of_both()
            self._nic.start()
        elif not on and self._nic.active:
            self._nic.stop()
        return bool(on)

    def connect(self, ssid=None, key=None, *, bssid=None):
        station.advance()
        if bssid is not None and len(bssid) != 6:
            raise ValueError
        need_for_wifi()
        if ssid is not None and station.phase == simwifi.IDLE:
            station.configure(_as_bytes(ssid), _as_bytes(key or b""), bssid and bytes(bssid))
        station.connect()

    def disconnect(self):
        station.advance()
        station.disconnect()

    def isconnected(self):
        station.advance()
        return station.has_ip if self._id == 0 else access_point.any()

    def status(self, query=None):
        station.advance()
        if query is None:
            return station.status() if self._id == 0 else None
        if query == "rssi":
            self._only(0)
            return self._rssi()
        if query == "stations":
            self._only(1)
            return access_point.stations()
        raise ValueError("unknown status param")

    def scan(self):
        """Blocks for the scan's time; [] while the station is connecting, as the driver's
        refusal ("STA is connecting, scan are not allowed") is not passed on."""
        station.advance()
        if not station.active:
            raise OSError("STA must be active")
        need_for_wifi()
        if station.phase == simwifi.TRYING:
            return []
        time.sleep_ms(int(world.data["scan_time"] * 1000))
        world.refresh()
        points = sorted(world.access_points(), key=lambda ap: -ap["rssi"])
        return [self._record(ap) for ap in points]

    def config(self, *args, **kwargs):
        if "txpower" in args or "txpower" in kwargs:
            self._need_radio()
        if kwargs:
            if args:
                raise TypeError("either pos or kw args are allowed")
            return self._config.set(kwargs)
        if len(args) != 1:
            raise TypeError("can query only one param")
        return self._config.get(args[0])

    def ipconfig(self, *args, **kwargs):
        station.advance()
        return simipconfig.interface(self._nic, args, kwargs)

    def ifconfig(self, config=None):
        station.advance()
        return simipconfig.ifconfig(self._nic, config)

    def _part_of_both(self):
        """esp_wifi_start(); it is not counted when it ends."""
        WLAN._started = WLAN._started or part_of_wifi(simchip.WLAN_ACTIVE)

    def _need_radio(self):
        if not station.active and not access_point.active:
            raise OSError("Wifi Not Started")

    def _only(self, interface):
        if self._id != interface:
            raise OSError("AP required" if interface else "STA required")

    def _rssi(self):
        if not station.active:
            raise OSError("Wifi Internal Error")
        if station.phase != simwifi.JOINED:
            raise OSError("Wifi Not Connected")
        return station.ap["rssi"]

    def _record(self, ap):
        ssid = b"" if ap["hidden"] else ap["ssid"].encode()
        security = simwifi.SECURITY[ap["security"]]
        return (ssid, address_of(ap["bssid"]), ap["channel"], ap["rssi"], security, False)
