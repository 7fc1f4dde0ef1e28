# What goes with every HTTP request: the preset URL, header fields.

from espat.pure.errors import PARA_INVALID, AtError
from espat.pure.request import BadHeader, override, split_header
from espat.pure.results import CRLF, SET_OK
from espat.services.host_data import ask, ask_url

_LEAST_URL, _MOST_URL = 8, 8192
_MOST_HEADER = 1024
_MOST_HEADERS = 16


async def url_query(device, reply, args):
    text = device.http.url
    if text:
        sizes = [len(text)]
        await device.message_filter.write_long(
            b"+HTTPURLCFG:%d," % len(text), text, lambda buf: sizes.pop() if sizes else 0, CRLF
        )


async def url_set(device, reply, args):
    args.count(1, 1)
    length = args.number(0, 0, _MOST_URL)
    if 0 < length < _LEAST_URL:
        raise AtError(PARA_INVALID | 0)
    device.http.url = b""
    if not length:
        return
    _, text = await ask_url(device, reply, length, 0)
    device.memory.spare()
    device.http.url = text
    reply.ok = SET_OK


async def header_query(device, reply, args):
    headers = device.http.headers
    for index in range(len(headers)):
        await reply.line(b'+HTTPCHEAD:%d,"%s: %s"' % ((index,) + headers[index]))


async def header_set(device, reply, args):
    args.count(1, 1)
    length = args.number(0, 0, _MOST_HEADER)
    http = device.http
    if not length:
        http.headers = []
        return
    try:
        field = split_header(bytes(await ask(device, reply, length)))
    except BadHeader:
        raise AtError(PARA_INVALID | 0)
    headers = override(http.headers, [field])
    if len(headers) > _MOST_HEADERS:
        raise AtError(PARA_INVALID | 0)
    device.memory.spare()
    http.headers = headers


HANDLERS = {
    b"+HTTPURLCFG?": url_query,
    b"+HTTPURLCFG=": url_set,
    b"+HTTPCHEAD?": header_query,
    b"+HTTPCHEAD=": header_set,
}
