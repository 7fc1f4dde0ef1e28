"""AT+CIPDOMAIN and AT+PING."""

import re
import socket
import time
from typing import Any

import pytest

from espat_host.client.board import Board
from espat_host.sim import SimBoard
from host_tests.sim_only.wifi.wifi_answers import ERROR, OK

pytestmark = pytest.mark.sim_only

World = dict[str, Any]


class TestNames:
    @pytest.mark.parametrize("more", ["", ",1", ",2", ",,500", ",,0", ",,,1", ",1,60000,0"])
    def test_found(self, joined: Board, more: str) -> None:
        answer = b'+CIPDOMAIN:"127.0.0.1"\r\n' + OK
        assert joined.ask(f'AT+CIPDOMAIN="httpbin.org"{more}') == answer

    def test_an_address_is_its_own(self, joined: Board) -> None:
        assert joined.ask('AT+CIPDOMAIN="192.0.2.7"') == b'+CIPDOMAIN:"192.0.2.7"\r\n' + OK

    def test_unknown(self, joined: Board) -> None:
        joined.ask("AT+SYSLOG=1")
        failed = b"ERR CODE:0x010a7001\r\n" + ERROR
        assert joined.ask('AT+CIPDOMAIN="nowhere.test"') == failed

    @pytest.mark.timeout(300)
    def test_in_time(self, world: World, sim: SimBoard, joined: Board) -> None:
        world["hosts"]["slow.test"] = {"address": "127.0.0.1", "delay": 8}
        sim.set_world(world)
        joined.ask("AT+SYSLOG=1")
        start = time.monotonic()
        failed = b"ERR CODE:0x010a7011\r\n" + ERROR
        assert joined.ask('AT+CIPDOMAIN="slow.test",,300') == failed
        assert time.monotonic() - start < 7, "only when the name was found"
        assert joined.ask("AT") == OK
        found = b'+CIPDOMAIN:"127.0.0.1"\r\n' + OK
        assert joined.ask('AT+CIPDOMAIN="slow.test",,60000', timeout=70) == found

    def test_without_a_network(self, dut: Board) -> None:
        dut.ask("AT+SYSLOG=1")
        for command in ('AT+CIPDOMAIN="httpbin.org"', 'AT+PING="127.0.0.1"'):
            assert dut.ask(command) == b"ERR CODE:0x010a700f\r\n" + ERROR


@pytest.fixture
def raw_sockets() -> None:
    """Echo requests need a raw socket, and that needs rights on this PC."""
    try:
        socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP).close()
    except PermissionError:
        pytest.skip("no right to open a raw socket")


@pytest.mark.usefixtures("raw_sockets")
class TestPing:
    @pytest.mark.parametrize("host", ["127.0.0.1", "httpbin.org"])
    def test_an_answer(self, joined: Board, host: str) -> None:
        answer = joined.ask(f'AT+PING="{host}"')
        found = re.fullmatch(rb"\+PING:(\d+)\r\n\r\nOK\r\n", answer)
        assert found, answer
        assert int(found[1]) < 1000

    def test_twice_in_a_row(self, joined: Board) -> None:
        for _ in range(20):
            assert joined.ask('AT+PING="127.0.0.1"').endswith(OK)

    def test_nobody(self, joined: Board) -> None:
        assert joined.ask('AT+PING="nowhere.test"') == b"+PING:TIMEOUT\r\n" + ERROR

    def test_no_way_to_it(self, joined: Board) -> None:
        assert joined.ask('AT+PING="255.255.255.255"') == b"+PING:TIMEOUT\r\n" + ERROR

    def test_no_answer_in_time(self, world: World, sim: SimBoard, joined: Board) -> None:
        """The link is lost and the board does not know it yet. ESP-AT waits for a second."""
        for _ in range(20):
            sim.set_world(world | {"access_points": []})
            start = time.monotonic()
            assert joined.ask('AT+PING="127.0.0.1"').endswith(ERROR)
            if (took := time.monotonic() - start) > 0.9:
                break
            sim.set_world(world)  # on a busy PC it knew
            joined.read_until(b"WIFI GOT IP\r\n")
        assert 0.9 < took < 5


def test_no_raw_socket_no_pretending(joined: Board) -> None:
    try:
        socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP).close()
    except PermissionError:
        joined.ask("AT+SYSLOG=1")
        assert joined.ask('AT+PING="127.0.0.1"') == b"ERR CODE:0x010a7013\r\n" + ERROR
    else:
        pytest.skip("this PC has raw sockets")


WRONG = {
    "AT+CIPDOMAIN=": 0x01070000,
    'AT+CIPDOMAIN=""': 0x01070000,
    'AT+CIPDOMAIN="a b"': 0x01070000,
    'AT+CIPDOMAIN="' + "a" * 256 + '"': 0x01030000,
    'AT+CIPDOMAIN="a",0': 0x01070001,
    'AT+CIPDOMAIN="a",4': 0x01070001,
    'AT+CIPDOMAIN="a",3': 0x010A7013,
    'AT+CIPDOMAIN="a",,60001': 0x01070002,
    'AT+CIPDOMAIN="a",,,2': 0x01070003,
    'AT+CIPDOMAIN="a",,,,1': 0x01060405,
    "AT+PING=": 0x01070000,
    'AT+PING=""': 0x01070000,
    'AT+PING="a",1': 0x01060102,
    "AT+PING": 0x010C0000,
}


@pytest.mark.parametrize("line", WRONG)
def test_wrong_parameters(asked_dut: Board, line: str) -> None:
    asked_dut.ask("AT+SYSLOG=1")
    assert asked_dut.ask(line) == b"ERR CODE:0x%08x\r\n" % WRONG[line] + ERROR
