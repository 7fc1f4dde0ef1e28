"""The access point's settings: forms, ranges and codes."""

from typing import Any

import pytest

from espat_host.client.board import Board
from espat_host.sim import SimBoard
from host_tests.sim_only.wifi.access_point_answers import OK, address

pytestmark = pytest.mark.sim_only

ERROR = b"\r\nERROR\r\n"
World = dict[str, Any]


def test_the_defaults(access_point: Board) -> None:
    mac = access_point.ask("AT+CIPAPMAC?")[11:28].decode()
    name = ("ESP_" + mac[9:].replace(":", "").upper()).encode()
    assert access_point.ask("AT+CWSAP?") == b'+CWSAP:"%s","",1,0,4,0\r\n' % name + OK
    assert access_point.ask("AT+CIPAP?") == address(b"192.168.4.1", b"192.168.4.1")
    assert access_point.ask("AT+CWAPPROTO?") == b"+CWAPPROTO:7" + OK
    assert access_point.ask("AT+CWDHCPS?") == b"+CWDHCPS:120,192.168.4.2,192.168.4.101" + OK
    assert access_point.ask("AT+CWLIF") == OK


def test_cifsr_names_the_access_point_first(access_point: Board) -> None:
    access_point.ask('AT+CIPAP="192.168.5.1"')
    access_point.ask('AT+CIPAPMAC="02:11:22:33:44:66"')
    lines = access_point.request("AT+CIFSR").lines
    assert lines[:2] == [
        b'+CIFSR:APIP,"192.168.5.1"',
        b'+CIFSR:APMAC,"02:11:22:33:44:66"',
    ]
    assert [line.split(b",")[0] for line in lines[2:]] == [b"+CIFSR:STAIP", b"+CIFSR:STAMAC"]


def test_what_is_left_out_stays(access_point: Board) -> None:
    assert access_point.ask('AT+CWSAP="one","",1,0,7') == OK
    assert access_point.ask('AT+CWSAP="two","",1,0,,1') == OK
    assert access_point.ask("AT+CWSAP?") == b'+CWSAP:"two","",1,0,7,1\r\n' + OK
    assert access_point.ask('AT+CWSAP="three","",1,0') == OK
    assert access_point.ask("AT+CWSAP?") == b'+CWSAP:"three","",1,0,7,0\r\n' + OK
    assert access_point.ask('AT+CIPAP="10.0.0.1",,"255.255.0.0"') == OK
    assert access_point.ask('AT+CIPAP="10.0.5.1"') == OK
    assert access_point.ask("AT+CIPAP?") == address(b"10.0.5.1", b"10.0.5.1", b"255.255.0.0")


def test_the_channel_is_the_one_of_the_station(world: World, sim: SimBoard, joined: Board) -> None:
    for point in world["access_points"]:
        point["channel"] = 11
    sim.set_world(world)
    assert joined.ask("AT+CWMODE=3") == OK
    assert joined.ask('AT+CWSAP="ESP","",5,0') == OK
    assert joined.ask("AT+CWSAP?") == b'+CWSAP:"ESP","",11,0,4,0\r\n' + OK
    assert joined.ask("AT+CWQAP") == b"WIFI DISCONNECT\r\n" + OK
    assert joined.ask("AT+CWSAP?") == b'+CWSAP:"ESP","",5,0,4,0\r\n' + OK


def test_the_server_s_addresses_follow_the_access_point_s(access_point: Board) -> None:
    """As ESP-IDF chooses them; nothing else can be set, and what is in force may be."""
    for own, mask, first, last in (
        ("192.168.4.200", "255.255.255.0", "192.168.4.2", "192.168.4.101"),
        ("192.168.4.50", "255.255.255.0", "192.168.4.51", "192.168.4.150"),
        ("10.0.0.254", "255.255.255.0", "10.0.0.1", "10.0.0.100"),
        ("10.0.0.1", "255.255.255.252", "10.0.0.2", "10.0.0.2"),
    ):
        assert access_point.ask(f'AT+CIPAP="{own}",,"{mask}"') == OK
        shown = f"+CWDHCPS:120,{first},{last}".encode()
        assert access_point.ask("AT+CWDHCPS?") == shown + OK
        assert access_point.ask(f'AT+CWDHCPS=1,120,"{first}","{last}"') == OK
        assert access_point.ask("AT+CWDHCPS=0") == OK


WITHOUT = (
    "AT+CWSAP?",
    'AT+CWSAP="ESP","",1,0',
    "AT+CWLIF",
    "AT+CWQIF",
    'AT+CWQIF="aa:bb:cc:00:00:01"',
    "AT+CWDHCPS?",
    "AT+CWDHCPS=0",
    'AT+CWDHCPS=1,120,"192.168.4.2","192.168.4.101"',
    'AT+CIPAPMAC="02:11:22:33:44:66"',
    "AT+CWAPPROTO?",
    "AT+CWAPPROTO=7",
)


@pytest.mark.parametrize("mode", [0, 1])
def test_without_an_access_point(dut: Board, mode: int) -> None:
    dut.ask("AT+SYSLOG=1")
    assert dut.ask(f"AT+CWMODE={mode}") == OK
    for line in WITHOUT:
        assert dut.ask(line) == b"ERR CODE:0x010a0000\r\n" + ERROR, line
    assert dut.ask('AT+CIPAP="192.168.5.1"') == OK
    assert dut.ask("AT+CIPAP?") == address(b"192.168.5.1", b"192.168.5.1")
    assert dut.ask("AT+CIPAPMAC?").endswith(b'"\r\n' + OK)
    assert dut.ask("AT+CWMODE=2") == OK
    assert dut.ask("AT+CWDHCPS?") == b"+CWDHCPS:120,192.168.5.2,192.168.5.101" + OK


