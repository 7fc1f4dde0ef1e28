"""The station's settings: forms, ranges, and what survives a reset and a loss of power."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from espat_host.board import Board
from espat_host.sim import SimBoard

pytestmark = pytest.mark.sim_only

OK = b"\r\nOK\r\n"
ERROR = b"\r\nERROR\r\n"
CONNECTED = b"WIFI CONNECTED\r\nWIFI GOT IP\r\n"
DISCONNECT = b"WIFI DISCONNECT\r\n"
JOIN = 'AT+CWJAP="espressif","1234567890"'
World = dict[str, Any]

STATIC = (
    b'+CIPSTA:ip:"192.168.4.77"\r\n+CIPSTA:gateway:"192.168.4.1"\r\n'
    b'+CIPSTA:netmask:"255.255.255.0"\r\n' + OK
)
NO_ADDRESS = (
    b'+CIPSTA:ip:"0.0.0.0"\r\n+CIPSTA:gateway:"0.0.0.0"\r\n+CIPSTA:netmask:"0.0.0.0"\r\n' + OK
)
SET_STATIC = 'AT+CIPSTA="192.168.4.77","192.168.4.1","255.255.255.0"'

SAVED = {
    # set: (query, its answer)
    "AT+CWRECONNCFG=60,1000": ("AT+CWRECONNCFG?", b"+CWRECONNCFG:60,1000\r\n" + OK),
    SET_STATIC: ("AT+CIPSTA?", STATIC),
    "AT+CWDHCP=0,1": ("AT+CWDHCP?", b"+CWDHCP:2" + OK),
    'AT+CIPSTAMAC="02:11:22:33:44:55"': (
        "AT+CIPSTAMAC?",
        b'+CIPSTAMAC:"02:11:22:33:44:55"\r\n' + OK,
    ),
    'AT+CIPDNS=1,"9.9.9.9"': ("AT+CIPDNS?", b'+CIPDNS:1,"9.9.9.9"' + OK),
    "AT+CWSTAPROTO=3": ("AT+CWSTAPROTO?", b"+CWSTAPROTO:3" + OK),
}
AUTOCONNECT = ("AT+CWAUTOCONN=0", "AT+CWAUTOCONN?", b"+CWAUTOCONN:0" + OK)


@pytest.mark.parametrize("command", SAVED)
class TestSaving:
    def test_across_a_reset(self, dut: Board, command: str) -> None:
        query, shown = SAVED[command]
        assert dut.ask(query) != shown
        assert dut.ask(command) == OK
        assert dut.ask(query) == shown
        dut.restart()
        assert dut.ask(query) == shown

    def test_across_a_new_start(
        self,
        boot: Callable[..., SimBoard],
        connect: Callable[..., Board],
        tmp_path: Path,
        command: str,
    ) -> None:
        query, shown = SAVED[command]
        first = boot(state=tmp_path)
        assert connect(first).ask(command) == OK
        first.stop()
        assert connect(boot(state=tmp_path)).ask(query) == shown

    def test_not_without_sysstore(self, dut: Board, command: str) -> None:
        query, shown = SAVED[command]
        before = dut.ask(query)
        assert dut.ask("AT+SYSSTORE=0") == OK
        assert dut.ask(command) == OK
        assert dut.ask(query) == shown
        dut.restart()
        assert dut.ask(query) == before

    def test_restore(self, dut: Board, command: str) -> None:
        query, _ = SAVED[command]
        before = dut.ask(query)
        assert dut.ask(command) == OK
        dut.restart(b"AT+RESTORE")
        assert dut.ask(query) == before

    def test_a_damaged_value_does_not_stop_the_boot(
        self,
        boot: Callable[..., SimBoard],
        connect: Callable[..., Board],
        tmp_path: Path,
        command: str,
    ) -> None:
        query, shown = SAVED[command]
        first = boot(state=tmp_path)
        board = connect(first)
        before = board.ask(query)
        assert board.ask(command) == OK
        first.stop()
        for value in (tmp_path / "nvs" / "espat").iterdir():
            kind = value.read_bytes()[:1]
            value.write_bytes(kind + (b"\xff\xfe,?" if kind == b"b" else b"\xff\xff\xff\x7f"))
        assert connect(boot(state=tmp_path)).ask(query) == before != shown


class TestAutoconnect:
    def test_saved_even_without_sysstore(self, sim: SimBoard, joined: Board) -> None:
        command, query, shown = AUTOCONNECT
        assert joined.ask(query) == b"+CWAUTOCONN:1" + OK
        joined.ask("AT+SYSSTORE=0")
        assert joined.ask(command) == OK
        assert joined.ask(query) == shown
        joined.restart()
        assert joined.ask(query) == shown
        joined.expect_silence(0.5)
        assert joined.ask("AT+CWSTATE?") == b'+CWSTATE:0,""\r\n' + OK
        assert joined.ask("AT+CWAUTOCONN=1") == OK
        assert joined.ask("AT+RST") == OK
        joined.expect(b"\r\nready\r\n" + CONNECTED)

    def test_restore(self, dut: Board) -> None:
        dut.ask("AT+CWAUTOCONN=0")
        dut.restart(b"AT+RESTORE")
        assert dut.ask("AT+CWAUTOCONN?") == b"+CWAUTOCONN:1" + OK


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
        deadline = time.monotonic() + 15  # a second "no such AP" counts after 5 s only
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
            joined.expect(CONNECTED, 5)

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


def test_protocols_while_it_joins(world: World, sim: SimBoard, joined: Board) -> None:
    """The driver refuses settings then; the attempt is begun anew."""
    for point in world["access_points"]:
        point["delay"] = 1
    sim.set_world(world)
    joined.ask("AT+RST")
    joined.expect(b"\r\nready\r\n")
    joined.ask("ATE0")
    assert joined.ask("AT+CWSTAPROTO=1") == OK
    joined.expect(CONNECTED, 5)
    assert joined.ask("AT+CWSTAPROTO?") == b"+CWSTAPROTO:1" + OK


def test_the_mode_while_it_joins(world: World, sim: SimBoard, joined: Board) -> None:
    for point in world["access_points"]:
        point["delay"] = 1
    sim.set_world(world)
    joined.ask("AT+RST")
    joined.expect(b"\r\nready\r\n")
    joined.ask("ATE0")
    assert joined.ask("AT+CWMODE=3") == OK
    joined.expect(CONNECTED, 5)


def test_what_is_as_it_is(dut: Board) -> None:
    """What the chip does and MicroPython cannot change is told, and may be set to what it is."""
    assert dut.ask("AT+CWINIT?") == b"+CWINIT:1\r\n" + OK
    assert dut.ask("AT+CWINIT=1") == OK
    assert dut.ask("AT+CWCONFIG?") == b"+CWCONFIG:300,6,3\r\n" + OK
    assert dut.ask("AT+CWCONFIG=300,6,3") == OK
    assert dut.ask("AT+CWCONFIG=,6") == OK


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
    "AT+CWCOUNTRY?": 0x010A7013,
    'AT+CWCOUNTRY=0,"CN",1,13': 0x010A7013,
    'AT+CWCOUNTRY=2,"CN",1,13': 0x01070000,
    'AT+CWCOUNTRY=0,"",1,13': 0x01070001,
    'AT+CWCOUNTRY=0,"ABCD",1,13': 0x01040001,
    'AT+CWCOUNTRY=0,"CN",0,13': 0x01070002,
    'AT+CWCOUNTRY=0,"CN",1,15': 0x01070003,
    'AT+CWCOUNTRY=0,"CN",1': 0x01060403,
}


@pytest.mark.parametrize("line", WRONG)
def test_wrong_parameters(dut: Board, line: str) -> None:
    dut.ask("AT+SYSLOG=1")
    assert dut.ask(line) == b"ERR CODE:0x%08x\r\n" % WRONG[line] + ERROR
