# The code that works beside the families while there are links, and comes with the first of them.

from espat.services.unit_care import beside

# Bytes of room for three units (host_tests/sim_only/test_units.py).
LINKS, DATAGRAMS, SERVER = 5600, 4800, 4100


def links(device):
    """The Links of the TCP/IP commands. Raises Failure."""
    units = device.units
    if units.guest is None:
        units.guest = beside(units, LINKS, None, device.bring_links, device)
    return units.guest


def datagrams(device, *how):
    """What a link over UDP has in place of a Connection, see edges/datagrams. Raises Failure."""
    units = device.units
    return beside(units, DATAGRAMS, units.guest, device.bring_udp, 0, *how)


def server(device, *how):
    """A Server for links, which are there already, see services/link_server.py. Raises Failure."""
    units = device.units
    return beside(units, SERVER, units.guest, device.bring_server, device, *how)
