# The code that works beside the families while there are links, and comes with the first of them.

from espat.services.unit_care import LISTEN, TLS, UDP, keep
from espat.services.units import LINKS


def links(device):
    """The Links of the TCP/IP commands. Raises Failure."""
    units = device.units
    if units.guest is None:
        units.guest = units.beside("links", LINKS).Links(device)
        keep(units, "links", units.guest)
    return units.guest


def datagrams(device, *how):
    """What a link over UDP has in place of a Connection, see edges/datagrams. Raises Failure."""
    unit = device.units.beside("udp", UDP)
    keep(device.units, "udp", device.units.guest)
    return unit.Datagrams(*how)


def secure(device):
    """What a link over TLS wants, see services/link_tls.py. Raises Failure."""
    unit = device.units.beside("tls", TLS)
    keep(device.units, "tls", device.units.guest)
    return unit


def server(device, *how):
    """A LinkServer, which are there already, see services/link_server.py. Raises Failure."""
    made = device.units.beside("listen", LISTEN).LinkServer(device, *how)
    keep(device.units, "listen", made)
    return made
