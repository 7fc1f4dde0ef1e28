# AT+CWMODE: which interfaces are on (docs/wire.md 4.2).

from espat.edges.radio import STATION
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


HANDLERS = {
    b"+CWMODE": choose,
}
