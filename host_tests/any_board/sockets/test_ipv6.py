"""IPv6, which MicroPython's port does not give the station: each command says so, none breaks."""

import pytest

from espat_host.client.board import Board
from host_tests.any_board.sockets import links
from host_tests.any_board.sockets.links import ERROR, OK
from host_tests.conftest import Target

NOT_SUPPORTED, UNREACHABLE = 0x7013, 0x7003


@pytest.mark.parametrize(
    "line",
    [
        *(f'AT+CIPSTART="{kind}v6","::1",80' for kind in ("TCP", "UDP", "SSL")),
        *(f'AT+CIPSTART="{kind}","fe80::1",80' for kind in ("TCP", "UDP", "SSL")),
        'AT+CIPSTARTEX="TCPv6","example.com",80',
        "AT+CIPV6=1",
        'AT+CIPDOMAIN="example.com",3',
    ],
)
def test_what_is_refused(joined: Board, line: str) -> None:
    assert joined.ask("AT+SYSLOG=1") == OK
    assert joined.ask(line) == b"ERR CODE:0x%08x\r\n" % (0x010A0000 | NOT_SUPPORTED) + ERROR
    assert joined.ask("AT+CIPSTATE?") == OK


def test_what_goes_on(joined: Board, target: Target) -> None:
    assert joined.ask("AT+CIPV6?") == b"+CIPV6:0\r\n" + OK
    assert joined.ask("AT+CIPV6=0") == OK
    assert joined.ask("AT+SYSLOG=1") == OK
    assert joined.ask(f'AT+CIPSTART="UDP","{target.host_address}",9') == b"CONNECT\r\n" + OK
    joined.send_line('AT+CIPSEND=4,"fe80::1",9')
    joined.expect(links.PROMPT)
    joined.write(b"data")
    failed = b"ERR CODE:0x%08x\r\n" % (0x010A0000 | UNREACHABLE)
    joined.expect(b"\r\nRecv 4 bytes\r\n" + failed + b"\r\nSEND FAIL\r\n")
    links.send(joined, b"data")
