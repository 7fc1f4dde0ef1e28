# AT+HTTPREQ: a request with any method (wire.md 15.5).

from espat.pure.errors import PARA_INVALID, AtError
from espat.pure.request import TOKEN
from espat.services.http_command import (
    BUFFER,
    MOST_BUFFER,
    MOST_LENGTH,
    MOST_TIMEOUT_MS,
    awaited,
    headers_at,
    limits,
    request,
    run,
    url_at,
    with_data,
)

_LONGEST_METHOD = 32
_TUNNEL = b"CONNECT"  # is no request for a resource
_MOST = 255  # parameters; a command line holds fewer


async def any_method(device, reply, args):
    args.count(2, _MOST)
    method = args.string(0, _LONGEST_METHOD)
    if not method or method.strip(TOKEN) or method == _TUNNEL:
        raise AtError(PARA_INVALID | 0)
    url = url_at(device, args, 1)
    length = args.number(2, 0, MOST_LENGTH, None)
    wait = args.number(3, 0, MOST_TIMEOUT_MS, 0)
    rx_size = args.number(4, 0, MOST_BUFFER, 0) or BUFFER
    if len(args) > 5:
        needed = 6 + args.number(5, 0, _MOST - 6, 0)
        args.count(needed, needed)
    own = headers_at(args, 6)
    device.chunks.begin(b"+HTTPREQ:", rx_size)
    upload = None if length is None else awaited(device, url, length)
    asked = request(device, method, url, own, [], None, upload)
    asking = run(device, asked, limits(device, wait))
    await (with_data(reply, upload, asking) if upload else asking)


HANDLERS = {
    b"+HTTPREQ": any_method,
}
