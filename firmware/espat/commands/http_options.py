# What goes beyond ESP-AT in every HTTP request, once it is asked for (wire.md 15). Nothing of it is
# saved.

from espat.services.http_command import MOST_TIMEOUT_MS, TIMEOUT_MS

_ALL_REPORTS = 15
_MOST_REDIRECTS = 10
_MOST_MS = 0x1FFFFFFF  # half the period of the ticks on a 32-bit port: six days


async def report(device, reply, args):
    http = device.http
    if args is None:
        await reply.line(b"+HTTPREPORT:%d" % http.reports)
    else:
        args.count(1, 1)
        http.reports = args.number(0, 0, _ALL_REPORTS)


async def redirect(device, reply, args):
    http = device.http
    if args is None:
        await reply.line(b"+HTTPREDIRECT:%d,%d" % (http.redirects, http.downgrade))
        return
    args.count(1, 2)
    most, downgrade = args.number(0, 0, _MOST_REDIRECTS), args.number(1, 0, 1, 0)
    http.redirects, http.downgrade = most, downgrade


async def pull(device, reply, args):
    http = device.http
    if args is None:
        await reply.line(b"+HTTPPULL:%d" % http.pull)
    else:
        args.count(1, 1)
        http.pull = args.number(0, 0, 1)


async def timeout(device, reply, args):
    http = device.http
    if args is None:
        await reply.line(b"+HTTPTIMEOUT:%d,%d" % (http.wait or TIMEOUT_MS, http.whole))
        return
    args.count(1, 2)
    wait, whole = args.number(0, 0, MOST_TIMEOUT_MS), args.number(1, 0, _MOST_MS, 0)
    http.wait, http.whole = wait, whole


HANDLERS = {
    b"+HTTPPULL": pull,
    b"+HTTPREPORT": report,
    b"+HTTPREDIRECT": redirect,
    b"+HTTPTIMEOUT": timeout,
}
