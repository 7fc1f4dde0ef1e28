# AT+CWMODE: which interfaces are on (docs/wire.md 4.2). And the modes of sockets, of which there
# are none here: hosts ask for the defaults when they set up (6.1, 6.8, 6.9, 6.11).

from espat.edges.radio import STATION
from espat.pure.errors import Failure
from espat.pure.reasons import NOT_SUPPORTED
from espat.services import settings
from espat.services.modes import resume, set_mode


async def choose(device, reply, args):
    if args is None:
        await reply.line(b"+CWMODE:%d" % device.mode)
        return
    args.count(1, 2)
    mode = args.number(0, 0, 3)
    rejoin = args.number(1, 0, 1, 1)
    had_station = device.mode & STATION
    settings.save(settings.MODE, mode, device.store)
    if had_station and not mode & STATION:
        await device.station.leave()
    set_mode(device, mode)
    if rejoin and mode & STATION and not had_station:
        resume(device)


async def of_sockets(device, reply, args):
    if args is None:
        reply.bare(reply.name + (b":false" if reply.name == b"+CIPDINFO" else b":0\r\n"))
        return
    args.count(1, 1)
    if args.number(0, 0, 1):
        raise Failure(NOT_SUPPORTED)


HANDLERS = {
    b"+CWMODE": choose,
    b"+CIPMUX": of_sockets,
    b"+CIPMODE": of_sockets,
    b"+CIPDINFO": of_sockets,
    b"+CIPRECVMODE": of_sockets,
}
