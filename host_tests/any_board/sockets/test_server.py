"""AT+CIPSERVER: connections that come by themselves, and what their clients do."""

import re
import socket
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from espat_host.client.board import Board
from espat_host.local_world.payload import content
from host_tests.any_board.sockets import links
from host_tests.any_board.sockets.links import ERROR, OK, PATIENCE, Inbox
from host_tests.conftest import Target

LIMIT = 10.0
Connect = Callable[[], socket.socket]


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@pytest.fixture
def client(joined: Board, target: Target, port: int) -> Iterator[Connect]:
    """Connects to the board."""
    host = "127.0.0.1"
    if target.port is not None:
        host = re.findall(r'STAIP,"(.*?)"', joined.ask("AT+CIFSR").decode())[0]
    with ExitStack() as stack:

        def connect() -> socket.socket:
            return stack.enter_context(socket.create_connection((host, port), timeout=LIMIT))

        yield connect


@pytest.fixture
def server(joined: Board, port: int) -> Board:
    assert joined.ask("AT+CIPSERVER?") == b"+CIPSERVER:0\r\n" + OK
    assert joined.ask(f"AT+CIPSERVER=1,{port}") == ERROR  # not with AT+CIPMUX=0
    assert joined.ask("AT+CIPMUX=1") == OK
    assert joined.ask(f"AT+CIPSERVER=1,{port}") == OK
    return joined


def test_clients_come_and_go(server: Board, client: Connect, port: int) -> None:
    assert server.ask("AT+CIPSERVER?") == b'+CIPSERVER:1,%d,"TCP",0,0\r\n' % port + OK
    first = client()
    server.expect(b"0,CONNECT\r\n")
    second = client()
    server.expect(b"1,CONNECT\r\n")
    second.sendall(b"hello")
    server.expect(b"\r\n+IPD,1,5:hello\r\n")
    links.send(server, b"back", 1)
    assert second.recv(9) == b"back"
    host, peer = second.getsockname()
    told = b'+CIPSTATE:1,"TCP","%s",%d,%d,1\r\n' % (host.encode(), peer, port)
    assert told in server.ask("AT+CIPSTATE?")
    second.close()
    server.expect(b"1,CLOSED\r\n")
    assert server.ask("AT+CIPMUX=0") == ERROR
    assert server.ask("AT+CIPCLOSE=0") == b"0,CLOSED\r\n" + OK
    assert first.recv(9) == b""
    assert server.ask("AT+CIPMUX=0") == ERROR  # the server is still there
    assert server.ask("AT+CIPMUX=1") == OK


def test_it_is_there_once(server: Board, client: Connect, port: int) -> None:
    assert server.ask(f"AT+CIPSERVER=1,{port}") == OK
    assert server.ask(f"AT+CIPSERVER=1,{port + 1}") == ERROR
    assert server.ask("AT+CIPSERVERMAXCONN=2") == ERROR
    one = client()
    server.expect(b"0,CONNECT\r\n")
    assert server.ask("AT+CIPSERVER=0") == OK
    links.send(server, b"still", 0)  # its links stay
    assert one.recv(9) == b"still"
    assert server.ask("AT+CIPSERVER=0") == OK
    assert server.ask("AT+CIPSERVER?") == b"+CIPSERVER:0\r\n" + OK
    one.close()
    server.expect(b"0,CLOSED\r\n")
    assert server.ask(f"AT+CIPSERVER=1,{port}") == OK
    client()
    client()
    server.expect(b"0,CONNECT\r\n1,CONNECT\r\n")
    assert server.ask("AT+CIPSERVER=0,1") == b"0,CLOSED\r\n1,CLOSED\r\n" + OK
    with pytest.raises(OSError, match="refused"):
        client()


def test_most_connections(joined: Board, client: Connect, port: int) -> None:
    assert joined.ask("AT+CIPMUX=1") == OK
    assert joined.ask("AT+CIPSERVERMAXCONN?") == b"+CIPSERVERMAXCONN:5\r\n" + OK
    assert joined.ask("AT+CIPSERVERMAXCONN=6") == ERROR
    assert joined.ask("AT+CIPSERVERMAXCONN=1") == OK
    assert joined.ask(f"AT+CIPSERVER=1,{port}") == OK
    first = client()
    joined.expect(b"0,CONNECT\r\n")
    second = client()
    joined.expect(b"Have 1 Connections\r\n")
    assert second.recv(9) == b""
    first.close()
    joined.expect(b"0,CLOSED\r\n")
    client()
    joined.expect(b"0,CONNECT\r\n")


def test_beside_a_link_of_our_own(server: Board, client: Connect, target: Target) -> None:
    """The clients get the numbers that are left."""
    with socket.create_server((target.host_address, 0)) as listener:
        away = listener.getsockname()[1]
        line = f'AT+CIPSTART=1,"TCP","{target.host_address}",{away}'
        assert server.ask(line) == b"1,CONNECT\r\n" + OK
        client()
        client()
        server.expect(b"0,CONNECT\r\n2,CONNECT\r\n")
        assert server.ask("AT+CIPSERVER=0,1") == b"0,CLOSED\r\n2,CLOSED\r\n" + OK
        assert b"+CIPSTATE:1," in server.ask("AT+CIPSTATE?")


