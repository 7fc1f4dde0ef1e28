# The code that works beside the families while there are links, and comes with the first of them.

# Bytes of room for three units (host_tests/sim_only/test_units.py).
_LINKS, _DATAGRAMS, _SERVER = 5700, 2400, 4100


def links(device):
    """The Links of the TCP/IP commands. Raises Failure."""
    units = device.units
    if units.guest is None:
        units.guest = _beside(units, _LINKS, device.bring_links, device)
    return units.guest


def datagrams(device, *how):
    """What a link over UDP has in place of a Connection, see edges/datagrams. Raises Failure."""
    return _beside(device.units, _DATAGRAMS, device.bring_udp, *how)


def server(device, *how):
    """A Server for links, which are there already, see services/link_server.py. Raises Failure."""
    return _beside(device.units, _SERVER, device.bring_server, device, *how)


def _beside(units, room, bring, *args):
    """What bring(*args) gives, which wants so many bytes of room. The family that asks for it
    stays, too."""
    there = units.loaded()
    made, _ = units.memory.code(room, bring, *args)
    units.with_guest += [name for name in units.loaded() if name not in there]
    return made