WRONG = {
    'AT+CWSAP="E","",1': 0x01060403,
    'AT+CWSAP="E","",1,0,1,0,0': 0x01060607,
    'AT+CWSAP=1,"",1,0': 0x01050000,
    'AT+CWSAP="","",1,0': 0x01070000,
    'AT+CWSAP="' + "s" * 33 + '","",1,0': 0x01040000,
    'AT+CWSAP="E",,1,0': 0x01070001,
    'AT+CWSAP="E","",1,3': 0x01040001,
    'AT+CWSAP="E","1234567",1,2': 0x01040001,
    'AT+CWSAP="E","1234567",1,0': 0x01040001,
    'AT+CWSAP="E","' + "p" * 64 + '",1,3': 0x010A7013,
    'AT+CWSAP="E","' + "p" * 65 + '",1,3': 0x01040001,
    'AT+CWSAP="E","",0,0': 0x01070002,
    'AT+CWSAP="E","",15,0': 0x01070002,
    'AT+CWSAP="E","",,0': 0x01070002,
    'AT+CWSAP="E","12345",1,1': 0x01070003,
    'AT+CWSAP="E","12345678",1,5': 0x01070003,
    'AT+CWSAP="E","",1,0,0': 0x01070004,
    'AT+CWSAP="E","",1,0,11': 0x01070004,
    'AT+CWSAP="E","",1,0,,2': 0x01070005,
    "AT+CWSAP": 0x010C0000,
    "AT+CWLIF?": 0x010C0000,
    'AT+CWQIF="aa:bb:cc"': 0x01070000,
    "AT+CWQIF=1": 0x01050000,
    'AT+CWQIF="aa:bb:cc:00:00:01",1': 0x01060102,
    'AT+CWQIF="aa:bb:cc:00:00:01"': 0x010A0000,
    "AT+CWDHCPS=2": 0x01070000,
    "AT+CWDHCPS=0,1": 0x01060102,
    "AT+CWDHCPS=1": 0x01060401,
    'AT+CWDHCPS=1,0,"192.168.4.2","192.168.4.9"': 0x01070001,
    'AT+CWDHCPS=1,2881,"192.168.4.2","192.168.4.9"': 0x01070001,
    'AT+CWDHCPS=1,120,"192.168.4","192.168.4.9"': 0x01070002,
    'AT+CWDHCPS=1,120,"192.168.5.2","192.168.4.9"': 0x01070002,
    'AT+CWDHCPS=1,120,"192.168.4.2","192.168.5.9"': 0x01070003,
    'AT+CWDHCPS=1,120,"192.168.4.9","192.168.4.2"': 0x01070003,
    'AT+CWDHCPS=1,120,"192.168.4.1","192.168.4.9"': 0x01070003,
    'AT+CWDHCPS=1,120,"192.168.4.2","192.168.4.102"': 0x01070003,
    'AT+CWDHCPS=1,120,"192.168.4.2","192.168.4.9"': 0x010A7013,
    'AT+CWDHCPS=1,60,"192.168.4.2","192.168.4.101"': 0x010A7013,
    "AT+CWDHCP=0,2": 0x010A7013,
    'AT+CIPAP="192.168.5.1","192.168.5.1","255.255.255.0",1': 0x01060304,
    'AT+CIPAP="192.168.5"': 0x01070000,
    'AT+CIPAP="0.0.0.0"': 0x01070000,
    'AT+CIPAP="192.168.5.0"': 0x01070000,
    'AT+CIPAP="192.168.5.255"': 0x01070000,
    'AT+CIPAP="192.168.5.1",,"255.255.255.254"': 0x01070000,
    'AT+CIPAP="192.168.5.1","192.168.5"': 0x01070001,
    'AT+CIPAP="192.168.5.1",,"255.0.255.0"': 0x01070002,
    "AT+CIPAP=1": 0x01050000,
    'AT+CIPAPMAC="03:11:22:33:44:55"': 0x01070000,
    'AT+CIPAPMAC="00:00:00:00:00:00"': 0x01070000,
    'AT+CIPAPMAC="ff:ff:ff:ff:ff:ff"': 0x01070000,
    'AT+CIPAPMAC="02:11:22:33:44"': 0x01070000,
    'AT+CIPAPMAC="02:11:22:33:44:66",1': 0x01060102,
    "AT+CWAPPROTO=0": 0x01070000,
    "AT+CWAPPROTO=32": 0x01070000,
    "AT+CWAPPROTO=2": 0x010A0000,
    "AT+CWAPPROTO=7,1": 0x01060102,
}


@pytest.mark.parametrize("line", WRONG)
def test_wrong_parameters(asked_access_point: Board, line: str) -> None:
    asked_access_point.ask("AT+SYSLOG=1")
    assert asked_access_point.ask(line) == b"ERR CODE:0x%08x\r\n" % WRONG[line] + ERROR


def test_not_the_station_s_mac(access_point: Board) -> None:
    mac = access_point.ask("AT+CIPSTAMAC?")[11:30].decode()
    access_point.ask("AT+SYSLOG=1")
    assert access_point.ask(f"AT+CIPAPMAC={mac}") == b"ERR CODE:0x01070000\r\n" + ERROR
