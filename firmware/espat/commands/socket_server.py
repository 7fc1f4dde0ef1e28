# The server for links (docs/wire.md 6.10).

from espat.edges.identity import CLIENT_CERTIFICATE, VERIFY_SERVER, missing
from espat.edges.tls import check_clock
from espat.pure.errors import EXEC_FAIL, PARA_INVALID, AtError, Failure
from espat.pure.reasons import NOT_SUPPORTED
from espat.services.link_code import links as links_of
from espat.services.link_code import server as server_of
from espat.services.socket_settings import IDLE, LINKS, MOST, MUX, switch

_PORT = 333
_LAST_PORT = 65535
_TCP, _SSL = b"TCP", b"SSL"
_LAST_NETIF = 3
_NUMBERS = {MOST: (1, LINKS, LINKS), IDLE: (0, 7200, 0)}  # least, most, ESP-AT's default
_FAMILY = "server_"  # of its items in the vault


async def server(device, reply, args):
    running = _running(device)
    if args is None:
        await reply.line(_told(running) if running else b"+CIPSERVER:0")
    elif args.number(0, 0, 1):
        await _begin(device, reply, args, running)
    else:
        args.count(1, 2)
        everything = args.number(1, 0, 1, 0)
        if running is not None:
            await running.close()
        if everything:
            await _close_its_links(device.units.guest, reply)


def _running(device):
    links = device.units.guest
    return None if links is None else links.server


def _told(running):
    verify = running.identity[0] & VERIFY_SERVER != 0
    return b'+CIPSERVER:1,%d,"%s",%d,0' % (running.port, running.kind, verify)


async def _close_its_links(links, reply):
    for link in links.table if links is not None else ():
        if link is not None and link.serving:
            links.close(link)
            await reply.line(links.name(link) + b"CLOSED")


async def _begin(device, reply, args, running):
    args.count(1, 5)
    port, kind = args.number(1, 1, _LAST_PORT, _PORT), args.string(2, 5, _TCP)
    verify, netif = args.number(3, 0, 1, 0), args.number(4, 0, _LAST_NETIF, 0)
    if netif or kind[-2:] == b"v6":
        raise Failure(NOT_SUPPORTED)
    if kind not in (_TCP, _SSL):
        raise AtError(PARA_INVALID | 2)
    identity = await _identity(reply, kind, verify)
    if not switch(device, MUX):
        raise AtError(EXEC_FAIL)
    if running is None:
        links = links_of(device)
        links.server = server_of(device, port, kind, identity)
    elif (running.port, running.kind, running.identity) != (port, kind, identity):
        raise AtError(EXEC_FAIL)


async def _identity(reply, kind, verify):
    """What it proves and checks, see edges/identity.py. Raises AtError, Failure."""
    auth = 0 if kind != _SSL else CLIENT_CERTIFICATE | (VERIFY_SERVER if verify else 0)
    lacking = missing(auth, 0, 0, _FAMILY)
    if lacking is not None:
        await reply.line(lacking)
        raise AtError(EXEC_FAIL)
    check_clock((auth,))
    return auth, 0, 0, _FAMILY


async def number(device, reply, args):
    least, most, default = _NUMBERS[reply.name]
    if args is None:
        await reply.line(b"%s:%d" % (reply.name, device.sockets.get(reply.name, default)))
        return
    args.count(1, 1)
    value = args.number(0, least, most)
    if reply.name == MOST and _running(device) is not None:
        raise AtError(EXEC_FAIL)
    device.sockets[reply.name] = value


HANDLERS = {
    b"+CIPSERVER": server,
    b"+CIPSERVERMAXCONN": number,
    b"+CIPSTO": number,
}
