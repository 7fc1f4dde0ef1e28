# Host names to socket addresses. getaddrinfo blocks for seconds, so it runs in a worker thread.

import socket

import network

from espat.edges.shortage import is_shortage
from espat.edges.worker import Busy
from espat.pure import reasons
from espat.pure.errors import Failure


class Resolver:
    """Host names to socket addresses, in a thread beside the loop. `settings.dns`: the name server
    as bytes, or None for DHCP's."""

    def __init__(self, worker, settings):
        self._worker = worker
        self._settings = settings

    async def lookup(self, host, port, limit_ms):
        """getaddrinfo's list; raises Failure."""
        host = host.decode()
        try:
            if is_address(host):
                return _lookup(host, port)
            if self._settings.dns is not None:
                # Every time: DHCP sets its own with every lease it gets.
                network.ipconfig(dns=self._settings.dns.decode())
            return await self._worker.call(_lookup, (host, port), limit_ms)
        except Busy:
            raise Failure(reasons.LOOKUP_TIMEOUT)
        except (OSError, MemoryError) as error:
            short = is_shortage(error)
            raise Failure(reasons.NO_MEMORY if short else reasons.LOOKUP, str(error))


def _lookup(host, port):
    if ":" in host:
        # The port's getaddrinfo gives None for the address of an IPv6 literal (modsocket.c,
        # esp_socket_getaddrinfo); connect() takes the text.
        return [(socket.AF_INET6, socket.SOCK_STREAM, 0, "", (host, port))]
    return socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM)


def is_address(host):
    """Whether no name server will be asked; lwIP asks one for 256.1.1.1."""
    parts = host.split(".")
    four = len(parts) == 4 and all(map(str.isdigit, parts))
    return ":" in host or (four and max(map(int, parts)) < 256)
