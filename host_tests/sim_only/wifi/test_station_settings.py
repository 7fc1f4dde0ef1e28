"""The station's settings beside AT+CWJAP: forms, ranges and what they do. What is saved is in
test_saved_settings.py.
"""

import time
from typing import Any

import pytest

from espat_host.client.board import Board
from espat_host.sim import SimBoard
from host_tests.sim_only.wifi.wifi_answers import CONNECTED, DISCONNECT, ERROR, JOIN, OK

pytestmark = [pytest.mark.sim_only, pytest.mark.timeout(300)]

World = dict[str, Any]


def test_autoconnect(joined: Board) -> None:
    assert joined.ask("AT+CWAUTOCONN?") == b"+CWAUTOCONN:1" + OK
    assert joined.ask("AT+CWAUTOCONN=0") == OK
    joined.restart()
    joined.expect_silence(0.5)
    assert joined.ask("AT+CWSTATE?") == b'+CWSTATE:0,""\r\n' + OK
    assert joined.ask("AT+CWAUTOCONN=1") == OK
    assert joined.ask("AT+RST") == OK
    joined.expect(b"\r\nready\r\n" + CONNECTED)


class TestReconnecting:
    def test_defaults_and_the_variable_shared_with_cwjap(self, dut: Board) -> None:
        assert dut.ask("AT+CWRECONNCFG?") == b"+CWRECONNCFG:0,0\r\n" + OK
        assert dut.ask("AT+CWRECONNCFG=30,5") == OK
        assert dut.ask(JOIN) == CONNECTED + OK
        assert dut.ask("AT+CWRECONNCFG?") == b"+CWRECONNCFG:1,5\r\n" + OK
        assert dut.ask("AT+CWRECONNCFG=7200,0") == OK
        assert dut.ask("AT+CWJAP?").endswith(b",0,7200,3,0,1\r\n" + OK)
        dut.ask("AT+RST")
        dut.expect(b"\r\nready\r\n" + CONNECTED)
        dut.synchronise()
        assert dut.ask("AT+CWJAP?").endswith(b",0,7200,3,0,1\r\n" + OK)
        assert dut.ask("AT+CWJAP") == DISCONNECT + CONNECTED + OK
        assert dut.ask("AT+CWRECONNCFG?") == b"+CWRECONNCFG:7200,0\r\n" + OK

    def test_the_count_ends_it(self, world: World, sim: SimBoard, joined: Board) -> None:
        assert joined.ask("AT+CWRECONNCFG=1,2") == OK
        sim.set_world(world | {"access_points": []})
        joined.expect(DISCONNECT)
        assert joined.ask("AT+CWSTATE?") == b'+CWSTATE:3,"espressif"\r\n' + OK
        given_up = b'+CWSTATE:4,"espressif"\r\n' + OK
        deadline = time.monotonic() + 30  # a second "no such AP" counts after 5 s only
        while joined.ask("AT+CWSTATE?") != given_up:
            assert time.monotonic() < deadline, "it still tries"
            time.sleep(0.2)
        sim.set_world(world)
        joined.expect_silence(1.5)
        assert joined.ask("AT+CWRECONNCFG=1,2,1") == OK
        joined.expect(CONNECTED)

    def test_the_count_begins_anew_after_success(
        self, world: World, sim: SimBoard, joined: Board
    ) -> None:
        assert joined.ask("AT+CWRECONNCFG=1,2") == OK
        for _ in range(3):
            sim.set_world(world | {"access_points": []})
            joined.expect(DISCONNECT)
            sim.set_world(world)
            joined.expect(CONNECTED, 20)

    def test_switching_it_off_stops_what_waits(
        self, world: World, sim: SimBoard, joined: Board
    ) -> None:
        assert joined.ask("AT+CWRECONNCFG=2,0") == OK
        sim.set_world(world | {"access_points": []})
        joined.expect(DISCONNECT)
        assert joined.ask("AT+CWRECONNCFG=0,0") == OK
        sim.set_world(world)
        joined.expect_silence(2.5)

    def test_now_acts_only_without_an_address(self, joined: Board) -> None:
        assert joined.ask("AT+CWRECONNCFG=1,0,1") == OK
        joined.expect_silence(0.3)

    def test_now_without_any_network(self, dut: Board) -> None:
        assert dut.ask("AT+CWRECONNCFG=1,0,1") == OK
        assert dut.ask("AT+CWSTATE?") == b'+CWSTATE:0,""\r\n' + OK


def test_hostname(dut: Board) -> None:
    assert dut.ask("AT+CWHOSTNAME?") == b"+CWHOSTNAME:espressif\r\n" + OK
    assert dut.ask('AT+CWHOSTNAME="' + "n" * 32 + '"') == OK
    assert dut.ask("AT+CWHOSTNAME?") == b"+CWHOSTNAME:" + b"n" * 32 + b"\r\n" + OK
    dut.restart()
    assert dut.ask("AT+CWHOSTNAME?") == b"+CWHOSTNAME:espressif\r\n" + OK
    dut.ask("AT+CWMODE=2")
    assert dut.ask('AT+CWHOSTNAME="name"') == ERROR


