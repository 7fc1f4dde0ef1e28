"""Client links over TCP: their commands, their messages, and peers that do not behave."""

import re
import socket
import time

import pytest

from espat_host.client.board import Board
from espat_host.local_world.payload import content
from espat_host.local_world.raw_server import (
    Connection,
    RawServer,
    pause,
    read_request,
    reset,
    send,
)
from host_tests.any_board.sockets import links
from host_tests.any_board.sockets.links import ERROR, OK, PATIENCE, PROMPT, Inbox, echo, start
from host_tests.client.waiting import wait_until
from host_tests.conftest import Target

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
CLOSED, NO_WIFI, REFUSED = 0x7008, 0x700F, 0x7002


def code(number: int) -> bytes:
    return b"ERR CODE:0x%08x\r\n" % number


def test_one_link(joined: Board, raw_server: RawServer) -> None:
    raw_server.script(echo)
    start(joined, raw_server)
    state = joined.ask("AT+CIPSTATE?")
    form = rb'\+CIPSTATE:0,"TCP","[\d.]+",%d,(\d+),0\r\n\r\nOK\r\n' % raw_server.port
    found = re.fullmatch(form, state)
    assert found
    assert 49152 <= int(found[1]) <= 65535
    assert joined.ask("AT+CIPSTATUS") == b"STATUS:3\r\n+CIPSTATUS" + state.removeprefix(
        b"+CIPSTATE"
    )
    links.send(joined, b"hello")
    joined.expect(b"\r\n+IPD,5:hello\r\n")
    assert joined.ask("AT+CIPCLOSE") == b"CLOSED\r\n" + OK
    assert joined.ask("AT+CIPSTATE?") == OK
    assert joined.ask("AT+CIPCLOSE") == ERROR
    wait_until(lambda: raw_server.received == [b"hello"])


def test_the_local_port_is_the_one_that_is_told(joined: Board, target: Target) -> None:
    with socket.create_server((target.host_address, 0)) as listener:
        port = listener.getsockname()[1]
        answer = joined.ask(f'AT+CIPSTART="TCP","{target.host_address}",{port}')
        assert answer == b"CONNECT\r\n" + OK
        connection, address = listener.accept()
        with connection:
            assert b",%d,%d,0\r\n" % (port, address[1]) in joined.ask("AT+CIPSTATE?")


def test_several_links(joined: Board, raw_server: RawServer) -> None:
    raw_server.script(echo)
    assert joined.ask("AT+CIPMUX=1") == OK
    assert joined.ask("AT+CIPMUX?") == b"+CIPMUX:1\r\n" + OK
    start(joined, raw_server, 3)
    for number in (0, 1, 2, 4):  # the lowest that is free
        line = f'AT+CIPSTARTEX="TCP","{raw_server.host}",{raw_server.port}'
        assert joined.ask(line, PATIENCE) == b"%d,CONNECT\r\n" % number + OK
    assert joined.ask(line) == ERROR
    assert joined.ask(f'AT+CIPSTART=3,"TCP","{raw_server.host}",{raw_server.port}') == ERROR
    assert re.findall(rb"\+CIPSTATE:(\d)", joined.ask("AT+CIPSTATE?")) == [
        b"%d" % n for n in range(5)
    ]
    assert joined.ask("AT+CIPMUX=0") == ERROR
    links.send(joined, b"to three", 3)
    joined.expect(b"\r\n+IPD,3,8:to three\r\n")
    assert joined.ask("AT+CIPCLOSE=3") == b"3,CLOSED\r\n" + OK
    assert joined.ask("AT+CIPCLOSE=3") == ERROR
    every = b"".join(b"%d,CLOSED\r\n" % number for number in (0, 1, 2, 4))
    assert joined.ask("AT+CIPCLOSE=5") == every + OK
    assert joined.ask("AT+CIPMUX=0") == OK


def test_who_sends_is_told(joined: Board, raw_server: RawServer) -> None:
    raw_server.script(echo)
    assert joined.ask("AT+CIPDINFO?") == b"+CIPDINFO:false" + OK
    assert joined.ask("AT+CIPDINFO=1") == OK
    assert joined.ask("AT+CIPDINFO?") == b"+CIPDINFO:true" + OK
    start(joined, raw_server)
    links.send(joined, b"hello")
    sender = b'"%s",%d' % (raw_server.host.encode(), raw_server.port)
    joined.expect(b"\r\n+IPD,5," + sender + b":hello\r\n")
    assert joined.ask("AT+CIPDINFO=0") == OK
    links.send(joined, b"again")
    joined.expect(b"\r\n+IPD,5:again\r\n")


def test_the_message_of_a_connection(joined: Board, raw_server: RawServer) -> None:
    """AT+SYSMSG, bit 1."""
    raw_server.script(echo)
    assert joined.ask("AT+SYSMSG=2").endswith(OK)
    answer = joined.ask(f'AT+CIPSTART="TCP","{raw_server.host}",{raw_server.port}')
    peer = b'"%s",%d' % (raw_server.host.encode(), raw_server.port)
    assert re.fullmatch(rb'\+LINK_CONN:0,0,"TCP",0,' + peer + rb",\d+\r\n" + OK, answer)


