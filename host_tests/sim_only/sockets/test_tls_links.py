"""Links over TLS: the handshake belongs to AT+CIPSTART, whatever becomes of it."""

from pathlib import Path

import pytest

from espat_host.client.board import Board
from espat_host.local_world.certificates import Authority
from espat_host.local_world.openssl_server import OpensslServer
from espat_host.local_world.raw_server import RawServer, pause, reset, send
from espat_host.local_world.servers import Servers
from host_tests.any_board.sockets import links
from host_tests.any_board.sockets.links import ERROR, OK, PATIENCE, Inbox, echo, start

pytestmark = pytest.mark.sim_only
HANDSHAKE_CLOSED, HANDSHAKE_TIMEOUT, UNKNOWN_CA, WRONG_HOST = 0x701A, 0x7012, 0x7014, 0x7017
CLOCK_NOT_SET, NOT_SUPPORTED, NO_MEMORY = 0x7018, 0x7013, 0x700A


def code(reason: int) -> bytes:
    return b"ERR CODE:0x%08x\r\n" % (0x010A0000 | reason) + ERROR


def line(server: RawServer, more: str = "") -> str:
    return f'AT+CIPSTART="SSL","{server.host}",{server.port}{more}'


def test_a_link_over_tls(joined: Board, tls_raw_server: RawServer) -> None:
    tls_raw_server.script(echo)
    start(joined, tls_raw_server, kind="SSL")
    assert joined.ask("AT+CIPSTATE?").startswith(b'+CIPSTATE:0,"SSL","127.0.0.1",')
    links.send(joined, b"hello")
    joined.expect(b"\r\n+IPD,5:hello\r\n")
    data = bytes(range(256)) * 32
    links.prompt(joined, len(data))
    joined.write(data)
    inbox = Inbox(joined)
    assert inbox.until(0, len(data)) == data
    while b"SEND OK\r\n" not in inbox.lines:
        inbox.read()
    assert joined.ask("AT+CIPCLOSE") == b"CLOSED\r\n" + OK


def test_what_the_server_says_first(joined: Board, tls_raw_server: RawServer) -> None:
    """It may come together with the end of the handshake."""
    tls_raw_server.script(send(b"220 ready\r\n"))
    for _ in range(5):
        start(joined, tls_raw_server, kind="SSL")
        joined.expect(b"\r\n+IPD,11:220 ready\r\n\r\nCLOSED\r\n")
    assert joined.ask("AT+CIPSTATE?") == OK


@pytest.mark.timeout(120)
def test_servers_that_do_not_shake_hands(joined: Board, raw_server: RawServer) -> None:
    joined.ask("AT+SYSLOG=1")
    raw_server.script(pause(0.2))
    assert joined.ask(line(raw_server), PATIENCE) == code(HANDSHAKE_CLOSED)
    raw_server.script(pause(0.2), reset)
    assert joined.ask(line(raw_server), PATIENCE) == code(HANDSHAKE_CLOSED)
    raw_server.script(send(b"220 this is no TLS\r\n"), links.hold)
    assert joined.ask(line(raw_server), PATIENCE).endswith(ERROR)
    raw_server.script(links.hold)
    assert joined.ask(line(raw_server), PATIENCE) == code(HANDSHAKE_TIMEOUT)
    assert joined.ask("AT+CIPSTATE?") == OK


def store_authority(board: Board, servers: Servers) -> None:
    pem = Path(servers.authority.root_path).read_bytes()
    assert board.request(f'AT+SYSMFG=2,"client_ca","client_ca.0",8,{len(pem)}', pem).ok


def test_the_server_is_verified(joined: Board, tls_raw_server: RawServer, servers: Servers) -> None:
    tls_raw_server.script(echo)
    joined.ask("AT+SYSLOG=1")
    assert joined.ask("AT+CIPSSLCCONF=2").startswith(b"NO CA FOUND\r\n")
    store_authority(joined, servers)
    assert joined.ask("AT+CIPSSLCCONF=2") == OK
    assert joined.ask("AT+CIPSSLCCONF?") == b"+CIPSSLCCONF:0,2,0,0\r\n" + OK
    assert joined.ask(line(tls_raw_server)) == code(CLOCK_NOT_SET)
    assert joined.ask("AT+SYSTIMESTAMP=1790000000").endswith(OK)
    start(joined, tls_raw_server, kind="SSL")  # its address is in its certificate
    assert joined.ask("AT+CIPCLOSE") == b"CLOSED\r\n" + OK
    assert joined.ask('AT+CIPSSLCSNI="elsewhere"') == OK
    assert joined.ask(line(tls_raw_server), PATIENCE) == code(WRONG_HOST)
    assert joined.ask('AT+CIPSSLCCN="localhost"') == OK
    assert joined.ask(line(tls_raw_server), PATIENCE) == b"CONNECT\r\n" + OK
    links.send(joined, b"hello")
    joined.expect(b"\r\n+IPD,5:hello\r\n")


