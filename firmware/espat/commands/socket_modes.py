# How the TCP/IP commands of links behave (docs/wire.md 6.1, 6.8, 6.9, 6.11).

from espat.pure.errors import EXEC_FAIL, AtError
from espat.services import settings
from espat.services.socket_settings import (
    INFO,
    INTERVAL,
    LINKS,
    MODE,
    MUX,
    NO_REPORT,
    PASSIVE,
    PERSIST,
    REPORT,
    REPORTS,
    links_meant,
    links_told,
    of_links,
    options,
    save_options,
    set_options,
    switch,
)

# Of AT+CIPTCPOPT: seconds, a switch, ms, seconds.
_RANGES = ((-1, 3600), (0, 1), (0, 3600000), (0, 7200))


async def several(device, reply, args):
    if args is None:
        await reply.line(b"+CIPMUX:%d" % switch(device, MUX))
        return
    mux = _number(args)
    links = device.units.guest
    if links is not None and (any(links.table) or (links.server is not None and not mux)):
        raise AtError(EXEC_FAIL)
    if mux and switch(device, MODE):
        raise AtError(EXEC_FAIL)
    device.sockets[MUX] = mux


async def senders(device, reply, args):
    if args is None:
        reply.bare(b"+CIPDINFO:" + (b"true" if switch(device, INFO) else b"false"))
    else:
        device.sockets[INFO] = _number(args)


async def receive_mode(device, reply, args):
    passive = of_links(device, PASSIVE)
    if args is None:
        await reply.line(b"+CIPRECVMODE:%d" % passive[0])
    else:
        passive[:] = bytes((_number(args),)) * LINKS


async def receive_type(device, reply, args):
    modes, reports = of_links(device, PASSIVE), of_links(device, REPORTS)
    if args is None:
        for number in links_told(device):
            values = (number, modes[number], reports[number])
            await reply.line(b"+CIPRECVTYPE:%d,%d,%d" % values)
        return
    numbers, first = links_meant(device, args)
    args.count(first + 1, first + 2)
    passive, report = args.number(first, 0, 1), args.number(first + 1, 0, 1, 0)
    for number in numbers:
        modes[number], reports[number] = passive, report


async def tcp_options(device, reply, args):
    if args is None:
        for number in links_told(device):
            await reply.line(b"+CIPTCPOPT:%d,%d,%d,%d,%d" % ((number,) + options(device, number)))
        return
    numbers, first = links_meant(device, args)
    args.count(first + 1, first + len(_RANGES))
    for number in numbers:
        values = list(options(device, number))
        for at in range(len(_RANGES)):
            values[at] = args.number(first + at, *_RANGES[at], values[at])
        set_options(device, number, values)
    save_options(device)


async def long_sending(device, reply, args):
    old = device.sockets.get(REPORT, NO_REPORT)
    if args is None:
        await reply.line(b"+CIPSENDLCFG:%d,%d" % old)
        return
    args.count(1, 2)
    report, piece = args.number(0, 100, 1 << 20), args.number(1, 100, NO_REPORT[1], old[1])
    device.sockets[REPORT] = report, piece


async def persistence(device, reply, args):
    kept = of_links(device, PERSIST)
    if args is None:
        told = kept if switch(device, MUX) else kept[:1]
        await reply.line(b"+CIPCONNPERSIST:" + b",".join(b"%d" % one for one in told))
        return
    numbers, first = links_meant(device, args)
    args.count(first + 1, first + 1)
    on = args.number(first, 0, 1)
    for number in numbers:
        kept[number] = on


async def reconnecting(device, reply, args):
    if args is None:
        await reply.line(b"+CIPRECONNINTV:%d" % device.sockets.get(INTERVAL, 1))
        return
    args.count(1, 1)
    value = args.number(0, 1, settings.LONGEST_INTERVAL)
    settings.save(settings.LINK_INTERVAL, value, device.store)
    device.sockets[INTERVAL] = value


def _number(args):
    args.count(1, 1)
    return args.number(0, 0, 1)


HANDLERS = {
    b"+CIPMUX": several,
    b"+CIPDINFO": senders,
    b"+CIPRECVMODE": receive_mode,
    b"+CIPRECVTYPE": receive_type,
    b"+CIPTCPOPT": tcp_options,
    b"+CIPSENDLCFG": long_sending,
    b"+CIPCONNPERSIST": persistence,
    b"+CIPRECONNINTV": reconnecting,
}
