# The station: what Espressif's driver and the event handlers of ports/esp32/network_wlan.c do,
# computed from the time whenever somebody asks. A phase ends at `_due`; what a longer time would
# have brought is caught up step by step, so that retries are counted even when nobody looks.
#
#     IDLE --connect()--> TRYING --AP found, key right--> JOINED (associated, then an address)
#      ^                    | ^                             |
#      +--- no more retries-+ +--------- retry -------------+ AP gone: beacon timeout

import simchip
import utime as time  # the world counts on when the board's ticks wrap
from simheap import NoRoom
from simsystem import Part
from simworld import world

IDLE, TRYING, JOINED = range(3)

ASSOC_LEAVE = 8
HANDSHAKE_TIMEOUT = 15  # of the four-way handshake: what a wrong WPA password comes to
BEACON_TIMEOUT = 200
NO_AP_FOUND = 201
AUTH_FAIL = 202
CONNECTION_FAIL = 205
NO_COMPATIBLE_SECURITY = 210
BELOW_AUTHMODE = 211
STAT_IDLE, STAT_CONNECTING, STAT_GOT_IP = 1000, 1001, 1010
# status() tells these at once, even while the driver goes on trying (network_wlan_status)
_NAMED = {201: 201, 202: 202, 205: 202, 210: 210, 211: 211, 212: 212, ASSOC_LEAVE: STAT_IDLE}

DHCP_INIT, DHCP_STARTED, DHCP_STOPPED = range(3)
NOWHERE = "0.0.0.0"
_DHCP_MS = 10
_BEACONS_MS = 50  # some seconds on the chip
_LATE_MS = 5000  # how far a pause without questions is caught up
SECURITY = {"open": 0, "wep": 1, "wpa": 2, "wpa2": 3, "wpa/wpa2": 4, "wpa3": 6, "wpa2/wpa3": 7}


def refusal(ap, key):
    """Why this access point does not let us in with this key, or 0.

    A key of 8 characters or more raises the wanted security to WPA2 (ESP-IDF, wifi_sta_config_t:
    threshold.authmode), so it keeps the station off open, WEP and WPA networks.
    """
    if ap is None:
        return NO_AP_FOUND
    if ap.get("reason"):
        return ap["reason"]
    security = SECURITY[ap["security"]]
    if len(key) >= 8 and security < 3:
        return BELOW_AUTHMODE
    if security and len(key) < (5 if security == 1 else 8):
        return NO_COMPATIBLE_SECURITY
    if not security or key == ap["password"].encode():
        return 0
    return AUTH_FAIL if security == 1 else HANDSHAKE_TIMEOUT