def test_the_longest_and_the_shortest_data(joined: Board, raw_server: RawServer) -> None:
    raw_server.script(echo)
    start(joined, raw_server)
    inbox, whole = Inbox(joined), b""
    for size in (1, 2, 1459, 1460, 1461, 2048, 2049, 8192):
        data = content(size, size)
        links.prompt(joined, size)
        joined.write(data)
        whole += data
        while b"SEND OK\r\n" not in inbox.lines:
            inbox.read()
        inbox.lines.clear()
        assert inbox.until(0, len(whole)) == whole
    assert inbox.closed == []
    assert joined.ask("AT+CIPSEND=8193") == ERROR
    assert joined.ask("AT+CIPSEND=0") == ERROR


def test_data_in_one_write_with_its_command(joined: Board, raw_server: RawServer) -> None:
    raw_server.script(echo)
    start(joined, raw_server)
    joined.write(b"AT+CIPSEND=4\r\nAT\r\n")
    joined.expect(PROMPT + links.sent(4))
    joined.expect(b"\r\n+IPD,4:AT\r\n\r\n")


def test_bytes_beyond_the_length(joined: Board, raw_server: RawServer) -> None:
    """They are no data: a line of them is answered as any other."""
    raw_server.script(echo)
    start(joined, raw_server)
    links.prompt(joined, 4)
    joined.write(b"1234\r\n")
    joined.expect(links.sent(4))
    joined.expect(b"\r\n+IPD,4:1234\r\n")
    assert joined.ask("AT") == OK


def test_what_the_peer_says_first(joined: Board, raw_server: RawServer) -> None:
    """Its banner comes behind the OK, and its end behind its data."""
    raw_server.script(send(b"220 ready\r\n"))
    for _ in range(10):
        start(joined, raw_server)
        joined.expect(b"\r\n+IPD,11:220 ready\r\n\r\nCLOSED\r\n")
    assert joined.ask("AT+CIPSTATE?") == OK


def test_a_reset_is_an_end(joined: Board, raw_server: RawServer) -> None:
    raw_server.script(pause(0.1), reset)
    start(joined, raw_server)
    joined.expect(b"CLOSED\r\n")
    assert joined.ask("AT+CIPSEND=5") == ERROR


def test_the_peer_ends_while_data_is_awaited(joined: Board, raw_server: RawServer) -> None:
    raw_server.script(pause(0.3))
    joined.ask("AT+SYSLOG=1")
    start(joined, raw_server)
    links.prompt(joined, 100)
    joined.write(b"half of it")
    joined.expect(b"\r\nRecv 10 bytes\r\n" + code(0x010A0000 | CLOSED) + b"\r\nSEND FAIL\r\n")
    joined.expect(b"CLOSED\r\n")
    assert joined.ask("AT") == OK


def test_a_peer_that_takes_nothing(joined: Board, raw_server: RawServer) -> None:
    """SEND FAIL within the limit, and meanwhile nothing stands still."""

    def patient(connection: Connection) -> None:
        connection.sock.settimeout(None)
        echo(connection)

    raw_server.script(links.hold)
    raw_server.script(patient)
    assert joined.ask("AT+CIPMUX=1") == OK
    start(joined, raw_server, 0)
    start(joined, raw_server, 1)
    assert joined.ask("AT+CIPTCPOPT=0,,,1000") == OK
    for _ in range(2000):
        began = time.monotonic()
        links.prompt(joined, 8192, 0)
        joined.write(bytes(8192))
        joined.expect(b"\r\nRecv 8192 bytes\r\n\r\nSEND ", PATIENCE)
        if joined.read_until(b"\r\n") == b"FAIL\r\n":
            break
    else:
        raise AssertionError("everything was taken")
    assert time.monotonic() - began < PATIENCE
    links.send(joined, b"still here", 1)
    joined.expect(b"\r\n+IPD,1,10:still here\r\n")


def test_a_host_that_does_not_read(joined: Board, raw_server: RawServer) -> None:
    """What a peer sends without end waits in TCP's window; nothing is lost."""
    data = content(300_000)
    raw_server.script(send(data), links.take)
    start(joined, raw_server)
    inbox = Inbox(joined)
    while len(inbox.data.get(0, b"")) < len(data):
        if inbox.frames in (3, 100):
            time.sleep(0.3)
        inbox.read()
    assert inbox.data[0] == data


def test_five_links_at_once(joined: Board, raw_server: RawServer) -> None:
    """Both ways at once: no byte is lost, doubled or in the wrong link."""
    raw_server.script(echo)
    assert joined.ask("AT+CIPMUX=1") == OK
    sizes = {number: 30_000 + 7 * number for number in range(5)}
    data = {number: content(size, number + 1) for number, size in sizes.items()}
    for number in data:
        start(joined, raw_server, number)
    inbox = Inbox(joined)
    for at in range(0, 30_030, 1501):
        for number, whole in data.items():
            piece = whole[at : at + 1501]
            if not piece:
                continue
            joined.send_line(f"AT+CIPSEND={number},{len(piece)}")
            while not inbox.lines or not inbox.lines[-1].endswith(b"OK\r\n"):
                inbox.read()
            inbox.lines.clear()
            joined.write(piece)
            while not inbox.lines or b"SEND OK" not in inbox.lines[-1]:
                inbox.read()
            inbox.lines.clear()
    for number, whole in data.items():
        assert inbox.until(number, len(whole)) == whole
    assert inbox.closed == []


