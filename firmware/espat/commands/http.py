# AT+HTTPCLIENT and AT+HTTPCPOST.

from espat.edges.net import Limits
from espat.edges.radio import STATION
from espat.pure import url as urls
from espat.pure.errors import PARA_INVALID, AtError, Failure
from espat.pure.reasons import NO_WIFI, of_status
from espat.pure.request import BadHeader, split_header
from espat.pure.results import SEND_FAIL, SEND_OK
from espat.pure.table import Command
from espat.services.exchange import Request

_METHODS = {1: b"HEAD", 2: b"GET", 3: b"POST", 4: b"PUT", 5: b"DELETE"}
_POST = 3
_BODILESS = (1, 2)  # HEAD and GET: no content type, no length
_CONTENT_TYPES = (
    b"application/x-www-form-urlencoded",
    b"application/json",
    b"multipart/form-data",
    b"text/xml",
)
_TLS = 2
_TEXT = 8192
_TIMEOUT_MS = 5000  # ESP-AT's default network timeout, for each wait
_CHUNK = 512  # HTTPCLIENT, HTTPCPOST: as in the seed dialogues
_HOST_IDLE_MS = 60000  # a host that stops in the middle of its data for so long is gone
_MAX_LENGTH = 0x7FFFFFFF
_MOST = 255  # parameters; a command line holds fewer


async def client(device, reply, args):
    opt = args.number(0, 1, 5)
    content_type = _CONTENT_TYPES[args.number(1, 0, 3, 0)]
    first_header = 7 if opt == _POST else 6
    args.count(3, _MOST)
    data = args.string(6, _TEXT, b"") if opt == _POST else b""
    defaults, body = [], None
    if opt not in _BODILESS:
        defaults, body = [(b"Content-Type", content_type)], data
    own = _headers(args, first_header)
    request = Request(_METHODS[opt], _client_url(args), own, defaults, body)

    async def on_field(key, value):
        # The blank after the comma is the seed's, and n does not count it (wire.md 14).
        await reply.line(b"+HTTPCLIENT:%d, %s: %s" % (len(key) + 2 + len(value), key, value))

    device.chunks.begin(b"+HTTPCLIENT:", _CHUNK)
    await _run(device, request, on_field if opt == 1 else None)


async def post(device, reply, args):
    args.count(2, _MOST)
    needed = 3 + args.number(2, 0, _MOST - 3, 0) if len(args) > 2 else 2
    args.count(needed, needed)
    url = _url(args, 0)
    length = args.number(1, 1, _MAX_LENGTH)
    own = _headers(args, 3)
    _need_address(device)
    upload = HostData(device.port.counted, length)
    request = Request(b"POST", url, own, [(b"Content-Type", _CONTENT_TYPES[0])], None, upload)
    reply.ok, reply.failed = SEND_OK, SEND_FAIL
    upload.begin()
    try:
        await reply.prompt()
        await upload.fill()
        device.chunks.begin(b"+HTTPCPOST:", _CHUNK)
        await _run(device, request)
    finally:
        await upload.swallow()


class HostData:
    """The bytes that the host sends after the prompt, as the upload of a Request."""

    def __init__(self, counted, length):
        self._counted = counted
        self.length = length

    def begin(self):
        self._counted.expect(self.length)

    async def fill(self):
        """Take what fits before connecting, as ESP-AT does: a host without flow control loses
        nothing while the network is slow."""
        await self._counted.fill(min(self.length, self._counted.size), _HOST_IDLE_MS)

    async def readinto(self, buf):
        return await self._counted.readinto(buf, _HOST_IDLE_MS)

    async def swallow(self):
        await self._counted.swallow(_HOST_IDLE_MS)


async def _run(device, request, on_field=None):
    status = await device.exchange.run(request, Limits(_TIMEOUT_MS), device.chunks, on_field)
    if status >= 400:
        raise Failure(of_status(status))


def _client_url(args):
    text = args.string(2, _TEXT, b"")
    if text:
        return _url(args, 2)
    tls = args.number(5, 1, 2, 1) == _TLS
    try:
        return urls.build(tls, args.string(3, _TEXT, b""), args.string(4, _TEXT, b"/"))
    except urls.BadUrl:
        raise AtError(PARA_INVALID | 3)


def _url(args, index):
    try:
        return urls.parse(args.string(index, _TEXT))
    except urls.BadUrl:
        raise AtError(PARA_INVALID | index)


def _headers(args, first):
    fields = []
    for index in range(first, len(args)):
        try:
            fields.append(split_header(args.string(index, _TEXT)))
        except BadHeader:
            raise AtError(PARA_INVALID | index)
    return fields


def _need_address(device):
    if not (device.mode & STATION and device.station.online()):
        raise Failure(NO_WIFI)


ROWS = (
    Command(b"+HTTPCLIENT", set=client),
    Command(b"+HTTPCPOST", set=post),
)