class Station:
    """One station interface with its driver and its DHCP client."""

    def __init__(self):
        self.active = False
        self.phase = IDLE
        self.requested = False
        self.has_ip = False
        self.reason = 0
        self.retry_limit = 0  # as in network_wlan.c: 0 for ever, else tries
        self.ssid = self.key = b""
        self.bssid = None
        self.ap = None
        self._part = None
        self.dhcp = DHCP_INIT
        self.ip = self.mask = self.gateway = self.dns = NOWHERE
        self._tries = 0
        self._due = 0
        self._lost = None
        self._asked = time.ticks_ms() - 1

    def up(self):
        """Do bytes reach the network now? Cheap: every read and write of a socket asks."""
        if time.ticks_ms() != self._asked:
            self.advance()
        return self.has_ip and self._lost is None

    def advance(self):
        """Bring the state to the present."""
        world.refresh()
        self._asked = now = time.ticks_ms()
        if time.ticks_diff(now, self._due) > _LATE_MS:
            self._due = time.ticks_add(now, -_LATE_MS)
        while self._step(now):
            pass

    def start(self):
        self.active = True
        self._tries = 0

    def stop(self):
        self._leave()
        self.active = False

    def configure(self, ssid, key, bssid):
        self.ssid, self.key, self.bssid = ssid[:32], key[:64], bssid

    def connect(self):
        self._tries = 0
        if not self.active:
            raise OSError("Wifi Not Started")
        if self.phase != IDLE:
            raise OSError("Wifi Internal Error")  # ESP_ERR_WIFI_CONN, micropython#17661
        self._try(time.ticks_ms())
        self.requested = True

    def disconnect(self):
        self.requested = False
        if not self.active:
            raise OSError("Wifi Not Started")
        self._leave()

    def status(self):
        """network_wlan_status(), question by question."""
        if self.has_ip:
            return STAT_GOT_IP
        if self.reason in _NAMED:
            return _NAMED[self.reason]
        if self.requested and (not self.retry_limit or self._tries < self.retry_limit):
            return STAT_CONNECTING
        return self.reason or STAT_IDLE

    def set_address(self, ip, mask, gateway):
        self.ip, self.mask, self.gateway = ip, mask, gateway
        self.dhcp = DHCP_STOPPED

    def start_dhcp(self):
        """esp_netif_dhcpc_start(): without a link it only remembers that DHCP is wanted."""
        self.ip = self.mask = self.gateway = NOWHERE
        self.dhcp = DHCP_INIT
        if self.phase == JOINED:
            self.dhcp = DHCP_STARTED
            self._due = time.ticks_add(time.ticks_ms(), _DHCP_MS)

    def _leave(self):
        if self.phase != IDLE:
            self._drop(ASSOC_LEAVE)
        self.phase = IDLE

    def _drop(self, reason):
        """WIFI_EVENT_STA_DISCONNECTED as the driver's and MicroPython's handlers take it."""
        self.reason = reason
        self.has_ip = False
        self.phase = IDLE
        if self._part:
            self._part.free()
        self._part = self.ap = self._lost = None
        if self.dhcp != DHCP_STOPPED:
            self.start_dhcp()

    def _find(self):
        """The first access point that has the name (fast scan), or None."""
        for ap in world.access_points():
            if ap["ssid"].encode() == self.ssid and self.bssid in (None, address_of(ap["bssid"])):
                return ap
        return None

    def _try(self, now):
        ap = self._find()
        seconds = ap["delay"] if ap else world.data["scan_time"]
        self.phase = TRYING
        self._due = time.ticks_add(now, max(1, int(seconds * 1000)))

    def _step(self, now):
        """One change of state; False when there is none to make yet."""
        if self.phase == JOINED:
            return self._keep(now)
        if self.phase == TRYING and time.ticks_diff(now, self._due) >= 0:
            self._finish(self._due)
            return True
        return False

    def _finish(self, when):
        ap = self._find()
        reason = refusal(ap, self.key) or self._no_room()
        if reason:
            self._drop(reason)
            self._retry(when)
            return
        self.phase = JOINED
        self.ap = ap
        if self.dhcp == DHCP_INIT:
            self.dhcp = DHCP_STARTED
        self._due = time.ticks_add(when, _DHCP_MS)

    def _no_room(self):
        """What a join takes of the system heap, or why it comes to nothing."""
        try:
            self._part = Part(simchip.JOINED)
        except NoRoom:
            return CONNECTION_FAIL
        return 0

    def _retry(self, when):
        if not self.requested:
            return
        if self.retry_limit:
            self._tries += 1
            if self._tries >= self.retry_limit:
                return
        self._try(when)

    def _keep(self, now):
        ap = self._same_point()
        if ap:
            self.ap, self._lost = ap, None
            self._get_address(now)
            return False
        if self._lost is None:
            self._lost = now
        if time.ticks_diff(now, self._lost) < _BEACONS_MS:
            return False
        self._drop(BEACON_TIMEOUT)
        self._retry(now)
        return True

    def _same_point(self):
        for ap in world.access_points():
            if ap["ssid"] == self.ap["ssid"] and ap["bssid"] == self.ap["bssid"]:
                return ap
        return None

    def _get_address(self, now):
        if time.ticks_diff(now, self._due) < 0:
            return
        if self.dhcp == DHCP_STARTED and self.ip == NOWHERE and self.ap["dhcp"]:
            self.ip, self.mask = self.ap["address"], "255.255.255.0"
            self.gateway = self.dns = self.ip.rsplit(".", 1)[0] + ".1"
        if self.ip != NOWHERE and not self.has_ip:
            self.has_ip = True
            self.reason = 0


def address_of(text):
    """'aa:bb:...' as six bytes."""
    return bytes(int(part, 16) for part in text.split(":"))


station = Station()
