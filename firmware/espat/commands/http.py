# The HTTP requests.

from espat.pure import url as urls
from espat.pure.errors import PARA_INVALID, AtError, Failure
from espat.pure.reasons import ANSWERED, NO_MEMORY
from espat.pure.results import SEND_FAIL, SEND_OK
from espat.services.http_command import (
    LONGEST,
    MOST_LENGTH,
    awaited,
    get_parameters,
    headers_at,
    limits,
    request,
    run,
    url_at,
    with_data,
)

_METHODS = (b"", b"HEAD", b"GET", b"POST", b"PUT", b"DELETE")
_HEAD, _POST = 1, 3
_BODILESS = (1, 2)  # HEAD and GET: no content type, no length
_CONTENT_TYPES = (
    b"application/x-www-form-urlencoded",
    b"application/json",
    b"multipart/form-data",
    b"text/xml",
)
_TLS = 2
_CHUNK = 512  # HTTPCLIENT, HTTPCPOST, HTTPCPUT: as in ESP-AT's documented dialogues
_MOST = 255  # parameters; a command line holds fewer


async def client(device, reply, args):
    opt = args.number(0, 1, 5)
    content_type = _CONTENT_TYPES[args.number(1, 0, 3, 0)]
    first_header = 7 if opt == _POST else 6
    args.count(3, _MOST)
    data = args.string(6, LONGEST, b"") if opt == _POST else b""
    defaults, body = [], None
    if opt not in _BODILESS:
        defaults, body = [(b"Content-Type", content_type)], data
    own = headers_at(args, first_header)
    asked = request(device, _METHODS[opt], _client_url(device, args), own, defaults, body)

    async def on_field(key, value):
        # The blank after the comma is in ESP-AT's dialogues, and n does not count it (wire.md 14).
        await reply.line(b"+HTTPCLIENT:%d, %s: %s" % (len(key) + 2 + len(value), key, value))

    device.chunks.begin(b"+HTTPCLIENT:", _CHUNK)
    await run(device, asked, limits(device), on_field if opt == _HEAD else None)


async def get(device, reply, args):
    url, rx_size, its_limits = get_parameters(device, args)
    device.chunks.begin(b"+HTTPCGET:", rx_size)
    await run(device, request(device, b"GET", url, [], []), its_limits)


async def post(device, reply, args):
    await _send_data(device, reply, args, b"POST", b"+HTTPCPOST:")


async def put(device, reply, args):
    await _send_data(device, reply, args, b"PUT", b"+HTTPCPUT:")


async def _send_data(device, reply, args, method, prefix):
    args.count(2, _MOST)
    needed = 3 + args.number(2, 0, _MOST - 3, 0) if len(args) > 2 else 2
    args.count(needed, needed)
    url = url_at(device, args, 0)
    length = args.number(1, 0, MOST_LENGTH)
    own = headers_at(args, 3)
    upload = awaited(device, url, length)
    defaults = [(b"Content-Type", _CONTENT_TYPES[0])]
    asked = request(device, method, url, own, defaults, None, upload)
    reply.ok = SEND_OK
    try:
        device.chunks.begin(prefix, _CHUNK)
        await with_data(reply, upload, run(device, asked, limits(device)))
    except Failure as failure:
        if failure.reason < ANSWERED and failure.reason != NO_MEMORY:
            reply.failed = SEND_FAIL  # the transfer itself, not what the server thinks of it
        raise


def _client_url(device, args):
    text = args.string(2, LONGEST, None)
    host, path = args.string(3, LONGEST, b""), args.string(4, LONGEST, b"/")
    tls = args.number(5, 1, 2, 1) == _TLS
    if text or (text == b"" and device.http.url):
        return url_at(device, args, 2)  # whose scheme decides, not the transport type
    try:
        return urls.Url(tls, host, path)
    except urls.BadUrl:
        raise AtError(PARA_INVALID | 3)


HANDLERS = {
    b"+HTTPCLIENT": client,
    b"+HTTPCGET": get,
    b"+HTTPCPOST": post,
    b"+HTTPCPUT": put,
}
