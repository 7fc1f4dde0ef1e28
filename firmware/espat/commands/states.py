# What hosts ask again and again: which state the station is in, and which links there are
# (docs/wire.md 4.3, 6.3, 6.8). Their family is small, and so has room beside a link over TLS.

from espat.services.open_links import open_links
from espat.services.socket_settings import LINKS, MUX, switch

_NO_STATION, _FREE, _OPEN, _NONE_OPEN = 5, 2, 3, 4  # of AT+CIPSTATUS


async def station(device, reply, args):
    config = device.station.config
    ssid = config.ssid if config else b""
    await reply.line(b'+CWSTATE:%d,"%s"' % (device.station.state, ssid))


async def state(device, reply, args):
    await _states(device, reply, b"+CIPSTATE:")


async def status(device, reply, args):
    number = _FREE
    if not device.station.way():
        number = _NO_STATION
    elif open_links(device):
        number = _OPEN
    elif device.units.guest is not None:
        number = _NONE_OPEN
    await reply.line(b"STATUS:%d" % number)
    await _states(device, reply, b"+CIPSTATUS:")


async def _states(device, reply, prefix):
    for link in open_links(device):
        told = (link.number, link.kind, link.peer, link.port, link.local, link.serving)
        await reply.line(prefix + b'%d,"%s","%s",%d,%d,%d' % told)


async def lengths(device, reply, args):
    counts = [0] * LINKS
    for link in open_links(device):
        counts[link.number] = link.count
    told = counts if switch(device, MUX) else counts[:1]
    await reply.line(b"+CIPRECVLEN:" + b",".join(b"%d" % count for count in told))


HANDLERS = {
    b"+CWSTATE": station,
    b"+CIPSTATE": state,
    b"+CIPSTATUS": status,
    b"+CIPRECVLEN": lengths,
}
