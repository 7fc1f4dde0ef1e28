"""Addresses, names and echoes: AT+CIPSTA, AT+CWDHCP, AT+CIPSTAMAC, AT+CIPDNS, AT+CIPDOMAIN and
AT+PING. What is saved is in test_station_settings.py.
"""

import random
import re
import socket
import struct
import time
from typing import Any

import pytest

from espat.edges import icmp
from espat.pure import ipv4
from espat_host.board import Board
from espat_host.servers import Servers
from espat_host.sim import SimBoard
from test_station_settings import (
    CONNECTED,
    DISCONNECT,
    ERROR,
    JOIN,
    NO_ADDRESS,
    OK,
    SET_STATIC,
    STATIC,
)

pytestmark = pytest.mark.sim_only

World = dict[str, Any]


def shown(address: str, gateway: str, mask: str) -> bytes:
    lines = (("ip", address), ("gateway", gateway), ("netmask", mask))
    return b"".join(b'+CIPSTA:%s:"%s"\r\n' % (n.encode(), v.encode()) for n, v in lines) + OK


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
        time.sleep(0.3)
        assert joined.ask("AT+CIPSTA?") == before
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
        assert dut.ask(JOIN + ",,,,,,3", timeout=8).endswith(b"+CWJAP:1\r\n" + ERROR)
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

    def test_a_gateway_in_the_same_network_stays(self, joined: Board) -> None:
        joined.ask('AT+CIPSTA="192.168.4.77","192.168.4.254"')
        assert joined.ask('AT+CIPSTA="192.168.4.78"') == OK
        wanted = shown("192.168.4.78", "192.168.4.254", "255.255.255.0")
        assert joined.ask("AT+CIPSTA?") == wanted


class TestMac:
    def test_it_joins_again_with_it(self, joined: Board) -> None:
        assert joined.ask('AT+CIPSTAMAC="02:AA:bb:00:00:01"') == DISCONNECT + OK
        joined.expect(CONNECTED)
        assert joined.ask("AT+CIPSTAMAC?") == b'+CIPSTAMAC:"02:aa:bb:00:00:01"\r\n' + OK
        assert b'+CIFSR:STAMAC,"02:aa:bb:00:00:01"\r\n' in joined.ask("AT+CIFSR")

    def test_it_stays_away_if_it_was_away(self, joined: Board) -> None:
        assert joined.ask("AT+CWQAP") == OK
        joined.expect(DISCONNECT)
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
        assert joined.ask("AT+CIPDNS?") == b'+CIPDNS:0,"192.168.4.1"' + OK

    def test_by_hand_and_back(self, dut: Board) -> None:
        assert dut.ask("AT+CIPDNS=1") == OK
        assert dut.ask("AT+CIPDNS?") == b'+CIPDNS:1,"208.67.222.222"' + OK
        assert dut.ask('AT+CIPDNS=1,,"1.1.1.1"') == OK
        assert dut.ask("AT+CIPDNS?") == b'+CIPDNS:1,"1.1.1.1"' + OK
        assert dut.ask("AT+CIPDNS=0") == OK
        assert dut.ask("AT+CIPDNS?") == b'+CIPDNS:0,"208.67.222.222"' + OK
        dut.join("espressif", "1234567890")
        assert dut.ask("AT+CIPDNS?") == b'+CIPDNS:0,"192.168.4.1"' + OK

    def test_dhcp_does_not_win_over_it(self, dut: Board) -> None:
        """A lease brings its own server; before a lookup ours is set again."""
        assert dut.ask('AT+CIPDNS=1,"9.9.9.9"') == OK
        dut.join("espressif", "1234567890")
        dut.ask('AT+CIPDOMAIN="httpbin.org"')
        assert dut.ask("AT+CIPDNS?") == b'+CIPDNS:1,"9.9.9.9"' + OK


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

    def test_in_time(self, world: World, sim: SimBoard, joined: Board) -> None:
        world["hosts"]["slow.test"] = {"address": "127.0.0.1", "delay": 3}
        sim.set_world(world)
        joined.ask("AT+SYSLOG=1")
        start = time.monotonic()
        failed = b"ERR CODE:0x010a7011\r\n" + ERROR
        assert joined.ask('AT+CIPDOMAIN="slow.test",,300') == failed
        assert time.monotonic() - start < 2.5
        assert joined.ask("AT") == OK
        found = b'+CIPDOMAIN:"127.0.0.1"\r\n' + OK
        assert joined.ask('AT+CIPDOMAIN="slow.test",,15000') == found

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
        """The link is lost and the board does not know it yet."""
        sim.set_world(world | {"access_points": []})
        start = time.monotonic()
        assert joined.ask('AT+PING="127.0.0.1"').endswith(ERROR)
        assert time.monotonic() - start < 4


