# AT+CIPDOMAIN and AT+PING: names and whether somebody is there (docs/wire.md 5.3, 5.4).

from espat.edges import icmp
from espat.pure.errors import EXEC_FAIL, PARA_INVALID, AtError, Failure
from espat.pure.reasons import LOOKUP, LOOKUP_TIMEOUT, NO_WIFI, NOT_SUPPORTED

_HOST = 255
_LOOKUP_MS = 10000
_LONGEST_MS = 60000
_ECHO_MS = 1000
_V6_ONLY = 3
_NO_ADDRESS = (LOOKUP, LOOKUP_TIMEOUT)


async def resolve(device, reply, args):
    args.count(1, 4)
    host = _host(args)
    network = args.number(1, 1, _V6_ONLY, 1)
    limit = args.number(2, 0, _LONGEST_MS, 0) or _LOOKUP_MS
    show_all = args.number(3, 0, 1, 0)
    if network == _V6_ONLY:
        raise Failure(NOT_SUPPORTED)  # MicroPython's getaddrinfo() finds IPv4 addresses only
    found = await _lookup(device, host, limit)
    for address in found if show_all else found[:1]:
        await reply.line(b'+CIPDOMAIN:"%s"' % address[0].encode())


async def ping(device, reply, args):
    args.count(1, 1)
    host = _host(args)
    passed = None
    try:
        addresses = await _lookup(device, host, _LOOKUP_MS)
        passed = await icmp.ping(addresses[0], _ECHO_MS)
    except Failure as failure:
        if failure.reason not in _NO_ADDRESS:
            raise
    if passed is None:
        await reply.line(b"+PING:TIMEOUT")
        raise AtError(EXEC_FAIL)
    await reply.line(b"+PING:%d" % passed)


async def _lookup(device, host, limit):
    """[(address as text, port)]"""
    link = device.station.link_number()
    if not link:
        raise Failure(NO_WIFI)
    try:
        return [found[-1] for found in await device.resolver.lookup(host, 0, limit)]
    except Failure as failure:
        if device.station.link_number() != link:
            raise Failure(NO_WIFI, "%#x" % failure.reason)
        raise


def _host(args):
    host = args.string(0, _HOST)
    if not host or not all(0x20 < byte < 0x7F for byte in host):
        raise AtError(PARA_INVALID | 0)
    return host


HANDLERS = {
    b"+CIPDOMAIN": resolve,
    b"+PING": ping,
}
