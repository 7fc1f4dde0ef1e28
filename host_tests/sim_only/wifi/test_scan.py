"""AT+CWLAP and AT+CWLAPOPT: every filter, every field."""

import time
from typing import Any

import pytest

from espat_host.client.board import Board
from espat_host.sim import SimBoard

pytestmark = [pytest.mark.sim_only, pytest.mark.timeout(300)]

OK = b"\r\nOK\r\n"
ERROR = b"\r\nERROR\r\n"
World = dict[str, Any]

POINTS = [
    {"ssid": "open", "password": "", "security": "open", "channel": 1, "rssi": -40},
    {"ssid": "far", "password": "1234567890", "security": "wpa2", "channel": 6, "rssi": -90},
    {"ssid": "near", "password": "1234567890", "security": "wpa3", "channel": 11, "rssi": -20},
]
LINES = {
    "near": b'+CWLAP:(6,"near",-20,"aa:00:00:00:00:02",11,-1,-1,7,7,0,0)\r\n',
    "open": b'+CWLAP:(0,"open",-40,"aa:00:00:00:00:00",1,-1,-1,7,7,0,0)\r\n',
    "far": b'+CWLAP:(3,"far",-90,"aa:00:00:00:00:01",6,-1,-1,7,7,0,0)\r\n',
}
ALL = ("near", "open", "far")  # the strongest first


def answer(*names: str) -> bytes:
    return b"".join(LINES[name] for name in names) + OK


@pytest.fixture
def world(world: World) -> World:
    points = [POINTS[i] | {"bssid": f"aa:00:00:00:00:{i:02x}"} for i in range(len(POINTS))]
    return world | {"access_points": points}


FILTERS = {
    "": ALL,
    '"near"': ("near",),
    '"nobody"': (),
    '""': (),
    ',"AA:00:00:00:00:01"': ("far",),
    '"near","aa:00:00:00:00:01"': (),
    ",,6": ("far",),
    ",,0": ALL,
    ",,14": (),
    ",,,0": ALL,
    ",,,0,0,0": ALL,
    ",,,,,,2": ("open",),
    ",,,,,,2112": ("near", "far"),
    ",,1,,,,2112": ("open",),
    ",,0,,,,64": ("far",),
}


@pytest.mark.parametrize("parameters", FILTERS)
def test_filters(dut: Board, parameters: str) -> None:
    assert dut.ask(f"AT+CWLAP={parameters}") == answer(*FILTERS[parameters])


def test_all(dut: Board) -> None:
    assert dut.ask("AT+CWLAP") == answer(*ALL)


MASKS = {
    1: b"(6)",
    2: b'("near")',
    31: b'(6,"near",-20,"aa:00:00:00:00:02",11)',
    6: b'("near",-20)',
    0x600: b"(0,0)",
    0x7E0: b"(-1,-1,7,7,0,0)",
    0: b"()",
}


@pytest.mark.parametrize("mask", MASKS)
def test_fields(dut: Board, mask: int) -> None:
    assert dut.ask(f"AT+CWLAPOPT=,{mask}") == OK
    assert dut.ask('AT+CWLAP="near"') == b"+CWLAP:" + MASKS[mask] + b"\r\n" + OK


OPTIONS = {
    ",0x7FF,-50": ("near", "open"),
    "1,2047,-20": ("near",),
    "0,2047,-19": (),
    ",2047,,0x08": ("far",),
    ",2047,,0x41": ("near", "open"),
    ",2047,-100,0": (),
    ",2047,-100,65535": ALL,
}


@pytest.mark.parametrize("options", OPTIONS)
def test_options(dut: Board, options: str) -> None:
    assert dut.ask(f"AT+CWLAPOPT={options}") == OK
    assert dut.ask("AT+CWLAP") == answer(*OPTIONS[options])


def test_options_are_not_saved(dut: Board) -> None:
    assert dut.ask("AT+CWLAPOPT=,1,-50") == OK
    dut.restart()
    assert dut.ask("AT+CWLAP") == answer(*ALL)


