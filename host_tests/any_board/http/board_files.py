"""Files on the board, and AT+HTTPGET_TO_FS and AT+FS_TO_HTTP_SERVER from the host's side."""

import hashlib

from espat_host.client.board import Board

OK = b"\r\nOK\r\n"
ERROR = b"\r\nERROR\r\n"
HEAD = b"HTTP/1.1 200 OK\r\n"
OLD = b"what was there before"
REFUSED, MALFORMED, CLOSED = 0x7002, 0x7007, 0x7008
READ_TIMEOUT, INCOMPLETE, NO_WIFI, ABORTED = 0x700B, 0x700C, 0x700F, 0x7010
FULL, NOT_FOUND, EMPTY = 0x7020, 0x7021, 0x7023


def failure(reason: int) -> bytes:
    return b"ERR CODE:0x010a%04x\r\n" % reason + ERROR


def download(board: Board, name: str, url: str, rest: str = "", timeout: float = 30.0) -> bytes:
    """The answer after the prompt."""
    board.send_line(f'AT+HTTPGET_TO_FS="{name}",{len(url)}{rest}')
    board.expect_prompt()
    board.write(url.encode())
    return board.reply(timeout).raw


def upload(board: Board, name: str, url: str, timeout: float = 30.0) -> bytes:
    board.send_line(f'AT+FS_TO_HTTP_SERVER="{name}",{len(url)}')
    board.expect_prompt()
    board.write(url.encode())
    return board.reply(timeout).raw


def write(board: Board, name: str, data: bytes) -> None:
    board.send_line(f'AT+FS=1,1,"{name}",0,{len(data)}')
    board.expect(b">")
    board.write(data)
    board.expect(OK)


def md5(board: Board, name: str) -> bytes:
    answer = board.ask(f'AT+FS=1,5,"{name}"')
    return answer[4:36] if answer.startswith(b"+FS:") else answer


def md5_of(data: bytes) -> bytes:
    return hashlib.md5(data).hexdigest().encode()


def names(board: Board) -> list[bytes]:
    return board.ask('AT+FS=1,4,"."')[4 : -len(OK)].split()


def unchanged(board: Board) -> None:
    """The old file is there, nothing else is, and the port is in step."""
    assert md5(board, "f") == md5_of(OLD)
    assert names(board) == [b"f"]
    assert board.ask("AT") == OK


def prepare(board: Board) -> Board:
    """Leave one file, `f`, and have the board tell reasons."""
    for name in names(board):
        board.ask(b'AT+FS=1,0,"%s"' % name)
    write(board, "f", OLD)
    board.ask("AT+SYSLOG=1")
    return board
