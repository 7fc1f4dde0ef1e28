# The access point that the chip itself is: its network and its stations.
#
# network.WLAN knows no more of it: no query of the password, no settings of the DHCP server, no way
# to send one station away, no events (ports/esp32/network_wlan.c, network_common.c). What the
# driver refuses is an AtError; none of the settings is stored here.

from espat.edges.addressing import call, wlan
from espat.edges.radio import ACCESS_POINT


class Guests:
    """Its stations."""

    def __init__(self):
        self._wlan = wlan(ACCESS_POINT)
        self._told = []
        self._stations = []

    def any(self):
        """Whether a station is there; makes no garbage. The access point must be on."""
        return self._wlan.isconnected()

    def present(self):
        """[(mac, address as bytes)], b"" where no address is known; the same list as the last time
        when nothing has changed."""
        # MicroPython 1.28 and older, and chips with another chip's radio, tell the MAC only.
        told = call(self._wlan.status, "stations")
        if told != self._told:
            self._told = told
            self._stations = [
                (one[0], (one[1] or "").encode() if len(one) > 1 else b"") for one in told
            ]
        return self._stations


def configure(ssid, password, channel, security, clients, hidden):
    """All at once, or nothing. Stations that are there have to join again."""
    # The port cuts a password at 63 bytes (wifi_ap_config_t wants an end to it).
    call(
        wlan(ACCESS_POINT).config,
        ssid=ssid,
        key=password,
        channel=channel,
        security=security,
        max_clients=clients,
        hidden=hidden,
    )


def ssid():
    return wlan(ACCESS_POINT).config("ssid").encode()


def numbers():
    """(channel, security, most clients, hidden) as they are in force; in the channel of a station
    interface that is joined, whatever was asked for."""
    config = wlan(ACCESS_POINT).config
    return config("channel"), config("security"), config("max_clients"), config("hidden")


def restart():
    """Off and on again: the one way to send stations away."""
    for on in (False, True):
        call(wlan(ACCESS_POINT).active, on)
