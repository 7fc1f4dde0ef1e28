# Data of links: to send, and to receive what has been held (docs/wire.md 6.5 to 6.8).

import time

from espat.edges.net import Limits
from espat.pure.errors import EXEC_FAIL, AtError, Failure
from espat.pure.reasons import ABORTED
from espat.pure.results import SEND_FAIL, SEND_OK
from espat.services.link_transfer import Escaped, Long, Transfer
from espat.services.open_links import open_link, open_links
from espat.services.socket_settings import (
    INFO,
    LINKS,
    MODE,
    MOST,
    MUX,
    PASSIVE,
    link_number,
    of_links,
    options,
    switch,
)

_UDP = b"UDP"
_HOST = 64
_LAST_PORT = 65535
_LOOKUP_MS = 10000
_SEND_MS = 20000  # for each wait for a peer that takes nothing
_MOST_SEND = 8192
_PIECE, _LEAST = 1024, 256  # of it in the buffer
_ROOM = 5000  # for the buffer, and for what goes on beside it: a network that is joined again
_MOST_RECEIVE = 0x7FFFFFFF
_MOST_LONG = 0x7FFFFFFF


async def send(device, reply, args):
    _check_mode(device)
    await _send(device, reply, args, Transfer, _MOST_SEND)


async def send_escaped(device, reply, args):
    await _send(device, reply, args, Escaped, _MOST_SEND)


async def send_long(device, reply, args):
    _check_mode(device)
    await _send(device, reply, args, Long, _MOST_LONG)


def _check_mode(device):
    if switch(device, MODE):
        raise AtError(EXEC_FAIL)  # there it is AT+CIPSEND alone that sends


async def _send(device, reply, args, kind, most):
    number, first = link_number(device, args, LINKS - 1)
    link, links = open_link(device, number), device.units.guest
    target = ()  # type: tuple
    if link.kind == _UDP:
        most = min(most, len(device.chunks.memory()))
        if len(args) > first + 1:
            target = (await _target(device, args, first + 1),)
    length = args.number(first, 1, most)
    args.count(first + 1, first + (3 if target else 1))
    transfer = kind(device, reply, link, length)
    try:
        device.memory.spare(_ROOM)
        transfer.data.begin(_PIECE)
    except Failure:
        transfer.data.begin(_LEAST)  # beside a link over TLS
    reply.ok = SEND_OK
    link.busy, link.conn.limits = True, Limits(options(device, number)[2] or _SEND_MS)
    try:
        links.keep_quiet(True)
        await reply.prompt()
        await transfer.run(*target)
        links.keep_quiet(True)
    except Failure as failure:
        await transfer.broken(failure)
        if failure.reason == ABORTED:  # by the host
            reply.ok = transfer.canceled
            return
        reply.failed = SEND_FAIL
        raise
    finally:
        link.heard = time.ticks_ms()
        link.conn.limits = None
        link.busy = False  # the last: what closes it is told behind the result


async def _target(device, args, index):
    """Whom a datagram is for, if not the peer. Raises Failure."""
    host, port = args.string(index, _HOST), args.number(index + 1, 1, _LAST_PORT)
    found = await device.resolver.lookup(host, port, _LOOKUP_MS)
    return found[0][-1]


async def mode(device, reply, args):
    if args is None:
        await reply.line(b"+CIPMODE:%d" % switch(device, MODE))
        return
    args.count(1, 1)
    bare, alone = args.number(0, 0, 1), len(open_links(device)) < 2
    if switch(device, MUX):
        alone = alone and device.sockets.get(MOST) == 1
    if bare and not alone:
        raise AtError(EXEC_FAIL)  # there is to be one link
    device.sockets[MODE] = bare


async def receive(device, reply, args):
    number, first = link_number(device, args, LINKS - 1)
    wanted = args.number(first, 1, _MOST_RECEIVE)
    args.count(first + 1, first + 2)
    args.number(first + 1, 0, 1, 0)
    link = open_link(device, number)
    if not of_links(device, PASSIVE)[number]:
        raise AtError(EXEC_FAIL)
    buf = device.chunks.memory()
    count = _taken(link, buf, min(wanted, len(buf)))
    if not count:
        raise AtError(EXEC_FAIL)
    head = b"+CIPRECVDATA:%d," % count
    if switch(device, INFO):
        head += b'"%s",%d,' % (link.peer, link.port)
    parts = [count]
    await device.message_filter.write_long(head, buf, lambda buf: parts.pop() if parts else 0)


def _taken(link, buf, most):
    """How much there is, what is held and what has come since."""
    count = 0
    while count < most:
        try:
            got = link.take(buf[count:], most - count)
        except OSError:
            got = 0
        if got == 0:
            link.ended = True
        if not got:
            break
        count += got
        if link.kind == _UDP:
            break  # datagrams stay apart
    return count


HANDLERS = {
    b"+CIPMODE": mode,
    b"+CIPSEND=": send,
    b"+CIPSENDEX": send_escaped,
    b"+CIPSENDL": send_long,
    b"+CIPRECVDATA": receive,
}
