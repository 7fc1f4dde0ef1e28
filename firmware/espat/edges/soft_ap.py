# The access point that the chip itself is: its network, its addresses, its stations.
#
# network.WLAN knows no more of it: no query of the password, no settings of the DHCP server, no way
# to send one station away, no events (ports/esp32/network_wlan.c, network_common.c). What the
# driver refuses is Refused; none of the settings is stored here.

import network

from espat.edges.addressing import call


class Guests:
    """Its stations."""

    def __init__(self):
        self._wlan = _wlan()
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
        _wlan().config,
        ssid=ssid,
        key=password,
        channel=channel,
        security=security,
        max_clients=clients,
        hidden=hidden,
    )


def ssid():
    return _wlan().config("ssid").encode()


def numbers():
    """(channel, security, most clients, hidden) as they are in force; in the channel of a station
    interface that is joined, whatever was asked for."""
    config = _wlan().config
    return config("channel"), config("security"), config("max_clients"), config("hidden")


def restart():
    """Off and on again: the one way to send stations away."""
    call(_wlan().active, False)
    call(_wlan().active, True)


def address():
    """(address, mask, gateway) as bytes."""
    own, mask = _wlan().ipconfig("addr4")
    return own.encode(), mask.encode(), _wlan().ipconfig("gw4").encode()


def set_address(own, mask, gateway):
    """The DHCP server starts anew, and forgets what it has given away."""
    own, mask, gateway = (text.decode() for text in (own, mask, gateway))
    call(_wlan().ipconfig, addr4=(own, mask), gw4=gateway)


def set_mac(mac):
    """Six bytes; the access point must be on."""
    call(_wlan().config, mac=mac)


def protocol():
    """Bits: 0 b, 1 g, 2 n, 3 LR, 4 ax."""
    return call(_wlan().config, "protocol")


def set_protocol(bits):
    """The access point must be on."""
    call(_wlan().config, protocol=bits)


def _wlan():
    return network.WLAN(network.WLAN.IF_AP)
