# What opens a link: AT+CIPSTART, and a passthrough whose connection has ended.

import os

from espat.edges.memory import TCP, TLS, reserve
from espat.edges.net import Connection, Limits, connected
from espat.edges.resolver import is_address
from espat.edges.tcp_options import send_at_once
from espat.edges.tls import check_clock, wrap
from espat.pure.errors import Failure
from espat.pure.reasons import CONNECT, NO_WIFI
from espat.services.link_arguments import TLS as TLS_LINK
from espat.services.link_arguments import UDP
from espat.services.link_code import datagrams, secure
from espat.services.socket_settings import link_identity, options, server_name

CONNECT_MS = 15000
_FIRST_LOCAL, _LOCALS = 49152, 16384  # the ports that are nobody's (RFC 6335, 6)
_TRIES = 4  # for one that is free


async def opened(device, link, limit_ms):
    """What is to be the `conn` of a link, to the host and port that it has. Raises Failure."""
    way, limits = device.station.way(), Limits(limit_ms)
    if not way or (way < 0 and not is_address(link.host.decode())):
        raise Failure(NO_WIFI)
    return await (_bind if link.kind == UDP else _connect)(device, link, limits)


async def _bind(device, link, limits):
    """What UDP has in place of a Connection. Raises Failure."""
    found = await device.resolver.lookup(link.host, link.port, limits.lookup)
    peer, link.port = found[0][-1]
    link.peer = peer.encode()
    reserve(*TCP)
    link.local = link.local or _any_port()
    return datagrams(device, link, (link.address, link.local), link.mode, limits)


def _any_port():
    return _FIRST_LOCAL + int.from_bytes(os.urandom(2), "big") % _LOCALS


async def _connect(device, link, limits):
    """A Connection. Raises Failure."""
    identity = link_identity(device, link.number)
    tls = link.kind == TLS_LINK
    if tls:
        check_clock(identity)
        secure(device).make_room(device, identity[0])
    found = await device.resolver.lookup(link.host, link.port, limits.lookup)
    peer = found[0][-1][0].encode()
    link.peer = link.host if peer == link.host else peer
    sock = await _connected(link, found, TLS if tls else TCP, limits)
    if options(device, link.number)[1]:
        send_at_once(sock)
    if not tls:
        return Connection(sock, limits, None)
    name = server_name(device, link.number) or link.host
    return await secure(device).secured(device, link, sock, limits, wrap, name, identity)


async def _connected(link, found, needed, limits):
    """A socket that is connected, on a port of ours that nobody has."""
    for tries in range(_TRIES):
        link.local = _any_port()
        try:
            return await connected(found, needed, limits.wait, (link.address, link.local))
        except Failure as failure:
            if failure.reason != CONNECT or tries == _TRIES - 1:
                raise
