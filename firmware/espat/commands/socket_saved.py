# AT+SAVETRANSLINK: a passthrough for the start of the board (docs/wire.md 2.13).

from espat.edges import storage
from espat.services import settings
from espat.services.link_arguments import (
    LAST_PORT,
    LONGEST_KEEP_ALIVE,
    UDP,
    host_argument,
    kind_argument,
)


async def save(device, reply, args):
    args.count(1, 5)
    if not args.number(0, 0, 1):
        storage.erase(settings.PASSTHROUGH)
        return
    host, port = host_argument(args, 1), args.number(2, 1, LAST_PORT)
    kind, own = kind_argument(args, 3, b"TCP"), 0
    if kind == UDP:
        own = args.number(4, 1, LAST_PORT, 0)
    else:
        args.number(4, 0, LONGEST_KEEP_ALIVE, 0)
    settings.save(settings.PASSTHROUGH, b"%s %d %d %s" % (kind, port, own, host))


HANDLERS = {b"+SAVETRANSLINK": save}
