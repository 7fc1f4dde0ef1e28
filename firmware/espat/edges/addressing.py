# What makes the two interfaces known in their networks, each as STATION or ACCESS_POINT of
# edges/radio: addresses, MAC, protocols; and the station's host name and name server. Beside radio
# and soft_ap, the only module that knows network.WLAN.

import network

from espat.edges.radio import ACCESS_POINT, STATION
from espat.pure.errors import EXEC_FAIL, AtError

_REFUSED = (OSError, RuntimeError, ValueError)  # the driver has names for some of its errors only


def wlan(interface):
    return network.WLAN(network.WLAN.IF_AP if interface == ACCESS_POINT else network.WLAN.IF_STA)


def addresses(interface):
    """(address, mask, gateway) as bytes, b"0.0.0.0" where there is none."""
    one = wlan(interface)
    address, mask = one.ipconfig("addr4")
    return address.encode(), mask.encode(), one.ipconfig("gw4").encode()


def set_addresses(interface, *addresses):
    """Take these three. The station's DHCP client stops, before the first join too; the access
    point's server starts anew, and forgets what it has given away."""
    address, mask, gateway = (text.decode() for text in addresses)
    call(wlan(interface).ipconfig, addr4=(address, mask), gw4=gateway)


def start_dhcp():
    station = wlan(STATION)
    if not station.ipconfig("dhcp4"):
        call(station.ipconfig, dhcp4=True)


def dns():
    """The name server in use, as bytes. MicroPython knows the first one only."""
    return network.ipconfig("dns").encode()


def set_dns(server):
    """`server`: bytes. DHCP sets its own with every lease it gets, see edges/resolver.py."""
    network.ipconfig(dns=server.decode())


def hostname():
    return network.hostname().encode()


def set_hostname(name):
    """For the next join: the name goes out with the question for an address."""
    call(network.hostname, name.decode())


def mac(interface):
    return wlan(interface).config("mac")


def set_mac(interface, mac):
    """Six bytes; the interface must be on, and the station not joined."""
    call(wlan(interface).config, mac=mac)


def protocol(interface):
    """Bits: 0 b, 1 g, 2 n, 3 LR, 4 ax."""
    return call(wlan(interface).config, "protocol")


def set_protocol(interface, bits):
    """The interface must be on, and the station not trying to join."""
    call(wlan(interface).config, protocol=bits)


def accepted(setter, *values):
    """Whether the driver takes a stored value; what it refuses is told in the log."""
    try:
        setter(*values)
    except AtError as error:
        print("not restored:", error.detail)
        return False
    return True


def call(function, *args, **kwargs):
    """function(...); raises AtError where the driver does not take that, or not now."""
    try:
        return function(*args, **kwargs)
    except _REFUSED as error:
        raise AtError(EXEC_FAIL, str(error))
