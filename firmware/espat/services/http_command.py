# What the HTTP commands have in common: from their parameters to a request, and to its answer.

from espat.edges.net import Limits
from espat.pure import url as urls
from espat.pure.errors import PARA_INVALID, AtError, Failure
from espat.pure.reasons import of_status
from espat.pure.request import BadHeader, override, split_header
from espat.services.exchange import Request
from espat.services.host_data import HostData

LONGEST = 8192  # bytes of a text
MOST_LENGTH = 0x7FFFFFFF
MOST_TIMEOUT_MS = 180000
BUFFER = 2048  # ESP-AT's default tx and rx size, of 0..10240
MOST_BUFFER = 10240
TIMEOUT_MS = 5000  # ESP-AT's default network timeout, for each wait


def url_at(device, args, index):
    """The Url at `index`; "" is the preset one."""
    text = args.string(index, LONGEST)
    try:
        return urls.parse(text or device.http.url)
    except urls.BadUrl:
        raise AtError(PARA_INVALID | index)


def headers_at(args, first):
    """The (key, value) of all parameters from `first` on."""
    found = []
    for index in range(first, len(args)):
        try:
            found.append(split_header(args.string(index, LONGEST)))
        except BadHeader:
            raise AtError(PARA_INVALID | index)
    return found


def limits(device, wait=0, piece=None):
    """`wait`: of the command, 0 if it names none."""
    http = device.http
    return Limits(wait or http.wait or TIMEOUT_MS, piece, http.whole)


def request(device, method, url, own, defaults, body=None, upload=None):
    for field in reversed(device.http.headers):  # AT+HTTPCHEAD wins over the command's own
        own = override(own, [field])
    return Request(method, url, own, defaults, device.http.identity, body, upload)


def get_parameters(device, args):
    """(url, rx size, Limits) of AT+HTTPCGET and AT+HTTPGETSIZE; 0 stands for the default."""
    args.count(1, 4)
    tx_size = args.number(1, 0, MOST_BUFFER, 0) or BUFFER
    rx_size = args.number(2, 0, MOST_BUFFER, 0) or BUFFER
    wait = args.number(3, 0, MOST_TIMEOUT_MS, 0)
    return url_at(device, args, 0), rx_size, limits(device, wait, tx_size)


async def run(device, asked, its_limits, on_field=None):
    """Run the request, its answer to the host. Raises Failure, for a bad status, too."""
    status = await device.exchange.run(asked, its_limits, device.chunks, on_field)
    if status >= 400:
        raise Failure(of_status(status))


def awaited(device, url, length):
    """The HostData of so many bytes for a request to `url`: what the host sends from now on."""
    device.exchange.need(url)
    upload = HostData(device.port.counted, length)
    upload.begin()
    return upload


async def with_data(reply, upload, asking):
    """Ask the host for what is awaited, and then run `asking`, a coroutine that sends it on."""
    try:
        await reply.prompt()
        await upload.fill()
        await asking
    finally:
        await upload.swallow()
