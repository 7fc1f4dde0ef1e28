"""The other ways to send: AT+CIPSENDEX, AT+CIPSENDL; and +++ instead of data."""

import re
import time

import pytest

from espat_host.client.board import Board
from espat_host.local_world.payload import content
from espat_host.local_world.raw_server import RawServer
from host_tests.any_board.sockets import links
from host_tests.any_board.sockets.links import ERROR, OK, PATIENCE, PROMPT, echo, start, take
from host_tests.client.waiting import wait_until


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        (rb"hello\0", b"hello"),
        (rb"a\b\\c\0", rb"ab\c"),
        (rb"no end\\0", rb"no end\0"),
        (rb"12345678901234567890", b"12345678901234567890"),  # the whole length
    ],
)
@pytest.mark.parametrize("step", [1, 3, 100])
def test_data_that_ends_itself(
    joined: Board, raw_server: RawServer, typed: bytes, sent: bytes, step: int
) -> None:
    raw_server.script(echo)
    start(joined, raw_server)
    length = 20 if typed.endswith((rb"d\0", rb"c\0", rb"o\0")) else len(typed)
    joined.send_line(f"AT+CIPSENDEX={length}")
    joined.expect(PROMPT)
    for at in range(0, len(typed), step):
        joined.write(typed[at : at + step])
    joined.expect(links.sent(len(sent)), PATIENCE)
    joined.expect(b"\r\n+IPD,%d:%s\r\n" % (len(sent), sent))
    assert joined.ask("AT") == OK


@pytest.mark.parametrize(
    ("command", "end"),
    [
        ("AT+CIPSEND=100", b"\r\nSEND Canceled\r\n"),
        ("AT+CIPSENDEX=100", b"\r\nSEND Canceled\r\n"),
        ("AT+CIPSENDL=100", b"\r\nSEND CANCELLED\r\n"),
    ],
)
def test_the_host_calls_it_off(
    joined: Board, raw_server: RawServer, command: str, end: bytes
) -> None:
    raw_server.script(echo)
    start(joined, raw_server)
    joined.send_line(command)
    joined.expect(PROMPT)
    for _ in range(3):
        joined.write(b"+")
        time.sleep(0.005)
    joined.expect(end)
    links.send(joined, b"++++")  # these are data
    joined.expect(b"\r\n+IPD,4:++++\r\n")


def test_an_escaped_plus_is_data(joined: Board, raw_server: RawServer) -> None:
    raw_server.script(echo)
    start(joined, raw_server)
    joined.send_line("AT+CIPSENDEX=100")
    joined.expect(PROMPT)
    joined.write(rb"\+++")
    time.sleep(0.3)
    joined.write(rb"!\0")
    joined.expect(links.sent(4), PATIENCE)
    joined.expect(b"\r\n+IPD,4:+++!\r\n")


def test_long_data(joined: Board, raw_server: RawServer) -> None:
    raw_server.script(take)
    assert joined.ask("AT+CIPSENDLCFG?") == b"+CIPSENDLCFG:1024,2920\r\n" + OK
    assert joined.ask("AT+CIPSENDLCFG=10000") == OK
    start(joined, raw_server)
    data = content(200_000, 5)
    joined.send_line(f"AT+CIPSENDL={len(data)}")
    joined.expect(PROMPT)
    joined.write(data)
    told = joined.read_until(b"\r\nSEND OK\r\n", PATIENCE)
    steps = [int(sent) for sent in re.findall(rb"\+CIPSENDL:(\d+),\d+\r\n", told)]
    assert 10 < len(steps) <= 20
    assert steps == sorted(steps)
    assert steps[-1] == len(data)
    assert joined.ask("AT+CIPCLOSE") == b"CLOSED\r\n" + OK
    wait_until(lambda: len(raw_server.received[0]) >= len(data))
    assert raw_server.received[0] == data


def test_long_data_in_small_pieces(joined: Board, raw_server: RawServer) -> None:
    """AT+CIPSENDLCFG's second number: so much goes out at a time."""
    raw_server.script(take)
    assert joined.ask("AT+CIPSENDLCFG=100,100") == OK
    start(joined, raw_server)
    joined.send_line("AT+CIPSENDL=1000")
    joined.expect(PROMPT)
    joined.write(b"0123456789" * 100)
    told = joined.read_until(b"\r\nSEND OK\r\n", PATIENCE)
    steps = [int(sent) for sent in re.findall(rb"\+CIPSENDL:(\d+),\d+\r\n", told)]
    assert steps == list(range(100, 1001, 100))


def test_settings(dut: Board) -> None:
    assert dut.ask("AT+CIPSENDLCFG=99") == ERROR
    assert dut.ask("AT+CIPSENDLCFG=100,2921") == ERROR
    assert dut.ask("AT+CIPSENDLCFG=100,200") == OK
    assert dut.ask("AT+CIPSENDLCFG?") == b"+CIPSENDLCFG:100,200\r\n" + OK
    assert dut.ask("AT+CIPRECONNINTV?") == b"+CIPRECONNINTV:1\r\n" + OK
    assert dut.ask("AT+CIPRECONNINTV=0") == ERROR
    assert dut.ask("AT+CIPRECONNINTV=36000") == OK
    assert dut.ask("AT+CIPRECONNINTV?") == b"+CIPRECONNINTV:36000\r\n" + OK
    assert dut.ask("AT+CIPCONNPERSIST?") == b"+CIPCONNPERSIST:0\r\n" + OK
    assert dut.ask("AT+CIPMUX=1") == OK
    assert dut.ask("AT+CIPCONNPERSIST=2,1") == OK
    assert dut.ask("AT+CIPCONNPERSIST?") == b"+CIPCONNPERSIST:0,0,1,0,0\r\n" + OK
