# The clock: set by the host or by SNTP (wire.md 5.5, 2.13).

from espat.edges import clock
from espat.pure.errors import PARA_INVALID, AtError
from espat.services.unit_care import spare
from espat.services.units import SNTP
from espat.services.volatile import SNTP_SERVERS

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEST, _EAST = -12, 14  # time zones in hours
_LAST = 0x7FFFFFFF
_HOST = 255
_SHORTEST, _LONGEST = 15, 4294967  # interval, seconds


async def timestamp(device, reply, args):
    if args is None:
        reply.bare(b"+SYSTIMESTAMP:%d" % clock.unix())
    else:
        args.count(1, 1)
        clock.set_unix(args.number(0, clock.EARLIEST, _LAST))


async def sntp_query(device, reply, args):
    sntp = device.sntp
    line = b"+CIPSNTPCFG:%d,%d" % (sntp.enabled, _shown(sntp.zone))
    for server in (sntp.servers or SNTP_SERVERS) if sntp.enabled else ():
        line += b',"%s"' % server
    await reply.line(line)


async def sntp_set(device, reply, args):
    args.count(1, 5)
    sntp = device.sntp
    enabled = args.number(0, 0, 1) == 1
    zone = args.number(1, -0x80000000, _LAST, None)
    zone = sntp.zone if zone is None else _zone(zone)
    servers = [_server(args, index) for index in range(2, len(args))]
    if enabled and sntp.sync is None:
        spare(device.units, SNTP)
        reply.after = device.synchronise
    sntp.enabled, sntp.zone = enabled, zone
    sntp.servers = [server for server in servers if server is not None]
    if sntp.sync is not None:
        sntp.sync.start_over()


async def time(device, reply, args):
    seconds = clock.unix() + device.sntp.zone * 60
    year, month, day, hour, minute, second, weekday = clock.calendar(seconds)
    # asctime() of C: hosts cut it by columns.
    date = "%s %s %2d %02d:%02d:%02d %d"
    text = date % (_DAYS[weekday], _MONTHS[month - 1], day, hour, minute, second, year)
    reply.bare(b"+CIPSNTPTIME:" + text.encode())


async def interval(device, reply, args):
    if args is None:
        await reply.line(b"+CIPSNTPINTV:%d" % device.sntp.interval)
        return
    args.count(1, 1)
    device.sntp.interval = args.number(0, _SHORTEST, _LONGEST)
    if device.sntp.sync is not None:
        device.sntp.sync.renew()


def _zone(number):
    """Minutes east of UTC: whole hours, or [hh]mm for what is no hour of a time zone."""
    if _WEST <= number <= _EAST:
        return number * 60
    hours, minutes = abs(number) // 100, abs(number) % 100
    zone = hours * 60 + minutes if number > 0 else -hours * 60 - minutes
    if minutes > 59 or not _WEST * 60 <= zone <= _EAST * 60:
        raise AtError(PARA_INVALID | 1)
    return zone


def _shown(zone):
    """The same number back; ESP-AT shows a zone of less than an hour as 0."""
    hours, minutes = abs(zone) // 60, abs(zone) % 60
    number = hours * 100 + minutes if hours and minutes else hours
    return -number if zone < 0 else number


def _server(args, index):
    name = args.string(index, _HOST, None)
    if name is not None and not (name and all(0x20 < byte < 0x7F for byte in name)):
        raise AtError(PARA_INVALID | index)
    return name


HANDLERS = {
    b"+SYSTIMESTAMP": timestamp,
    b"+CIPSNTPCFG?": sntp_query,
    b"+CIPSNTPCFG=": sntp_set,
    b"+CIPSNTPINTV": interval,
    b"+CIPSNTPTIME": time,
}