def test_the_options_of_tcp(dut: Board) -> None:
    assert dut.ask("AT+CIPTCPOPT?") == b"+CIPTCPOPT:0,-1,0,0,0\r\n" + OK
    assert dut.ask("AT+CIPTCPOPT=10,1,1000,60") == OK
    assert dut.ask("AT+CIPTCPOPT=,0") == OK  # the others stay
    assert dut.ask("AT+CIPTCPOPT?") == b"+CIPTCPOPT:0,10,0,1000,60\r\n" + OK
    assert dut.ask("AT+CIPMUX=1") == OK
    assert dut.ask("AT+CIPTCPOPT=5,,,,7") == OK
    told = [b"+CIPTCPOPT:%d,%s,7\r\n" % (n, b"-1,0,0" if n else b"10,0,1000") for n in range(5)]
    assert dut.ask("AT+CIPTCPOPT?") == b"".join(told) + OK


def test_the_options_of_a_link(joined: Board, raw_server: RawServer) -> None:
    """TCP_NODELAY takes nothing from it; its keep-alive stays with AT+CIPTCPOPT."""
    raw_server.script(echo)
    assert joined.ask("AT+CIPTCPOPT=,1") == OK
    line = f'AT+CIPSTART="TCP","{raw_server.host}",{raw_server.port},60'
    assert joined.ask(line, PATIENCE) == b"CONNECT\r\n" + OK
    assert joined.ask("AT+CIPTCPOPT?") == b"+CIPTCPOPT:0,-1,1,0,60\r\n" + OK
    links.send(joined, b"hello")
    joined.expect(b"\r\n+IPD,5:hello\r\n")


def test_a_request_beside_links(joined: Board, raw_server: RawServer) -> None:
    raw_server.script(echo)
    assert joined.ask("AT+CIPMUX=1") == OK
    start(joined, raw_server, 0)
    raw_server.script(read_request, send(ANSWER))
    for _ in range(3):
        assert joined.request(f'AT+HTTPCGET="{raw_server.url}/"').body == b"hi"
        links.send(joined, b"hello", 0)
        joined.expect(b"\r\n+IPD,0,5:hello\r\n")
    assert joined.ask("AT+CWSTATE?").startswith(b"+CWSTATE:2")


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ('AT+CIPSTART="SCTP","127.0.0.1",80', 0x01070000),
        ('AT+CIPSTART="TCP","",80', 0x01070001),
        ('AT+CIPSTART="TCP","127.0.0.1",0', 0x01070002),
        ('AT+CIPSTART="TCP","127.0.0.1",65536', 0x01070002),
        ('AT+CIPSTART="TCP","127.0.0.1"', 0x01070002),
        ('AT+CIPSTART="TCP","127.0.0.1",80,7201', 0x01070003),
        ('AT+CIPSTART="TCP","127.0.0.1",80,0,"1.2.3"', 0x01070004),
        ('AT+CIPSTART="TCP","127.0.0.1",80,0,,60001', 0x01070005),
        ('AT+CIPSTART="TCP","127.0.0.1",80,0,,1,1', 0x01060607),
        ('AT+CIPSTART=0,"TCP","127.0.0.1",80', 0x01050000),
        ("AT+CIPSEND=1", 0x010A0000),
        ("AT+CIPSEND=0,1", 0x010A0000),
        ("AT+CIPCLOSE=0", 0x010A0000),
        ("AT+CIPRECVDATA=1", 0x010A0000),
        ("AT+CIPMUX=2", 0x01070000),
        ("AT+CIPDINFO=2", 0x01070000),
        ("AT+CIPRECVTYPE=2", 0x01070000),
        ("AT+CIPTCPOPT=-2", 0x01070000),
        ("AT+CIPTCPOPT=,2", 0x01070001),
        ("AT+CIPTCPOPT=,,-1", 0x01070002),
        ("AT+CIPTCPOPT=,,,7201", 0x01070003),
    ],
)
def test_what_is_refused(joined: Board, line: str, number: int) -> None:
    joined.ask("AT+SYSLOG=1")
    assert joined.ask(line) == code(number) + ERROR


def test_why_a_link_does_not_come_about(joined: Board, target: Target) -> None:
    joined.ask("AT+SYSLOG=1")
    with socket.create_server((target.host_address, 0)) as listener:
        port = listener.getsockname()[1]
    line = f'AT+CIPSTART="TCP","{target.host_address}",{port}'
    assert joined.ask(line, PATIENCE) == code(0x010A0000 | REFUSED) + ERROR
    assert joined.ask("AT+CIPSTATE?") == OK
    joined.ask("AT+CWQAP")
    assert joined.ask(line) == code(0x010A0000 | NO_WIFI) + ERROR
