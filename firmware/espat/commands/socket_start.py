# AT+CIPSTART and AT+CIPSTARTEX: to open links (docs/wire.md 6.2). The links themselves are
# services/links.py, which stays as long as there is one.

from espat.pure.errors import EXEC_FAIL, PARA_INVALID, AtError
from espat.services.addresses import ip_argument
from espat.services.link_arguments import (
    LAST_PORT,
    LONGEST_KEEP_ALIVE,
    UDP,
    host_argument,
    kind_argument,
)
from espat.services.link_code import links as links_of
from espat.services.link_opening import CONNECT_MS, opened
from espat.services.socket_settings import LINKS, link_number, options, set_options

_LAST_MODE = 2
_LONGEST_MS = 60000
_LINK = 1500  # bytes of MicroPython's heap for a link, and for the command that opens it


async def start(device, reply, args):
    number, first = link_number(device, args, LINKS - 1)
    await _start(device, reply, args, number, first)


async def start_anywhere(device, reply, args):
    await _start(device, reply, args, None, 0)


async def _start(device, reply, args, number, first):
    kind = kind_argument(args, first)
    host, port = host_argument(args, first + 1), args.number(first + 2, 1, LAST_PORT)
    ours = _own_port if kind == UDP else _keep_alive
    own, mode, behind = ours(args, first + 3)
    alive = None if kind == UDP else args.number(first + 3, 0, LONGEST_KEEP_ALIVE, None)
    args.count(first + 3, behind + 2)
    address = ip_argument(args, behind, None)
    limit = args.number(behind + 1, 0, _LONGEST_MS, 0) or CONNECT_MS
    links = links_of(device)
    device.memory.spare(_LINK)  # and then it lies in the first holes, not amid the next family's
    link = links.claim(number, kind)
    if link is None:
        raise AtError(EXEC_FAIL)
    conn = None
    try:
        link.host, link.port, link.local = host, port, own
        if mode:
            link.mode = mode
        if address:
            link.address = address.decode()
        conn = await opened(device, link, limit)
    finally:
        if conn is None:
            links.close(link)
    if alive is not None:  # it is AT+CIPTCPOPT's, too
        set_options(device, link.number, options(device, link.number)[:3] + (alive,))
    await reply.line(links.connected(link))

    async def begin():
        links.open(link, conn)

    reply.after = begin


def _keep_alive(args, index):
    """What all have in front of our own address: port 0, mode 0, its index."""
    return 0, 0, index + 1


def _own_port(args, index):
    """The same of UDP."""
    own, mode = args.number(index, 1, LAST_PORT, 0), args.number(index + 1, 0, _LAST_MODE, 0)
    if mode and not own:
        raise AtError(PARA_INVALID | index)  # who is to answer must know it
    return own, mode, index + 2


HANDLERS = {
    b"+CIPSTART": start,
    b"+CIPSTARTEX": start_anywhere,
}
