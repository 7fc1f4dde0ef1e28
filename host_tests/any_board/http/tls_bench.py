"""What the tests of TLS share: a board that checks its servers, and requests to them."""

from typing import Any

from espat_host.client.board import Board
from espat_host.local_world.certificates import Authority, KeyPair
from espat_host.local_world.servers import Servers

OK = b"\r\nOK\r\n"
ERROR = b"\r\nERROR\r\n"
NAME = "www.espat.test"
ELSEWHERE = "other.espat.test"
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"

HANDSHAKE, HANDSHAKE_TIMEOUT, CLOCK_NOT_SET, BAD_IDENTITY = 0x7005, 0x7012, 0x7018, 0x7019
HANDSHAKE_CLOSED = 0x701A
UNKNOWN_CA, EXPIRED, FUTURE, WRONG_HOST = 0x7014, 0x7015, 0x7016, 0x7017
SLOW = 30.0


def world_with_names(servers: Servers) -> dict[str, Any]:
    """A world in which both names lead to this PC."""
    hosts = dict.fromkeys((NAME, ELSEWHERE), "127.0.0.1")
    access_point = {"ssid": "espressif", "password": "1234567890"}
    return {"access_points": [access_point], "hosts": servers.world_hosts | hosts}


def set_clock(board: Board) -> None:
    board.set_time()


def verify_by(ca: Authority, board: Board) -> Board:
    """From now on the board checks servers by `ca`, and errors carry their codes."""
    assert board.ask("AT+SYSLOG=1") == OK
    set_clock(board)
    store(board, "https_ca", ca.root_pem)
    assert board.ask("AT+HTTPCFG=2") == OK
    return board


def stranger(ca: Authority) -> Authority:
    """A CA that the board does not know."""
    folder = ca.root_path.parent / "stranger"
    folder.mkdir(exist_ok=True)
    return Authority(folder)


def store(board: Board, kind: str, data: bytes, number: int = 0) -> None:
    line = f'AT+SYSMFG=2,"{kind}","{kind}.{number}",8,{len(data)}'
    assert board.request(line, data).raw == OK


def store_client(board: Board, pair: KeyPair, number: int = 0) -> None:
    store(board, "https_cert", pair.certificate.read_bytes(), number)
    store(board, "https_key", pair.key.read_bytes(), number)


def get(board: Board, host: str, port: int) -> Any:
    return board.request(f'AT+HTTPCLIENT=2,0,"https://{host}:{port}/",,,2', timeout=SLOW)


def code(reason: int) -> bytes:
    return b"ERR CODE:0x010a%04x\r\n\r\nERROR\r\n" % reason


def expect_refusal(board: Board, host: str, port: int, reason: int) -> None:
    assert get(board, host, port).raw == code(reason)
    assert board.ask("AT") == OK
    board.expect_silence()
