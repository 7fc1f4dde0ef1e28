"""AT+SAVETRANSLINK: a passthrough from the start on."""

import time

import pytest

from espat_host.client.board import Board
from espat_host.local_world.raw_server import RawServer
from host_tests.any_board.sockets.datagram_peer import Peer
from host_tests.any_board.sockets.links import ERROR, OK, PATIENCE, echo
from host_tests.any_board.sockets.passing import echoed, end_with_echo


def test_a_passthrough_that_the_start_begins(joined: Board, raw_server: RawServer) -> None:
    raw_server.script(echo)
    line = f'AT+SAVETRANSLINK=1,"{raw_server.host}",{raw_server.port},"TCP"'
    assert joined.ask(line) == OK
    for _ in range(2):  # it stays, whatever +++ says
        joined.send_line("AT+RST")
        joined.read_until(b"\r\nready\r\n", PATIENCE)
        assert joined.read_until(b">", PATIENCE).endswith(b"\r\n>")
        echoed(joined, b"hello")
        end_with_echo(joined)
    assert joined.ask("AT+CIPMODE?") == b"+CIPMODE:1\r\n" + OK
    assert joined.ask("AT+CIPSTATE?").startswith(b'+CIPSTATE:0,"TCP"')
    assert joined.ask("AT+SAVETRANSLINK=0") == OK
    joined.restart()
    assert joined.ask("AT+CIPMODE?").endswith(b"+CIPMODE:0\r\n" + OK)


def test_datagrams_from_the_start_on(joined: Board, peer: Peer) -> None:
    line = f'AT+SAVETRANSLINK=1,"{peer.host}",{peer.port},"UDP",5005'
    assert joined.ask(line) == OK
    joined.send_line("AT+RST")
    joined.read_until(b"\r\nready\r\n", PATIENCE)
    joined.read_until(b"\r\n>", PATIENCE)
    joined.write(b"hello")
    assert peer.receive() == b"hello"
    assert peer.board[1] == 5005
    peer.send(b"and back")
    joined.expect(b"and back")
    end_with_echo(joined)
    assert joined.ask("AT+SAVETRANSLINK=0") == OK


def test_a_start_without_its_peer(joined: Board, raw_server: RawServer) -> None:
    """It goes on trying, and the host may end it."""
    raw_server.stop()
    assert joined.ask(f'AT+SAVETRANSLINK=1,"{raw_server.host}",{raw_server.port}') == OK
    joined.send_line("AT+RST")
    joined.read_until(b"\r\nready\r\n", PATIENCE)
    time.sleep(1)
    joined.discard()
    end_with_echo(joined)
    assert joined.ask("AT+CIPSTATE?") == OK
    assert joined.ask("AT+SAVETRANSLINK=0") == OK


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("AT+SAVETRANSLINK=2", 0x01070000),
        ("AT+SAVETRANSLINK=1", 0x01070001),
        ('AT+SAVETRANSLINK=1,"",80', 0x01070001),
        ('AT+SAVETRANSLINK=1,"1.2.3.4"', 0x01070002),
        ('AT+SAVETRANSLINK=1,"1.2.3.4",0', 0x01070002),
        ('AT+SAVETRANSLINK=1,"1.2.3.4",80,"SCTP"', 0x01070003),
        ('AT+SAVETRANSLINK=1,"1.2.3.4",80,"TCPv6"', 0x010A7013),
        ('AT+SAVETRANSLINK=1,"1.2.3.4",80,"TCP",7201', 0x01070004),
        ('AT+SAVETRANSLINK=1,"1.2.3.4",80,"UDP",65536', 0x01070004),
        ('AT+SAVETRANSLINK=1,"1.2.3.4",80,"TCP",0,1', 0x01060506),
    ],
)
def test_what_is_not_saved(dut: Board, line: str, number: int) -> None:
    dut.ask("AT+SYSLOG=1")
    assert dut.ask(line) == b"ERR CODE:0x%08x\r\n" % number + ERROR
    dut.restart()
    assert dut.ask("AT+CIPMODE?") == b"+CIPMODE:0\r\n" + OK
