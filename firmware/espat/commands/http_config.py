# AT+HTTPCFG: with which certificates the HTTP commands meet their servers.

from espat.edges.identity import missing
from espat.pure.errors import EXEC_FAIL, AtError

_LAST = 9999  # "https_cert.9999" is as long as a key may be


async def configure(device, reply, args):
    args.count(1, 3)
    chosen = args.number(0, 0, 3), args.number(1, 0, _LAST, 0), args.number(2, 0, _LAST, 0)
    lacking = missing(*chosen)
    if lacking:
        await reply.line(lacking)
        raise AtError(EXEC_FAIL)
    device.connections.drop()  # an item of the same number may be another one by now
    device.http.identity = chosen


HANDLERS = {
    b"+HTTPCFG=": configure,
}
