"""Links through a board: TCP and TLS, up to five at once, beside requests."""

import re
from functools import cached_property
from ipaddress import ip_address

from espat_host.client.dialogue import quoted
from espat_host.client.events import READY
from espat_host.client.faults import AtCommandError, ConnectError, LinkError, NoFreeLink
from espat_host.client.http_lines import BadRequest
from espat_host.client.links.commands import hang_up, limit, open_numbers
from espat_host.client.links.link import Link
from espat_host.client.session import Session
from espat_host.client.turn import alone

LINKS = 5
LONGEST_HOST = 64
# The limit of a board for a connection, if it is not told another one; original ESP-AT's is that
# of its TCP.
DEFAULT_TIMEOUT = 15.0
LONGEST_TIMEOUT = 60.0
# For the name and the TLS handshake, which have limits of their own on the board.
BOARD_LIMIT = 60.0
_NEWS = re.compile(rb"\+IPD,(\d),\d+|(\d),(?:CONNECT|CLOSED)")


class Sockets(Session):
    """The methods of a board that have to do with links."""

    @cached_property
    def _links(self) -> dict[int, Link]:
        """Those that connect() has opened."""
        return {}

    @cached_property
    def _with_names(self) -> set[int]:
        """The links that have a name for TLS."""
        return set()

    @alone
    def connect(
        self, host: str, port: int, tls: bool = False, timeout: float = DEFAULT_TIMEOUT
    ) -> Link:
        """A TCP connection, with `tls` one over TLS, as an object with the methods of a socket.
        `timeout`, up to 60 seconds: to connect, and for how long recv() waits, see settimeout().
        Up to five at once, each on a board with AT+CIPMUX=1. With TLS the board checks the server
        as AT+CIPSSLCCONF says, by default not at all. Raises ConnectError, NoFreeLink,
        BadRequest."""
        parameters = _parameters(host, port, timeout)
        self._close_deserted()
        if not any(link.surely_open for link in self._links.values()):
            self._allow_several()
            self._receive_on_request()
        number = self._free_number()
        if tls:
            self._tell_name(number, host)
        kind = b"SSL" if tls else b"TCP"
        link = Link(self, number, (host, port), timeout)
        self._open_link(link, b'AT+CIPSTART=%d,"%s",%s' % (number, kind, parameters), timeout)
        return link

    def confirm_step(self, timeout: float) -> None:
        super().confirm_step(timeout)
        for link in self._links.values():
            link.doubt()

    def overhear(self, text: bytes) -> None:
        if not self._is_for_a_link(text):
            super().overhear(text)

    def _hear(self, text: bytes) -> None:
        if self._is_for_a_link(text):
            return
        if text == READY:
            for link in self._links.values():
                link.lose("the board has restarted")
        super()._hear(text)

    def _is_for_a_link(self, text: bytes) -> bool:
        found = _NEWS.fullmatch(text)
        link = self._links.get(int(found[1] or found[2])) if found else None
        if link is None:
            return False
        link.hear(text)
        return True

    def _close_deserted(self) -> None:
        for number, link in self._links.items():
            if link.deserted:
                hang_up(self, number)

    def _allow_several(self) -> None:
        if b"+CIPMUX:1" in self.command("AT+CIPMUX?").lines:
            return
        try:
            self.command("AT+CIPMUX=1")
        except AtCommandError as error:
            fault = "the board has a link that was opened with AT+CIPMUX=0; AT+CIPCLOSE closes it"
            raise LinkError(fault) from error

    def _free_number(self) -> int:
        taken = open_numbers(self)
        free = next((number for number in range(LINKS) if number not in taken), None)
        if free is None:
            raise NoFreeLink(f"all {LINKS} links of the board are open; close() one of them first")
        return free

    def _receive_on_request(self) -> None:
        """Passive mode, in the words of newer ESP-AT or of older; data without the sender."""
        try:
            self.command(b"AT+CIPRECVTYPE=%d,1" % LINKS)
        except AtCommandError:
            self.command("AT+CIPRECVMODE=1")
        self.command("AT+CIPDINFO=0")

    def _tell_name(self, number: int, host: str) -> None:
        """What TLS calls the server: no address, by RFC 6066 3, and not what was set before."""
        if not _is_address(host):
            self._with_names.add(number)
            self.command(b"AT+CIPSSLCSNI=%d,%s" % (number, quoted(host)))
        elif number in self._with_names:
            self._with_names.discard(number)
            self.command(b'AT+CIPSSLCSNI=%d,""' % number)

    def _open_link(self, link: Link, line: bytes, timeout: float) -> None:
        self._links[link.number] = link  # the peer may say something at once
        try:
            self.command(line, timeout=timeout + BOARD_LIMIT)
        except AtCommandError as error:
            del self._links[link.number]
            raise ConnectError(error.command, error.code, error.lines, error.reason) from error
        except BaseException:  # KeyboardInterrupt, too: the board may open it nevertheless
            link.desert()
            raise


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _parameters(host: str, port: int, timeout: float) -> bytes:
    """Host, port, and the time limit if it is not the board's own. Raises BadRequest."""
    if not host.isascii() or not host.isprintable() or " " in host:
        raise BadRequest(f"{host!r} is no host; it is a name in ASCII or an address")
    if not 0 < len(host) <= LONGEST_HOST:
        raise BadRequest(f"a host has 1 to {LONGEST_HOST} bytes")
    if not 0 < port < 65536:
        raise BadRequest("a port is from 1 to 65535")
    if not 0.001 <= limit(timeout) <= LONGEST_TIMEOUT:
        raise BadRequest(f"a timeout is from 0.001 to {LONGEST_TIMEOUT:g} seconds")
    more = b"" if timeout == DEFAULT_TIMEOUT else b",,,%d" % round(timeout * 1000)
    return b"%s,%d%s" % (quoted(host), port, more)
