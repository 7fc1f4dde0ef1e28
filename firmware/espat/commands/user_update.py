# AT+USEROTA: a new firmware from a URL (wire.md 2.13).

from espat.pure import url as urls
from espat.pure.errors import PARA_INVALID, AtError
from espat.services.host_data import ask
from espat.services.update import Update, in_time

_MOST_URL = 8192


async def from_url(device, reply, args):
    args.count(1, 1)
    length = args.number(0, 1, _MOST_URL)
    with Update(device) as update:
        text = await ask(device, reply, length)
        reply.bare(b"\r\nRecv %d bytes\r\n" % length)
        await reply.send(b"")
        await in_time(device, update.install(_url(text)))
    reply.after = device.restart


def _url(text):
    try:
        return urls.parse(text)
    except urls.BadUrl:
        raise AtError(PARA_INVALID | 0)


HANDLERS = {
    b"+USEROTA=": from_url,
}
