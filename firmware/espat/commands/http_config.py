# AT+HTTPCFG: with which certificates the HTTP commands meet their servers.

from espat.pure.errors import EXEC_FAIL, AtError

_LAST = 9999  # "https_cert.9999" is as long as a key may be


async def configure(device, reply, args):
    args.count(1, 3)
    auth = args.number(0, 0, 3)
    pki, ca = args.number(1, 0, _LAST, 0), args.number(2, 0, _LAST, 0)
    chosen = device.identity(auth, pki, ca) if auth else None
    if chosen is not None:
        missing = chosen.missing()
        if missing:
            await reply.line(missing)
            raise AtError(EXEC_FAIL)
    device.http.identity = chosen


HANDLERS = {
    b"+HTTPCFG=": configure,
}
