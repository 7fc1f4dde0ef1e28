"""AT+CIPSTA, AT+CWDHCP, AT+CIPSTAMAC, AT+CIPDNS and AT+CIPV6. What is saved is in
test_saved_settings.py.
"""

import time
from typing import Any

import pytest

from espat_host.client.board import Board
from espat_host.local_world.servers import Servers
from espat_host.sim import SimBoard
from host_tests.sim_only.wifi.wifi_answers import CONNECTED, DISCONNECT, ERROR, JOIN, OK

pytestmark = pytest.mark.sim_only

World = dict[str, Any]


def shown(address: str, gateway: str, mask: str) -> bytes:
    lines = (("ip", address), ("gateway", gateway), ("netmask", mask))
    return b"".join(b'+CIPSTA:%s:"%s"\r\n' % (n.encode(), v.encode()) for n, v in lines) + OK


STATIC = shown("192.168.4.77", "192.168.4.1", "255.255.255.0")
NO_ADDRESS = shown("0.0.0.0", "0.0.0.0", "0.0.0.0")
SET_STATIC = 'AT+CIPSTA="192.168.4.77","192.168.4.1","255.255.255.0"'


class TestAddress:
    def test_without_a_link(self, dut: Board) -> None:
        assert dut.ask("AT+CIPSTA?") == NO_ADDRESS
        dut.ask("AT+CWMODE=2")
        assert dut.ask("AT+CIPSTA?") == NO_ADDRESS

    def test_static_before_the_join(self, world: World, sim: SimBoard, dut: Board) -> None:
        for point in world["access_points"]:
            point["dhcp"] = False
        sim.set_world(world)
        assert dut.ask(SET_STATIC) == OK
        assert dut.ask("AT+CWDHCP?") == b"+CWDHCP:2" + OK
        assert dut.ask(JOIN) == CONNECTED + OK
        assert dut.ask("AT+CIPSTA?") == STATIC
        assert b'+CIFSR:STAIP,"192.168.4.77"\r\n' in dut.ask("AT+CIFSR")

    def test_static_comes_back_at_boot(self, dut: Board) -> None:
        assert dut.ask(SET_STATIC) == OK
        assert dut.ask(JOIN) == CONNECTED + OK
        assert dut.ask("AT+RST") == OK
        dut.expect(b"\r\nready\r\n" + CONNECTED)
        dut.synchronise()
        assert dut.ask("AT+CIPSTA?") == STATIC

    def test_static_and_back_while_joined(self, joined: Board, servers: Servers) -> None:
        before = joined.ask("AT+CIPSTA?")
        assert joined.ask(SET_STATIC) == OK
        assert joined.ask("AT+CIPSTA?") == STATIC
        assert joined.ask(f'AT+HTTPGETSIZE="{servers.http}/bytes/10"').endswith(OK)
        assert joined.ask("AT+CWDHCP=1,1") == OK
        assert joined.ask("AT+CWDHCP?") == b"+CWDHCP:3" + OK
        deadline = time.monotonic() + 20
        while joined.ask("AT+CIPSTA?") != before:
            assert time.monotonic() < deadline, "no lease, or another one"
            time.sleep(0.1)
        joined.ask("AT+CWAUTOCONN=0")  # or what it reports could come at any moment
        joined.restart()
        assert joined.ask("AT+CWDHCP?") == b"+CWDHCP:3" + OK

    def test_the_last_one_wins(self, dut: Board) -> None:
        for command in ("AT+CWDHCP=1,1", SET_STATIC, "AT+CWDHCP=1,1", SET_STATIC):
            assert dut.ask(command) == OK
        dut.restart()
        assert dut.ask("AT+CIPSTA?") == STATIC
        assert dut.ask("AT+CWDHCP=0,1") == OK  # it is off already, and the address stays
        dut.restart()
        assert dut.ask("AT+CIPSTA?") == STATIC
        assert dut.ask("AT+CWDHCP=1,3") == OK
        dut.restart()
        assert dut.ask("AT+CIPSTA?") == NO_ADDRESS

    def test_without_dhcp_and_without_an_address(self, dut: Board) -> None:
        assert dut.ask("AT+CWDHCP=0,1") == OK
        assert dut.ask(JOIN + ",,,,,,3", timeout=20).endswith(b"+CWJAP:1\r\n" + ERROR)
        assert dut.ask("AT+CWDHCP=1,1") == OK
        assert dut.ask(JOIN).endswith(CONNECTED + OK)

    def test_without_dhcp_a_lease_stays(self, joined: Board) -> None:
        before = joined.ask("AT+CIPSTA?")
        assert joined.ask("AT+CWDHCP=0,1") == OK
        assert joined.ask("AT+CIPSTA?") == before
        joined.expect_silence(0.2)

    @pytest.mark.parametrize(
        ("parameters", "address"),
        [
            ('"10.1.2.3"', ("10.1.2.3", "10.1.2.1", "255.255.255.0")),
            ('"10.1.2.3",,"255.255.0.0"', ("10.1.2.3", "10.1.2.1", "255.255.0.0")),
            ('"10.1.2.3","10.1.2.254"', ("10.1.2.3", "10.1.2.254", "255.255.255.0")),
            ('"10.1.2.3",,', ("10.1.2.3", "10.1.2.1", "255.255.255.0")),
        ],
    )
    def test_defaults(self, dut: Board, parameters: str, address: tuple[str, str, str]) -> None:
        assert dut.ask(f"AT+CIPSTA={parameters}") == OK
        assert dut.ask("AT+CIPSTA?") == shown(*address)

    def test_what_was_set_before_does_not_stay(self, joined: Board) -> None:
        """ESP-AT's objects: a.b.c.1 and 255.255.255.0 in any case (docs/wire.md 4.11)."""
        joined.ask('AT+CIPSTA="192.168.4.77","192.168.4.254","255.255.0.0"')
        assert joined.ask('AT+CIPSTA="192.168.4.78"') == OK
        wanted = shown("192.168.4.78", "192.168.4.1", "255.255.255.0")
        assert joined.ask("AT+CIPSTA?") == wanted