def store(board: Board, kind: str, data: bytes) -> None:
    assert board.request(f'AT+SYSMFG=2,"{kind}","{kind}.0",8,{len(data)}', data).ok


@pytest.mark.parametrize("auth", [1, 3])
def test_the_board_shows_a_certificate(
    joined: Board, tmp_path: Path, auth: int, servers: Servers
) -> None:
    """ESP-AT's example of a client with mutual authentication."""
    authority = Authority(tmp_path)
    client = authority.issue("board@espat.test", label="client", direct=True)
    store(joined, "client_cert", client.certificate.read_bytes())
    store(joined, "client_key", client.key.read_bytes())
    store(joined, "client_ca", authority.root_pem)
    joined.set_time()
    options = ("-Verify", "1", "-verify_return_error", "-CAfile", authority.root_path)
    with OpensslServer(authority.issue("127.0.0.1", direct=True), *options) as server:
        start_line = f'AT+CIPSTART="SSL","127.0.0.1",{server.port}'
        assert joined.ask(start_line, PATIENCE) == ERROR
        assert joined.ask(f"AT+CIPSSLCCONF={auth},0,0") == OK
        assert joined.ask(start_line, PATIENCE) == b"CONNECT\r\n" + OK
        links.send(joined, b"test")
        server.answer(b"test", rb"(test)")
        joined.expect(b"\r\n+IPD,4:test\r\n")
        assert b"\ndepth=0 " in server.output()  # the certificate it was given
        assert joined.ask("AT+CIPCLOSE") == b"CLOSED\r\n" + OK


def test_one_session_at_a_time(joined: Board, tls_raw_server: RawServer) -> None:
    """There is memory for one: the second, and a request over TLS, are refused, and harm nobody."""
    tls_raw_server.script(echo)
    joined.ask("AT+SYSLOG=1")
    assert joined.ask("AT+CIPMUX=1") == OK
    start(joined, tls_raw_server, 0, "SSL")
    second = f'AT+CIPSTART=1,"SSL","{tls_raw_server.host}",{tls_raw_server.port}'
    assert joined.ask(second) == code(NO_MEMORY)
    assert joined.request(f'AT+HTTPCGET="{tls_raw_server.url}/"').raw == code(NO_MEMORY)
    links.send(joined, b"hello", 0)
    joined.expect(b"\r\n+IPD,0,5:hello\r\n")
    assert joined.ask("AT+CIPCLOSE=0") == b"0,CLOSED\r\n" + OK
    start(joined, tls_raw_server, 1, "SSL")


def test_the_names_of_each_link(dut: Board) -> None:
    assert dut.ask('AT+CIPSSLCSNI="a"') == OK
    assert dut.ask("AT+CIPSSLCSNI?") == b"+CIPSSLCSNI:0,a\r\n" + OK
    assert dut.ask("AT+CIPMUX=1") == OK
    assert dut.ask('AT+CIPSSLCCN=5,"b"') == OK
    assert dut.ask('AT+CIPSSLCCN=2,"c"') == OK
    told = [b"+CIPSSLCCN:%d,%s\r\n" % (n, b"c" if n == 2 else b"b") for n in range(5)]
    assert dut.ask("AT+CIPSSLCCN?") == b"".join(told) + OK


@pytest.mark.parametrize(
    "line",
    [
        'AT+CIPSSLCALPN=1,"h2"',
        'AT+CIPSSLCPSK="key","hint"',
        'AT+CIPSSLCPSKHEX="6b","hint"',
        "AT+CIPSSLCCIPHER=1,0xc02f",
    ],
)
def test_what_cannot_be_done(dut: Board, line: str) -> None:
    dut.ask("AT+SYSLOG=1")
    assert dut.ask(line) == code(NOT_SUPPORTED)