@pytest.mark.parametrize("command", ["AT+CWSTAPROTO=1", "AT+CWMODE=3"])
def test_settings_while_it_joins(world: World, sim: SimBoard, joined: Board, command: str) -> None:
    """The driver refuses settings then; the attempt is begun anew."""
    for point in world["access_points"]:
        point["delay"] = 4
    sim.set_world(world)
    joined.ask("AT+RST")
    joined.expect(b"\r\nready\r\n")
    joined.ask("ATE0")
    assert joined.ask(command) == OK
    joined.expect(CONNECTED, 20)
    name, value = command[2:].encode().split(b"=")
    assert joined.ask(command.partition("=")[0] + "?").startswith(name + b":" + value)


def test_what_is_as_it_is(dut: Board) -> None:
    """What the chip does and MicroPython cannot change is told, and may be set to what it is."""
    assert dut.ask("AT+CWINIT?") == b"+CWINIT:1\r\n" + OK
    assert dut.ask("AT+CWINIT=1") == OK
    assert dut.ask("AT+CWCONFIG?") == b"+CWCONFIG:300,6,3\r\n" + OK
    assert dut.ask("AT+CWCONFIG=300,6,3") == OK
    assert dut.ask("AT+CWCONFIG=,6") == OK


def test_the_country_is_kept_and_told(dut: Board) -> None:
    """Hosts set it and go on only after OK; at_init.c of ESP-AT sets CN,1,13 with the manual policy
    (docs/wire.md 4.14)."""
    assert dut.ask("AT+CWCOUNTRY?") == b'+CWCOUNTRY:1,"CN",1,13\r\n' + OK
    assert dut.ask('AT+CWCOUNTRY=0,"CN",1,13') == OK
    assert dut.ask("AT+CWCOUNTRY?") == b'+CWCOUNTRY:0,"CN",1,13\r\n' + OK
    assert dut.ask('AT+CWCOUNTRY=1,"US",1,11') == OK
    assert dut.ask('AT+CWCOUNTRY=1,"",1,11') == ERROR
    assert dut.ask("AT+CWCOUNTRY?") == b'+CWCOUNTRY:1,"US",1,11\r\n' + OK
    dut.restart()
    assert dut.ask("AT+CWCOUNTRY?") == b'+CWCOUNTRY:1,"CN",1,13\r\n' + OK


WRONG = {
    "AT+CWINIT=0": 0x010A7013,
    "AT+CWINIT=2": 0x01070000,
    "AT+CWINIT=1,1": 0x01060102,
    "AT+CWCONFIG=301": 0x010A7013,
    "AT+CWCONFIG=,7": 0x010A7013,
    "AT+CWCONFIG=,,4": 0x010A7013,
    "AT+CWCONFIG=9": 0x01070000,
    "AT+CWCONFIG=3601": 0x01070000,
    "AT+CWCONFIG=,2": 0x01070001,
    "AT+CWCONFIG=,601": 0x01070001,
    "AT+CWCONFIG=,,0": 0x01070002,
    "AT+CWCONFIG=,,101": 0x01070002,
    "AT+CWCONFIG=300,6,3,1": 0x01060304,
    "AT+CWRECONNCFG=1": 0x01060201,
    "AT+CWRECONNCFG=7201,0": 0x01070000,
    "AT+CWRECONNCFG=-1,0": 0x01070000,
    "AT+CWRECONNCFG=1,1001": 0x01070001,
    "AT+CWRECONNCFG=1,": 0x01070001,
    "AT+CWRECONNCFG=1,0,2": 0x01070002,
    "AT+CWRECONNCFG=1,0,0,0": 0x01060304,
    "AT+CWRECONNCFG": 0x010C0000,
    "AT+CWAUTOCONN=2": 0x01070000,
    "AT+CWAUTOCONN=": 0x01070000,
    "AT+CWAUTOCONN=1,1": 0x01060102,
    'AT+CWHOSTNAME=""': 0x01070000,
    'AT+CWHOSTNAME="a b"': 0x01070000,
    'AT+CWHOSTNAME="' + "n" * 33 + '"': 0x01040000,
    "AT+CWHOSTNAME=1": 0x01050000,
    "AT+CWSTAPROTO=0": 0x01070000,
    "AT+CWSTAPROTO=32": 0x01070000,
    'AT+CWCOUNTRY=2,"CN",1,13': 0x01070000,
    'AT+CWCOUNTRY=0,"",1,13': 0x01070001,
    'AT+CWCOUNTRY=0,"ABCD",1,13': 0x01040001,
    'AT+CWCOUNTRY=0,"CN",0,13': 0x01070002,
    'AT+CWCOUNTRY=0,"CN",1,15': 0x01070003,
    'AT+CWCOUNTRY=0,"CN",1': 0x01060403,
}


@pytest.mark.parametrize("line", WRONG)
def test_wrong_parameters(asked_dut: Board, line: str) -> None:
    asked_dut.ask("AT+SYSLOG=1")
    assert asked_dut.ask(line) == b"ERR CODE:0x%08x\r\n" % WRONG[line] + ERROR
