# The Wi-Fi interfaces of network.WLAN. The only module that knows their status numbers.
#
# There are no event callbacks: state is polled. "Connected" means "has an IPv4 address"; that the
# access point has been joined before that shows in status("rssi"), which raises until then.

import time

import network

DOWN, JOINED, HAS_ADDRESS = 0, 1, 2
STATION, ACCESS_POINT = 1, 2  # bits of AT+CWMODE

# Failure codes of +CWJAP:<code>.
TIMEOUT, WRONG_PASSWORD, NO_AP, FAILED = 1, 2, 3, 4
MAY_PASS = 8  # to be tried again; alone: the code stays what it was
# ESP-AT's code (wire.md 4.4) of ESP-IDF's reasons (esp_wifi_types.h, wifi_err_reason_t). Every
# other one is FAILED, and may pass.
_FAILURES = {
    2: TIMEOUT | MAY_PASS,  # AUTH_EXPIRE
    15: WRONG_PASSWORD,  # 4WAY_HANDSHAKE_TIMEOUT
    201: NO_AP,  # NO_AP_FOUND
    202: FAILED,  # AUTH_FAIL
    204: WRONG_PASSWORD,  # HANDSHAKE_TIMEOUT
    205: MAY_PASS,  # CONNECTION_FAIL
    210: FAILED,  # NO_AP_FOUND_W_COMPATIBLE_SECURITY
    211: FAILED,  # NO_AP_FOUND_IN_AUTHMODE_THRESHOLD
    212: FAILED,  # NO_AP_FOUND_IN_RSSI_THRESHOLD
}
# The port keeps the reason of the last failure until the next success (network_wlan.c,
# wifi_sta_disconn_reason), so an old failure shows while a new attempt runs. One that looks like
# the old one counts only after this time; a scan of all channels takes about 2.5 s.
_STALE_MS = 5000
_UNDER_WAY = (network.STAT_IDLE, network.STAT_CONNECTING, network.STAT_GOT_IP)


class Radio:
    """Station and access point interface of the chip."""

    def __init__(self):
        self._station = network.WLAN(network.WLAN.IF_STA)
        self._access_point = network.WLAN(network.WLAN.IF_AP)
        # Whether the station has an address; makes no garbage.
        self.connected = self._station.isconnected
        self.serving = self._access_point.active  # the same for whether there is an own network
        # [(ssid, bssid, channel, rssi, security, hidden)]; blocks for seconds.
        self.scan = self._station.scan
        self._old_status = network.STAT_IDLE
        self._since = time.ticks_ms()

    def set_mode(self, mode):
        """Switch the interfaces on or off: 0 none, 1 station, 2 access point, 3 both."""
        self._access_point.active(bool(mode & ACCESS_POINT))
        self._station.active(bool(mode & STATION))
        if mode & STATION:
            # This firmware retries by its own rules (AT+CWJAP's interval), so the driver must not.
            self._station.config(reconnects=0)

    def connect(self, ssid, password, bssid):
        """Begin to join; raises OSError if the driver refuses. `bssid`: 6 bytes or None."""
        # A connect() while another is under way fails (micropython#17661).
        self.disconnect()
        self._old_status = self._station.status()
        self._since = time.ticks_ms()
        self._station.connect(ssid, password, bssid=bssid)

    def disconnect(self):
        try:
            self._station.disconnect()
        except OSError:
            return  # the interface is off, or was not connected

    def link_state(self):
        """DOWN, JOINED (no address yet) or HAS_ADDRESS."""
        if self.connected():
            return HAS_ADDRESS
        try:
            self._station.status("rssi")
        except OSError:
            return DOWN
        return JOINED

    def failure(self):
        """The +CWJAP code of why joining failed, with MAY_PASS, or None while it may succeed."""
        status = self._station.status()
        if status in _UNDER_WAY:
            return None
        age = time.ticks_diff(time.ticks_ms(), self._since)
        if status == self._old_status and age < _STALE_MS:
            return None
        return _FAILURES.get(status, FAILED | MAY_PASS)


def signal():
    """(channel, rssi) of the access point that the station has joined; raises OSError."""
    station = network.WLAN(network.WLAN.IF_STA)
    return station.config("channel"), station.status("rssi")
