"""AT+CIPSERVER over TLS, on a board with PSRAM: the certificates are those of AT+SYSMFG. A board
without has no room for it, and says so."""

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress

import pytest

from espat_host.client.board import Board
from espat_host.local_world.certificates import Authority
from espat_host.local_world.payload import content
from espat_host.local_world.raw_server import RawServer, read_request, send
from espat_host.local_world.servers import Servers
from espat_host.sim import SimBoard
from host_tests.any_board.http.tls_bench import NAME, stranger
from host_tests.any_board.sockets import links
from host_tests.any_board.sockets.links import ERROR, OK, PATIENCE, Inbox

pytestmark = pytest.mark.sim_only
LIMIT = 20.0
CLOCK_NOT_SET, NO_MEMORY = 0x010A7018, 0x010A700A
Connect = Callable[..., ssl.SSLSocket]


@pytest.fixture(scope="module")
def ca(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@pytest.fixture
def sim(boot: Callable[..., SimBoard]) -> SimBoard:
    return boot(heap="8m")


@pytest.fixture
def secure(ca: Authority, port: int) -> Iterator[Connect]:
    """Connects to the board, checks its certificate, and shows one of its own by `own`."""
    with ExitStack() as stack:

        def connect(own: Authority | None = None) -> ssl.SSLSocket:
            context = ssl.create_default_context(cafile=str(ca.root_path))
            if own is not None:
                pair = own.issue("client@espat.test", label="client", direct=True)
                context.load_cert_chain(pair.certificate, pair.key)
            sock = stack.enter_context(socket.create_connection(("127.0.0.1", port), LIMIT))
            return stack.enter_context(context.wrap_socket(sock, server_hostname=NAME))

        yield connect


def store(board: Board, kind: str, data: bytes) -> None:
    assert board.request(f'AT+SYSMFG=2,"{kind}","{kind}.0",8,{len(data)}', data).ok


def prove(joined: Board, ca: Authority) -> Board:
    """Give it a certificate of `ca` for its server."""
    pair = ca.issue(NAME, label="board", direct=True)
    store(joined, "server_cert", pair.certificate.read_bytes())
    store(joined, "server_key", pair.key.read_bytes())
    assert joined.ask("AT+CIPMUX=1") == OK
    assert joined.ask("AT+SYSLOG=1") == OK
    return joined


@pytest.fixture
def proven(joined: Board, ca: Authority) -> Board:
    return prove(joined, ca)


@pytest.fixture
def server(proven: Board, port: int) -> Board:
    assert proven.ask(f'AT+CIPSERVER=1,{port},"SSL",0') == OK
    return proven


def code(number: int) -> bytes:
    return b"ERR CODE:0x%08x\r\n" % number + ERROR


def test_a_client_over_tls(server: Board, secure: Connect, port: int) -> None:
    assert server.ask("AT+CIPSERVER?") == b'+CIPSERVER:1,%d,"SSL",0,0\r\n' % port + OK
    for _ in range(3):
        one = secure()
        server.expect(b"0,CONNECT\r\n", PATIENCE)
        assert server.ask("AT+CIPSTATE?").startswith(b'+CIPSTATE:0,"SSL","127.0.0.1",')
        one.sendall(b"hello")
        server.expect(b"\r\n+IPD,0,5:hello\r\n")
        links.send(server, b"back", 0)
        assert one.recv(9) == b"back"
        one.close()
        server.expect(b"0,CLOSED\r\n")


def test_much_data_both_ways(server: Board, secure: Connect) -> None:
    one, inbox = secure(), Inbox(server)
    server.expect(b"0,CONNECT\r\n", PATIENCE)
    data = content(50_000, 3)
    one.sendall(data)
    assert inbox.until(0, len(data)) == data
    links.prompt(server, 8192, 0)
    server.write(data[:8192])
    server.expect(links.sent(8192), PATIENCE)
    got = b""
    while len(got) < 8192:
        got += one.recv(8192)
    assert got == data[:8192]


def test_items_that_are_not_there(joined: Board, ca: Authority, port: int) -> None:
    line = f'AT+CIPSERVER=1,{port},"SSL",1'
    pair = ca.issue(NAME, label="board", direct=True)
    assert joined.ask("AT+CIPMUX=1") == OK
    assert joined.ask(line) == b"NO CERT FOUND\r\n" + ERROR
    store(joined, "server_cert", pair.certificate.read_bytes())
    assert joined.ask(line) == b"NO PRVT_KEY FOUND\r\n" + ERROR
    store(joined, "server_key", pair.key.read_bytes())
    assert joined.ask(line) == b"NO CA FOUND\r\n" + ERROR
    store(joined, "server_ca", ca.root_pem)
    joined.ask("AT+SYSLOG=1")
    assert joined.ask(line) == code(CLOCK_NOT_SET)


def test_clients_are_verified(proven: Board, secure: Connect, ca: Authority, port: int) -> None:
    store(proven, "server_ca", ca.root_pem)
    proven.set_time()
    assert proven.ask(f'AT+CIPSERVER=1,{port},"SSL",1') == OK
    assert proven.ask("AT+CIPSERVER?") == b'+CIPSERVER:1,%d,"SSL",1,0\r\n' % port + OK
    for own in (None, stranger(ca)):
        with pytest.raises((ssl.SSLError, OSError)):
            secure(own).recv(9)
    proven.expect_silence()  # of whom did not get in nothing is told
    one = secure(ca)
    proven.expect(b"0,CONNECT\r\n", PATIENCE)
    one.sendall(b"hello")
    proven.expect(b"\r\n+IPD,0,5:hello\r\n")


def test_who_does_not_shake_hands(server: Board, secure: Connect, port: int) -> None:
    """They hang up, or speak no TLS; the next one is served."""
    with socket.create_connection(("127.0.0.1", port), LIMIT):
        pass
    with socket.create_connection(("127.0.0.1", port), LIMIT) as other:
        other.sendall(b"GET / HTTP/1.0\r\n\r\n")
        with suppress(ConnectionResetError):
            while other.recv(99):  # an alert
                pass
    secure()
    server.expect(b"0,CONNECT\r\n", PATIENCE)


def test_there_is_room_for_two(
    sim: SimBoard, server: Board, secure: Connect, tls_raw_server: RawServer
) -> None:
    """In ESP-IDF's heap. A third client, and a request over TLS, are refused; nobody is harmed."""
    tls_raw_server.script(read_request, send(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"))
    request = f'AT+HTTPCGET="{tls_raw_server.url}/"'
    both = secure(), secure()
    server.expect(b"0,CONNECT\r\n1,CONNECT\r\n", PATIENCE)
    with pytest.raises((ssl.SSLError, OSError)):
        secure()
    server.expect(b"Have 2 Connections\r\n", PATIENCE)
    assert server.request(request).raw == code(NO_MEMORY)
    for number, client in enumerate(both):
        client.sendall(b"hello")
        server.expect(b"\r\n+IPD,%d,5:hello\r\n" % number)
    assert server.ask("AT+CIPCLOSE=5") == b"0,CLOSED\r\n1,CLOSED\r\n" + OK
    assert server.request(request).body == b"hi"
    assert sim.starts == 1


def test_a_board_without_psram_refuses(
    boot: Callable[..., SimBoard],
    connect: Callable[..., Board],
    ca: Authority,
    port: int,
    servers: Servers,
) -> None:
    """Before it takes anything, and all else goes on."""
    sim = boot()
    board = connect(sim)
    board.join("espressif", "1234567890")
    prove(board, ca)
    for _ in range(3):
        assert board.ask(f'AT+CIPSERVER=1,{port},"SSL",0') == code(NO_MEMORY)
        assert board.ask("AT+CIPSERVER?") == b"+CIPSERVER:0\r\n" + OK
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port), LIMIT)
        assert board.request(f'AT+HTTPCGET="{servers.https}/get"').ok
    assert board.ask(f"AT+CIPSERVER=1,{port}") == OK
    with socket.create_connection(("127.0.0.1", port), LIMIT) as client:
        board.expect(b"0,CONNECT\r\n")
        links.send(board, b"hello", 0)
        assert client.recv(9) == b"hello"
    board.expect(b"0,CLOSED\r\n")
    assert (sim.starts, sim.measures.growths) == (1, 1)


@pytest.mark.timeout(900)
@pytest.mark.soak(20, 300)
def test_many_come_and_go(sim: SimBoard, server: Board, secure: Connect, amount: int) -> None:
    """Beside commands of other families."""
    between = ("AT+CWSTATE?", "AT+SYSRAM?", "AT+CIPSTA?", "AT+SYSMSGFILTERCFG?", "AT+CWMODE?")
    for number in range(amount):
        assert server.ask(between[number % len(between)]).endswith(OK)
        one = secure()
        server.expect(b"0,CONNECT\r\n", PATIENCE)
        one.sendall(b"%d" % number)
        server.expect(b"\r\n+IPD,0,%d:%d\r\n" % (len(str(number)), number))
        one.close()
        server.expect(b"0,CLOSED\r\n")
    assert sim.starts == 1