class TestMac:
    def test_it_joins_again_with_it(self, joined: Board) -> None:
        assert joined.ask('AT+CIPSTAMAC="02:AA:bb:00:00:01"') == DISCONNECT + OK
        joined.expect(CONNECTED)
        assert joined.ask("AT+CIPSTAMAC?") == b'+CIPSTAMAC:"02:aa:bb:00:00:01"\r\n' + OK
        assert b'+CIFSR:STAMAC,"02:aa:bb:00:00:01"\r\n' in joined.ask("AT+CIFSR")

    def test_it_stays_away_if_it_was_away(self, joined: Board) -> None:
        assert joined.ask("AT+CWQAP") == DISCONNECT + OK
        assert joined.ask('AT+CIPSTAMAC="02:aa:bb:00:00:01"') == OK
        joined.expect_silence(0.3)

    def test_it_holds_when_the_station_was_off(self, dut: Board) -> None:
        dut.ask('AT+CIPSTAMAC="02:aa:bb:00:00:01"')
        dut.ask("AT+CWMODE=2")
        dut.restart()
        dut.ask("AT+CWMODE=1")
        assert dut.ask("AT+CIPSTAMAC?") == b'+CIPSTAMAC:"02:aa:bb:00:00:01"\r\n' + OK

    def test_it_needs_the_station(self, dut: Board) -> None:
        dut.ask("AT+CWMODE=0")
        dut.ask("AT+SYSLOG=1")
        command = 'AT+CIPSTAMAC="02:aa:bb:00:00:01"'
        assert dut.ask(command) == b"ERR CODE:0x010a0000\r\n" + ERROR


class TestNameServer:
    def test_from_dhcp(self, joined: Board) -> None:
        assert joined.ask("AT+CIPDNS?") == b'+CIPDNS:0,"192.168.4.1"\r\n' + OK

    def test_by_hand_and_back(self, dut: Board) -> None:
        assert dut.ask("AT+CIPDNS=1") == OK
        assert dut.ask("AT+CIPDNS?") == b'+CIPDNS:1,"208.67.222.222"\r\n' + OK
        assert dut.ask('AT+CIPDNS=1,,"1.1.1.1"') == OK
        assert dut.ask("AT+CIPDNS?") == b'+CIPDNS:1,"1.1.1.1"\r\n' + OK
        assert dut.ask("AT+CIPDNS=0") == OK
        assert dut.ask("AT+CIPDNS?") == b'+CIPDNS:0,"208.67.222.222"\r\n' + OK
        dut.join("espressif", "1234567890")
        assert dut.ask("AT+CIPDNS?") == b'+CIPDNS:0,"192.168.4.1"\r\n' + OK

    @pytest.mark.parametrize("given", [("1.1.1.1", "8.8.8.8"), ("1.1.1.1", "8.8.8.8", "9.9.9.9")])
    def test_several(self, dut: Board, given: tuple[str, ...]) -> None:
        """The manual's own example has two, and three host programs always send two."""
        line = ",".join(f'"{server}"' for server in given)
        assert dut.ask(f"AT+CIPDNS=1,{line}") == OK
        shown = b"+CIPDNS:1,%s\r\n" % line.encode() + OK
        assert dut.ask("AT+CIPDNS?") == shown
        dut.restart()
        assert dut.ask("AT+CIPDNS?") == shown

    def test_the_next_one_when_the_first_is_silent(
        self, world: World, sim: SimBoard, joined: Board
    ) -> None:
        sim.set_world(world | {"silent_name_servers": ["1.1.1.1", "8.8.8.8"]})
        assert joined.ask('AT+CIPDNS=1,"1.1.1.1","8.8.8.8","9.9.9.9"') == OK
        found = b'+CIPDOMAIN:"127.0.0.1"\r\n' + OK
        for _ in range(2):
            assert joined.ask('AT+CIPDOMAIN="httpbin.org"') == found
        assert joined.ask('AT+CIPDNS=1,"1.1.1.1","8.8.8.8"') == OK
        joined.ask("AT+SYSLOG=1")
        failed = b"ERR CODE:0x010a7001\r\n" + ERROR
        assert joined.ask('AT+CIPDOMAIN="httpbin.org"') == failed

    def test_dhcp_does_not_win_over_it(self, dut: Board) -> None:
        """A lease brings its own server; before a lookup ours is set again."""
        assert dut.ask('AT+CIPDNS=1,"9.9.9.9"') == OK
        dut.join("espressif", "1234567890")
        dut.ask('AT+CIPDOMAIN="httpbin.org"')
        assert dut.ask("AT+CIPDNS?") == b'+CIPDNS:1,"9.9.9.9"\r\n' + OK


