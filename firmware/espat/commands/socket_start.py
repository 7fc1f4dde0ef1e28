# AT+CIPSTART and AT+CIPSTARTEX: to open links (docs/wire.md 6.2). The links themselves are
# services/links.py, which stays as long as there is one.

import os

from espat.edges.memory import TCP, TLS, reserve
from espat.edges.net import Connection, Limits, connected
from espat.edges.resolver import is_address
from espat.edges.tls import check_clock, wrap
from espat.pure.errors import EXEC_FAIL, PARA_INVALID, AtError, Failure
from espat.pure.reasons import CONNECT, NO_WIFI, NOT_SUPPORTED
from espat.services.addresses import ip_argument
from espat.services.link_code import datagrams
from espat.services.link_code import links as links_of
from espat.services.link_tls import make_room, secured
from espat.services.socket_settings import LINKS, link_identity, link_number, server_name

_TCP = b"TCP"
_SSL = b"SSL"
_UDP = b"UDP"
_KINDS = (_TCP, _SSL, _UDP)
_LAST_MODE = 2
_HOST = 64
_LAST_PORT = 65535
_KEEP_ALIVE = 7200
_LONGEST_MS = 60000
_CONNECT_MS = 15000
_FIRST_LOCAL, _LOCALS = 49152, 16384  # the ports that are nobody's (RFC 6335, 6)
_TRIES = 4  # for one that is free
_LINK = 1500  # bytes of MicroPython's heap for a link, and for the command that opens it


async def start(device, reply, args):
    number, first = link_number(device, args, LINKS - 1)
    await _start(device, reply, args, number, first)


async def start_anywhere(device, reply, args):
    await _start(device, reply, args, None, 0)


async def _start(device, reply, args, number, first):
    kind = args.string(first, 5)
    if kind[-2:] == b"v6":
        raise Failure(NOT_SUPPORTED)  # the port gives the station no IPv6 address
    if kind not in _KINDS:
        raise AtError(PARA_INVALID | first)
    host, port = _host(args, first + 1), args.number(first + 2, 1, _LAST_PORT)
    own, mode, behind = _own_port(args, first + 3) if kind == _UDP else _keep_alive(args, first + 3)
    args.count(first + 3, behind + 2)
    address = ip_argument(args, behind, None)
    limit = args.number(behind + 1, 0, _LONGEST_MS, 0) or _CONNECT_MS
    way = device.station.way()
    if not way or (way < 0 and not is_address(host.decode())):
        raise Failure(NO_WIFI)
    links = links_of(device)
    link = links.claim(number, kind)
    if link is None:
        raise AtError(EXEC_FAIL)
    conn = None
    try:
        device.memory.spare(_LINK)
        link.port, link.local = port, own
        address = address.decode() if address else ""
        if kind == _UDP:
            conn = await _bind(device, link, host, address, mode, Limits(limit))
        else:
            conn = await _connect(device, link, host, address, Limits(limit))
    finally:
        if conn is None:
            links.close(link)
    await reply.line(links.connected(link))

    async def begin():
        links.open(link, conn)

    reply.after = begin


def _keep_alive(args, index):
    """What all have in front of our own address: port 0, mode 0, its index."""
    args.number(index, 0, _KEEP_ALIVE, 0)
    return 0, 0, index + 1


def _own_port(args, index):
    """The same of UDP."""
    own, mode = args.number(index, 1, _LAST_PORT, 0), args.number(index + 1, 0, _LAST_MODE, 0)
    if mode and not own:
        raise AtError(PARA_INVALID | index)  # who is to answer must know it
    return own, mode, index + 2


async def _bind(device, link, host, address, mode, limits):
    """What UDP has in place of a Connection. Raises Failure."""
    found = await device.resolver.lookup(host, link.port, limits.lookup)
    peer, link.port = found[0][-1]
    link.peer = peer.encode()
    reserve(*TCP)
    link.local = link.local or _any_port()
    return datagrams(device, link, (address, link.local), mode, limits)


def _any_port():
    return _FIRST_LOCAL + int.from_bytes(os.urandom(2), "big") % _LOCALS


async def _connect(device, link, host, address, limits):
    """A Connection. Raises Failure."""
    identity = link_identity(device, link.number)
    tls = link.kind == _SSL
    if tls:
        check_clock(identity)
        make_room(device)
    found = await device.resolver.lookup(host, link.port, limits.lookup)
    link.peer = found[0][-1][0].encode()
    sock = await _connected(link, found, address, TLS if tls else TCP, limits)
    if not tls:
        return Connection(sock, limits, None)
    name = server_name(device, link.number) or host
    return await secured(device, link, sock, limits, wrap, name, identity)


async def _connected(link, found, address, needed, limits):
    """A socket that is connected, on a port of ours that nobody has."""
    for tries in range(_TRIES):
        link.local = _any_port()
        try:
            return await connected(found, needed, limits.wait, (address, link.local))
        except Failure as failure:
            if failure.reason != CONNECT or tries == _TRIES - 1:
                raise


def _host(args, index):
    host = args.string(index, _HOST)
    if not host or not all(0x20 < byte < 0x7F for byte in host):
        raise AtError(PARA_INVALID | index)
    if b":" in host:
        raise Failure(NOT_SUPPORTED)  # IPv6, see above
    return host


HANDLERS = {
    b"+CIPSTART": start,
    b"+CIPSTARTEX": start_anywhere,
}
