# The HTTP requests.

from espat.pure import url as urls
from espat.pure.errors import PARA_INVALID, AtError, Failure
from espat.pure.reasons import HTTP_STATUS, NO_LENGTH, NO_MEMORY, of_status
from espat.pure.results import SEND_FAIL, SEND_OK
from espat.services.http_command import (
    BUFFER,
    LONGEST,
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

_METHODS = (b"", b"HEAD", b"GET", b"POST", b"PUT", b"DELETE")
_HEAD, _POST = 1, 3
_ANSWERED = 0x7064  # HTTP_STATUS + 100: reasons from here on are the server's answer
_NO_HEAD = (403, 405, 501)  # what servers say to HEAD that would answer a GET
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
    url, rx_size, its_limits = _get_parameters(device, args)
    device.chunks.begin(b"+HTTPCGET:", rx_size)
    await run(device, request(device, b"GET", url, [], []), its_limits)


async def get_size(device, reply, args):
    url, _, its_limits = _get_parameters(device, args)
    lengths = []

    async def on_field(key, value):
        if key.lower() == b"content-length":
            lengths.append(value)

    for method, on_status in ((b"HEAD", None), (b"GET", _without_body)):
        lengths.clear()
        asked = request(device, method, url, [], [])
        try:
            status = await device.exchange.run(
                asked, its_limits, device.chunks, on_field, on_status
            )
        except Failure as answer:
            if answer.reason < _ANSWERED:
                raise
            status = answer.reason - HTTP_STATUS
        if status not in _NO_HEAD:
            break
    if status >= 300:  # the length of a redirect is not the resource's
        raise Failure(of_status(status))
    if not lengths:
        raise Failure(NO_LENGTH)
    await reply.line(b"+HTTPGETSIZE:%d" % int(lengths[0].split(b",")[0]))


async def _without_body(status):
    raise Failure(of_status(status))


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
        if failure.reason < _ANSWERED and failure.reason != NO_MEMORY:
            reply.failed = SEND_FAIL  # the transfer itself, not what the server thinks of it
        raise


def _get_parameters(device, args):
    """(url, rx size, Limits) of AT+HTTPCGET and AT+HTTPGETSIZE; 0 stands for the default."""
    args.count(1, 4)
    tx_size = args.number(1, 0, MOST_BUFFER, 0) or BUFFER
    rx_size = args.number(2, 0, MOST_BUFFER, 0) or BUFFER
    wait = args.number(3, 0, MOST_TIMEOUT_MS, 0)
    return url_at(device, args, 0), rx_size, limits(device, wait, tx_size)


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
    b"+HTTPGETSIZE": get_size,
    b"+HTTPCGET": get,
    b"+HTTPCPOST": post,
    b"+HTTPCPUT": put,
}