def test_ipv6_is_off(dut: Board) -> None:
    assert dut.ask("AT+CIPV6?") == b"+CIPV6:0\r\n" + OK
    assert dut.ask("AT+CIPV6=0") == OK


WRONG = {
    "AT+CIPSTA=": 0x01070000,
    "AT+CIPSTA=1": 0x01050000,
    'AT+CIPSTA="1.2.3"': 0x01070000,
    'AT+CIPSTA="1.2.3.256"': 0x01070000,
    'AT+CIPSTA="0.0.0.0"': 0x01070000,
    'AT+CIPSTA="255.255.255.255"': 0x01070000,
    'AT+CIPSTA="010.1.2.3"': 0x01070000,
    'AT+CIPSTA="1.2.3.4","255.255.255.255"': 0x01070001,
    'AT+CIPSTA="' + "1" * 40 + '"': 0x01040000,
    'AT+CIPSTA="1.2.3.4","x"': 0x01070001,
    'AT+CIPSTA="1.2.3.4","1.2.3.1","255.0.255.0"': 0x01070002,
    'AT+CIPSTA="1.2.3.4","1.2.3.1","255.255.255.255"': 0x01070002,
    'AT+CIPSTA="1.2.3.4","1.2.3.1","255.0.0.0",1': 0x01060304,
    "AT+CWDHCP=1": 0x01060201,
    "AT+CWDHCP=2,1": 0x01070000,
    "AT+CWDHCP=1,0": 0x01070001,
    "AT+CWDHCP=1,4": 0x01070001,
    "AT+CWDHCP=0,2": 0x010A7013,
    "AT+CWDHCP=0,3": 0x010A7013,
    "AT+CIPSTAMAC=": 0x01070000,
    'AT+CIPSTAMAC="nonsense"': 0x01070000,
    'AT+CIPSTAMAC="01:00:00:00:00:01"': 0x01070000,
    'AT+CIPSTAMAC="00:00:00:00:00:00"': 0x01070000,
    'AT+CIPSTAMAC="ff:ff:ff:ff:ff:ff"': 0x01070000,
    'AT+CIPSTAMAC="02:00:00:00:00:01",1': 0x01060102,
    "AT+CIPDNS=": 0x01070000,
    "AT+CIPDNS=2": 0x01070000,
    'AT+CIPDNS=1,"x"': 0x01070001,
    'AT+CIPDNS=1,"1.1.1.1","x"': 0x01070002,
    'AT+CIPDNS=1,"1.1.1.1","1.1.1.1","1.1.1.1"': 0x01070003,
    'AT+CIPDNS=1,"255.255.255.255"': 0x01070001,
    'AT+CIPDNS=1,"1.1.1.1","8.8.8.8","9.9.9.9","1.0.0.1"': 0x01060405,
    "AT+CIPV6=1": 0x010A7013,
    "AT+CIPV6=2": 0x01070000,
}


@pytest.mark.parametrize("line", WRONG)
def test_wrong_parameters(asked_dut: Board, line: str) -> None:
    asked_dut.ask("AT+SYSLOG=1")
    assert asked_dut.ask(line) == b"ERR CODE:0x%08x\r\n" % WRONG[line] + ERROR
