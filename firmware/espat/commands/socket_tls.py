# TLS of links: what a link proves to its server, and by what name it knows it (docs/wire.md 6.12).

from espat.edges.identity import missing
from espat.pure.errors import EXEC_FAIL, PARA_INVALID, AtError, Failure
from espat.pure.reasons import NOT_SUPPORTED
from espat.services import settings
from espat.services.socket_settings import (
    identities,
    link_identity,
    links_meant,
    links_told,
)

_BOTH = 3  # the bits of auth
_LAST_ITEM = 255
_NAME = 64


async def identity(device, reply, args):
    kept = identities(device)
    if args is None:
        for number in links_told(device):
            values = (number,) + link_identity(device, number)[:3]
            await reply.line(b"+CIPSSLCCONF:%d,%d,%d,%d" % values)
        return
    numbers, first = links_meant(device, args)
    args.count(first + 1, first + 3)
    auth = args.number(first, 0, _BOTH)
    pki, ca = (args.number(first + at, 0, _LAST_ITEM, 0) for at in (1, 2))
    lacking = missing(auth, pki, ca, link_identity(device, 0)[3])
    if lacking is not None:
        await reply.line(lacking)
        raise AtError(EXEC_FAIL)
    for number in numbers:
        kept[3 * number : 3 * number + 3] = bytes((auth, pki, ca))
    settings.save(settings.LINK_IDENTITIES, bytes(kept), device.store)


async def name(device, reply, args):
    if args is None:
        for number in links_told(device):
            text = device.sockets.get((reply.name, number), b"")
            await reply.line(b"%s:%d,%s" % (reply.name, number, text))
        return
    numbers, first = links_meant(device, args)
    args.count(first + 1, first + 1)
    text = args.string(first, _NAME)
    if not all(0x20 < byte < 0x7F for byte in text):
        raise AtError(PARA_INVALID | first)
    for number in numbers:
        device.sockets[reply.name, number] = text


async def impossible(device, reply, args):
    raise Failure(NOT_SUPPORTED)


HANDLERS = {
    b"+CIPSSLCCONF": identity,
    b"+CIPSSLCCN": name,
    b"+CIPSSLCSNI": name,
    b"+CIPSSLCALPN": impossible,
    b"+CIPSSLCPSK": impossible,
    b"+CIPSSLCPSKHEX": impossible,
    b"+CIPSSLCCIPHER": impossible,
}