def test_the_silent_are_closed(server: Board, client: Connect) -> None:
    assert server.ask("AT+CIPSTO?") == b"+CIPSTO:0\r\n" + OK
    assert server.ask("AT+CIPSTO=1") == OK
    one = client()
    server.expect(b"0,CONNECT\r\n")
    for _ in range(3):
        time.sleep(0.4)
        one.sendall(b"x")
        server.expect(b"\r\n+IPD,0,1:x\r\n")
        time.sleep(0.4)
        links.send(server, b"y", 0)  # this is a word, too
    began = time.monotonic()
    server.expect(b"0,CLOSED\r\n")
    assert time.monotonic() - began > 0.5
    assert one.recv(99) == b"yyy"
    assert one.recv(99) == b""


def test_the_message_of_a_connection(server: Board, client: Connect, port: int) -> None:
    assert server.ask("AT+SYSMSG=2").endswith(OK)
    host, peer = client().getsockname()
    server.expect(b'+LINK_CONN:0,0,"TCP",1,"%s",%d,%d\r\n' % (host.encode(), peer, port))


def test_what_clients_do(server: Board, client: Connect) -> None:
    """One is reset, one closes its half, one says nothing, one says what it has without end: each
    is told as what it is, and the others go on."""
    endless, silent = client(), client()
    server.expect(b"0,CONNECT\r\n1,CONNECT\r\n")
    inbox = Inbox(server)
    for number in range(3):
        one = client()
        while b"2,CONNECT\r\n" not in inbox.lines:
            inbox.read()
        inbox.lines.clear()
        if number == 0:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            one.close()
        elif number == 1:
            one.sendall(b"the last")
            one.shutdown(socket.SHUT_WR)
        else:
            one.close()
        data = content(20_000, number)
        endless.sendall(data)
        before = len(inbox.data.get(0, b""))
        assert inbox.until(0, before + len(data))[before:] == data
        while inbox.closed != [2] * (number + 1):
            inbox.read()
    assert inbox.data[2] == b"the last"
    links.send(server, b"you there?", 1)
    assert silent.recv(99) == b"you there?"
    assert server.ask("AT+CIPSERVER=0,1") == b"0,CLOSED\r\n1,CLOSED\r\n" + OK


def test_clients_in_passive_mode(server: Board, client: Connect) -> None:
    assert server.ask("AT+CIPRECVTYPE=5,1") == OK
    one = client()
    server.expect(b"0,CONNECT\r\n")
    one.sendall(b"hello")
    server.expect(b"\r\n+IPD,0,5\r\n")
    one.close()
    server.expect_silence()
    assert server.ask("AT+CIPRECVDATA=0,9") == b"+CIPRECVDATA:5,hello" + OK
    server.expect(b"0,CLOSED\r\n")


@pytest.mark.timeout(1800)
@pytest.mark.soak(60, 1000)
def test_many_come_and_go(server: Board, client: Connect, amount: int) -> None:
    """No CLOSED without a CONNECT, no byte lost, and the memory is what it was."""
    free = []
    for number in range(amount):
        one = client()
        server.expect(b"0,CONNECT\r\n", PATIENCE)
        data = b"%d" % number * (1 + number % 50)
        one.sendall(data)
        server.expect(b"\r\n+IPD,0,%d:%s\r\n" % (len(data), data))
        if number % 2:
            one.close()
            server.expect(b"0,CLOSED\r\n")
        else:
            assert server.ask("AT+CIPCLOSE=0") == b"0,CLOSED\r\n" + OK
            assert one.recv(9) == b""
        if number in (9, amount - 1):
            answer = server.ask("AT+SYSRAM?")
            free.append(int(re.findall(rb"\+SYSRAM:(\d+)", answer)[0]))
    assert server.ask("AT+CIPSTATE?") == OK
    assert server.ask("AT+CIPSERVER=0") == OK
    assert free[0] - free[1] < 1024


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("AT+CIPSERVER=2", 0x01070000),
        ("AT+CIPSERVER=1,65536", 0x01070001),
        ('AT+CIPSERVER=1,80,"UDP"', 0x01070002),
        ('AT+CIPSERVER=1,80,"TCP",2', 0x01070003),
        ('AT+CIPSERVER=1,80,"TCP",0,4', 0x01070004),
        ('AT+CIPSERVER=1,80,"TCP",0,2', 0x010A7013),
        ('AT+CIPSERVER=1,80,"TCPv6"', 0x010A7013),
        ("AT+CIPSERVER=0,2", 0x01070001),
        ("AT+CIPSERVERMAXCONN=0", 0x01070000),
        ("AT+CIPSTO=7201", 0x01070000),
        ("AT+CIPSTO=1,1", 0x01060102),
    ],
)
def test_what_is_refused(dut: Board, line: str, code: int) -> None:
    dut.ask("AT+SYSLOG=1")
    assert dut.ask("AT+CIPMUX=1") == OK
    assert dut.ask(line) == b"ERR CODE:0x%08x\r\n" % code + ERROR


def test_settings(dut: Board) -> None:
    assert dut.ask("AT+CIPSTO=7200") == OK
    assert dut.ask("AT+CIPSTO?") == b"+CIPSTO:7200\r\n" + OK
    assert dut.ask("AT+CIPSERVERMAXCONN=3") == OK
    assert dut.ask("AT+CIPSERVERMAXCONN?") == b"+CIPSERVERMAXCONN:3\r\n" + OK
