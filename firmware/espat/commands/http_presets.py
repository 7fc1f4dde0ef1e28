# What goes with every HTTP request: the preset URL, header fields, and with which certificates the
# board meets its servers.

from espat.edges.identity import missing
from espat.pure.errors import EXEC_FAIL, PARA_INVALID, AtError
from espat.pure.request import BadHeader, split_header
from espat.pure.results import SET_OK
from espat.pure.url import authority_end
from espat.services.host_data import ask, ask_url
from espat.services.unit_care import spare

_LEAST_URL, _MOST_URL = 8, 8192
_MOST_HEADER = 4096
_MOST_HEADERS = 16
_LAST = 9999  # "https_cert.9999" is as long as a key may be


async def url_query(device, reply, args):
    text = device.http.url
    if text:
        start = text.find(b"://") + 3
        at = text.find(b"@", start, authority_end(text, start)) + 1  # credentials are not told
        rest = memoryview(text)[at or start :]
        head = b"+HTTPURLCFG:%d,%s" % (start + len(rest), bytes(text[:start]))
        sizes = [len(rest)]
        await device.message_filter.write_long(head, rest, lambda buf: sizes.pop() if sizes else 0)


async def url_set(device, reply, args):
    args.count(1, 1)
    length = args.number(0, _LEAST_URL, _MOST_URL)
    device.http.url = b""
    _, text = await ask_url(device, reply, length, 0)
    spare(device.units)
    device.http.url = text
    reply.ok = SET_OK


async def headers(device, reply, args):
    http = device.http
    if args is None:
        for index in range(len(http.headers)):
            await reply.line(b'+HTTPCHEAD:%d,"%s:%s"' % ((index,) + http.headers[index]))
        return
    args.count(1, 1)
    length = args.number(0, 1, _MOST_HEADER)
    try:
        field = split_header(bytes(await ask(device, reply, length)))
    except BadHeader:
        raise AtError(PARA_INVALID | 0)
    names = [name for name, _ in http.headers]
    if field[0] in names:  # in the same letters
        new = http.headers[:]
        new[names.index(field[0])] = field
    else:
        new = [field] + http.headers
    if len(new) > _MOST_HEADERS:
        raise AtError(PARA_INVALID | 0)
    spare(device.units)
    http.headers = new


async def certificates(device, reply, args):
    args.count(1, 3)
    chosen = args.number(0, 0, 3), args.number(1, 0, _LAST, 0), args.number(2, 0, _LAST, 0)
    lacking = missing(*chosen)
    if lacking:
        await reply.line(lacking)
        raise AtError(EXEC_FAIL)
    device.connections.drop()  # an item of the same number may be another one by now
    device.http.identity = chosen


HANDLERS = {
    b"+HTTPURLCFG?": url_query,
    b"+HTTPURLCFG=": url_set,
    b"+HTTPCHEAD": headers,
    b"+HTTPCFG": certificates,
}