WRONG = {
    'AT+CWLAP="' + "s" * 33 + '"': 0x01040000,
    "AT+CWLAP=1": 0x01050000,
    'AT+CWLAP=,"nonsense"': 0x01070001,
    "AT+CWLAP=,,15": 0x01070002,
    "AT+CWLAP=,,,2": 0x01070003,
    "AT+CWLAP=,,,,1501": 0x01070004,
    "AT+CWLAP=,,,,200,100": 0x01070004,
    "AT+CWLAP=,,,,,1501": 0x01070005,
    "AT+CWLAP=,,,,,,0x8000": 0x01070006,
    "AT+CWLAP=,,,,,,,": 0x01060708,
    "AT+CWLAP=,,,1": 0x010A7013,
    "AT+CWLAP=,,,,,100": 0x010A7013,
    "AT+CWLAP?": 0x010C0000,
    "AT+CWLAPOPT=1": 0x01060201,
    "AT+CWLAPOPT=2,1": 0x01070000,
    "AT+CWLAPOPT=,": 0x01070001,
    "AT+CWLAPOPT=,0x800": 0x01070001,
    "AT+CWLAPOPT=,1,-101": 0x01070002,
    "AT+CWLAPOPT=,1,41": 0x01070002,
    "AT+CWLAPOPT=,1,,65536": 0x01070003,
    "AT+CWLAPOPT=,1,,1,1": 0x01060405,
    "AT+CWLAPOPT": 0x010C0000,
}


@pytest.mark.parametrize("line", WRONG)
def test_wrong_parameters(asked_dut: Board, line: str) -> None:
    asked_dut.ask("AT+SYSLOG=1")
    assert asked_dut.ask(line) == b"ERR CODE:0x%08x\r\n" % WRONG[line] + ERROR


@pytest.mark.parametrize("mode", [0, 2])
def test_without_a_station(dut: Board, mode: int) -> None:
    dut.ask("AT+SYSLOG=1")
    dut.ask(f"AT+CWMODE={mode}")
    assert dut.ask("AT+CWLAP") == b"ERR CODE:0x010a0000\r\n" + ERROR


def test_many_access_points(world: World, sim: SimBoard, dut: Board) -> None:
    points = [POINTS[1] | {"ssid": f"network {i}", "rssi": -50 - i} for i in range(40)]
    sim.set_world(world | {"access_points": points})
    lines = dut.request("AT+CWLAP").lines
    assert [line.split(b'"')[1] for line in lines] == [b"network %d" % i for i in range(40)]


def test_while_it_is_joined(world: World, sim: SimBoard, dut: Board) -> None:
    dut.join("near", "1234567890")
    assert dut.ask("AT+CWLAP") == answer(*ALL)
    dut.expect_silence(0.3)
    assert dut.ask("AT+CWSTATE?") == b'+CWSTATE:2,"near"\r\n' + OK


def test_a_running_attempt_to_join_makes_room(world: World, sim: SimBoard, dut: Board) -> None:
    """The driver refuses to scan while it joins; afterwards the attempt goes on."""
    dut.join("near", "1234567890")
    sim.set_world(world | {"access_points": []})
    dut.expect(b"WIFI DISCONNECT\r\n")
    slow = [point | {"delay": 6} for point in world["access_points"]]
    sim.set_world(world | {"access_points": slow})
    time.sleep(1.3)  # the next attempt is under way, and far from its end
    assert dut.ask("AT+CWLAP") == answer(*ALL)
    dut.expect(b"WIFI CONNECTED\r\nWIFI GOT IP\r\n")


def test_the_port_lives_while_it_scans(world: World, sim: SimBoard, dut: Board) -> None:
    sim.set_world(world | {"scan_time": 6})
    start = time.monotonic()
    dut.send_line("AT+CWLAP")
    dut.send_line("AT")
    dut.expect(b"\r\nbusy p...\r\n")
    assert time.monotonic() - start < 4, "only when the scan was over"
    dut.expect(answer(*ALL))
