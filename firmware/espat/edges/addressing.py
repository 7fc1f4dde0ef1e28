# What makes the station known in its network: addresses, name servers, host name, MAC, and the
# protocols it speaks. Beside radio and soft_ap, the only module that knows network.WLAN.

import network

from espat.pure.errors import Refused

_REFUSED = (OSError, RuntimeError, ValueError)  # the driver has names for some of its errors only


class Addressing:
    """The station interface's own settings; none is stored here."""

    def __init__(self):
        self._station = network.WLAN(network.WLAN.IF_STA)

    def current(self):
        """(address, mask, gateway) as bytes, b"0.0.0.0" where there is none."""
        address, mask = self._station.ipconfig("addr4")
        return address.encode(), mask.encode(), self._station.ipconfig("gw4").encode()

    def set_static(self, address, mask, gateway):
        """Stop DHCP, before the first join too, and take these."""
        address, mask, gateway = (text.decode() for text in (address, mask, gateway))
        call(self._station.ipconfig, addr4=(address, mask), gw4=gateway)

    def start_dhcp(self):
        if not self._station.ipconfig("dhcp4"):
            call(self._station.ipconfig, dhcp4=True)

    def dns(self):
        """The name server in use, as bytes. MicroPython knows the first one only."""
        return network.ipconfig("dns").encode()

    def set_dns(self, server):
        """`server`: bytes. DHCP sets its own with every lease it gets, see edges/resolver.py."""
        network.ipconfig(dns=server.decode())

    def hostname(self):
        return network.hostname().encode()

    def set_hostname(self, name):
        """For the next join: the name goes out with the question for an address."""
        call(network.hostname, name.decode())

    def set_mac(self, mac):
        """Six bytes; the station must be on and not joined."""
        call(self._station.config, mac=mac)

    def mac(self):
        return self._station.config("mac")

    def protocol(self):
        """Bits: 0 b, 1 g, 2 n, 3 LR, 4 ax."""
        return call(self._station.config, "protocol")

    def set_protocol(self, bits):
        """The station must be on and not trying to join."""
        call(self._station.config, protocol=bits)


def accepted(setter, *values):
    """Whether the driver takes a stored value; what it refuses is told in the log."""
    try:
        setter(*values)
    except Refused as error:
        print("not restored:", error.detail)
        return False
    return True


def call(function, *args, **kwargs):
    """function(...); raises Refused."""
    try:
        return function(*args, **kwargs)
    except _REFUSED as error:
        raise Refused(str(error))