class TestEcho:
    """What counts as an answer, without any network."""

    WANTED = b"\x12\x34\0\1" + bytes(range(32))

    def packet(self, kind: int = 0, body: bytes = WANTED, options: bytes = b"") -> bytes:
        message = struct.pack(">BBH", kind, 0, 0) + body
        message = struct.pack(">BBH", kind, 0, icmp.checksum(message)) + body
        return bytes((0x45 + len(options) // 4,)) + bytes(19) + options + message

    def test_a_reply(self) -> None:
        assert icmp._answers(self.packet(), self.WANTED)
        assert icmp._answers(self.packet(options=bytes(8)), self.WANTED)

    def test_others(self) -> None:
        """Our own question, another's answer, half of it, and more than it."""
        others = [self.packet(8), self.packet(body=b"\x12\x35" + self.WANTED[2:])]
        others += [self.packet()[:end] for end in range(len(self.packet()))]
        others += [self.packet(body=self.WANTED + b"x"), b"\x4f" + bytes(70)]
        for other in others:
            assert not icmp._answers(other, self.WANTED), other

    def test_a_damaged_one(self) -> None:
        whole = self.packet()
        for i in range(20, len(whole)):
            assert not icmp._answers(
                whole[:i] + bytes((whole[i] ^ 1,)) + whole[i + 1 :], self.WANTED
            )

    def test_the_checksum_of_rfc_1071(self) -> None:
        """Its example in section 3, and an odd length."""
        assert icmp.checksum(bytes.fromhex("0001f203f4f5f6f7")) == 0xFFFF ^ 0xDDF2
        assert icmp.checksum(b"\1") == 0xFEFF


def test_no_raw_socket_no_pretending(joined: Board) -> None:
    try:
        socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP).close()
    except PermissionError:
        joined.ask("AT+SYSLOG=1")
        assert joined.ask('AT+PING="127.0.0.1"') == b"ERR CODE:0x010a7013\r\n" + ERROR
    else:
        pytest.skip("this PC has raw sockets")


def test_ipv6_is_off(dut: Board) -> None:
    assert dut.ask("AT+CIPV6?") == b"+CIPV6:0\r\n" + OK
    assert dut.ask("AT+CIPV6=0") == OK


WRONG = {
    "AT+CIPSTA=": 0x01070000,
    "AT+CIPSTA=1": 0x01050000,
    'AT+CIPSTA="1.2.3"': 0x01070000,
    'AT+CIPSTA="1.2.3.256"': 0x01070000,
    'AT+CIPSTA="0.0.0.0"': 0x01070000,
    'AT+CIPSTA="010.1.2.3"': 0x01070000,
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
    'AT+CIPDNS=1,"1.1.1.1","8.8.8.8"': 0x010A7013,
    'AT+CIPDNS=1,"1.1.1.1","8.8.8.8","9.9.9.9","1.0.0.1"': 0x01060405,
    "AT+CIPV6=1": 0x010A7013,
    "AT+CIPV6=2": 0x01070000,
    "AT+CIPDOMAIN=": 0x01070000,
    'AT+CIPDOMAIN=""': 0x01070000,
    'AT+CIPDOMAIN="a b"': 0x01070000,
    'AT+CIPDOMAIN="' + "a" * 256 + '"': 0x01040000,
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
def test_wrong_parameters(dut: Board, line: str) -> None:
    dut.ask("AT+SYSLOG=1")
    assert dut.ask(line) == b"ERR CODE:0x%08x\r\n" % WRONG[line] + ERROR


def test_masks() -> None:
    for bits in range(33):
        text = socket.inet_ntoa(struct.pack(">I", 0xFFFFFFFF << (32 - bits) & 0xFFFFFFFF))
        assert ipv4.is_mask(text.encode()) == (0 < bits < 32)


def test_addresses_as_the_pc_reads_them() -> None:
    numbers = random.Random(1)
    for _ in range(1000):
        value = numbers.getrandbits(32)
        text = socket.inet_ntoa(struct.pack(">I", value)).encode()
        assert ipv4.is_address(text)
        assert ipv4.number(text) == value
    for bad in (b"", b"1", b"1.2.3", b"1.2.3.4.5", b"1..3.4", b"1.2.3.x", b"1.2.3.-4", b"1.2.3.4 "):
        assert not ipv4.is_address(bad)
