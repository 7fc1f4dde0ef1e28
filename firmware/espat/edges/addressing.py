# What makes the station known in its network: addresses, name servers, host name, MAC, and the
# protocols it speaks. Beside radio and soft_ap, the only module that knows network.WLAN.

import network

from espat.pure.errors import Refused

_REFUSED = (OSError, RuntimeError, ValueError)  # the driver has names for some of its errors only


def current():
    """(address, mask, gateway) as bytes, b"0.0.0.0" where there is none."""
    address, mask = _station().ipconfig("addr4")
    return address.encode(), mask.encode(), _station().ipconfig("gw4").encode()


def set_static(address, mask, gateway):
    """Stop DHCP, before the first join too, and take these."""
    address, mask, gateway = (text.decode() for text in (address, mask, gateway))
    call(_station().ipconfig, addr4=(address, mask), gw4=gateway)


def start_dhcp():
    if not _station().ipconfig("dhcp4"):
        call(_station().ipconfig, dhcp4=True)


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


def set_mac(mac):
    """Six bytes; the station must be on and not joined."""
    call(_station().config, mac=mac)


def mac():
    return _station().config("mac")


def protocol():
    """Bits: 0 b, 1 g, 2 n, 3 LR, 4 ax."""
    return call(_station().config, "protocol")


def set_protocol(bits):
    """The station must be on and not trying to join."""
    call(_station().config, protocol=bits)


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


def _station():
    return network.WLAN(network.WLAN.IF_STA)
