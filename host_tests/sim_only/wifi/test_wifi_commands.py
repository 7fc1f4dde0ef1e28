"""Joining, leaving, losing and finding the access point again, in the simulated world."""

from typing import Any

import pytest

from espat_host.client.board import Board
from espat_host.sim import SimBoard

pytestmark = pytest.mark.sim_only

OK = b"\r\nOK\r\n"
ERROR = b"\r\nERROR\r\n"
CONNECTED = b"WIFI CONNECTED\r\nWIFI GOT IP\r\n"
DISCONNECT = b"WIFI DISCONNECT\r\n"
JOIN = 'AT+CWJAP="espressif","1234567890"'
World = dict[str, Any]


def access_point(**changes: Any) -> dict[str, Any]:
    return {"ssid": "espressif", "password": "1234567890", "bssid": "aa:bb:cc:00:11:22"} | changes


def test_join_and_query(world: World, sim: SimBoard, dut: Board) -> None:
    world["access_points"] = [access_point(channel=11, rssi=-57)]
    sim.set_world(world)
    assert dut.ask("AT+CWSTATE?") == b'+CWSTATE:0,""\r\n' + OK
    assert dut.ask("AT+CWJAP?") == OK
    assert dut.ask(JOIN) == CONNECTED + OK
    assert dut.ask("AT+CWSTATE?") == b'+CWSTATE:2,"espressif"\r\n' + OK
    query = b'+CWJAP:"espressif","aa:bb:cc:00:11:22",11,-57,0,1,3,0,1\r\n' + OK
    assert dut.ask("AT+CWJAP?") == query
    assert dut.ask("AT+CWJAP?") == query


def test_all_parameters_are_kept(dut: Board) -> None:
    line = 'AT+CWJAP="espressif","1234567890",,3,60,10,1,20,3'
    assert dut.ask(line) == CONNECTED + OK
    answer = dut.ask("AT+CWJAP?")
    assert answer.endswith(b",0,60,10,1,3\r\n" + OK), answer


def test_joining_again_leaves_first(joined: Board) -> None:
    assert joined.ask(JOIN) == DISCONNECT + CONNECTED + OK
    assert joined.ask("AT+CWJAP") == DISCONNECT + CONNECTED + OK


def test_wrong_password(dut: Board) -> None:
    assert dut.ask('AT+CWJAP="espressif","wrong-password"') == b"+CWJAP:2\r\n" + ERROR
    assert dut.ask("AT") == OK
    assert dut.ask(JOIN) == CONNECTED + OK


REASONS = {  # ESP-IDF's reason: the code that ESP-AT's objects make of it (docs/wire.md 4.4)
    2: 1,
    15: 2,
    204: 2,
    201: 3,
    202: 4,
    203: 4,
    210: 4,
    211: 4,
    212: 4,
    39: 4,
}


@pytest.mark.parametrize("reason", REASONS)
def test_why_joining_failed(world: World, sim: SimBoard, dut: Board, reason: int) -> None:
    world["access_points"] = [access_point(reason=reason)]
    sim.set_world(world)
    answer = b"+CWJAP:%d\r\n" % REASONS[reason] + ERROR
    assert dut.ask(JOIN + ",,,,,,3", timeout=20) == answer
    assert dut.ask("AT") == OK


def test_a_failed_join_changes_nothing(world: World, sim: SimBoard, joined: Board) -> None:
    """ESP-AT's objects: the station is disconnected and stays so; what was saved, and the interval,
    are those of the last join that succeeded (docs/wire.md 4.4)."""
    assert joined.ask("AT+CWRECONNCFG=60,7") == OK
    nowhere = joined.ask('AT+CWJAP="nowhere","12345678",,,1')
    assert nowhere == DISCONNECT + b"+CWJAP:3\r\n" + ERROR
    assert joined.ask("AT+CWRECONNCFG?") == b"+CWRECONNCFG:60,7\r\n" + OK
    assert joined.ask("AT+CWSTATE?") == b'+CWSTATE:4,"espressif"\r\n' + OK
    world["access_points"].append(access_point(ssid="nowhere", password="12345678"))
    sim.set_world(world)
    joined.expect_silence(2.5)  # nothing goes on in the background
    assert joined.ask("AT+CWJAP") == CONNECTED + OK
    assert b'"espressif"' in joined.ask("AT+CWJAP?")
    assert joined.ask('AT+CWJAP="espressif","wrong password"').endswith(b"+CWJAP:2\r\n" + ERROR)
    assert joined.ask("AT+RST") == OK
    joined.expect(b"\r\nready\r\n" + CONNECTED)
    joined.ask("ATE0")
    assert joined.ask("AT+CWRECONNCFG?") == b"+CWRECONNCFG:60,7\r\n" + OK


def test_a_failed_first_join_saves_nothing(dut: Board) -> None:
    assert dut.ask('AT+CWJAP="nowhere","12345678"') == b"+CWJAP:3\r\n" + ERROR
    assert dut.ask("AT+CWJAP") == ERROR
    assert dut.ask("AT+CWRECONNCFG?") == b"+CWRECONNCFG:0,0\r\n" + OK


def test_the_network_is_told_before_there_is_an_address(
    world: World, sim: SimBoard, joined: Board
) -> None:
    """ESP-AT tells it as soon as the station is associated (docs/wire.md 4.4)."""
    world["access_points"] = [access_point(dhcp=False)]
    sim.set_world(world)
    assert joined.ask("AT+RST") == OK
    joined.expect(b"\r\nready\r\nWIFI CONNECTED\r\n")
    joined.ask("ATE0")
    assert joined.ask("AT+CWSTATE?") == b'+CWSTATE:1,"espressif"\r\n' + OK
    answer = b'+CWJAP:"espressif","aa:bb:cc:00:11:22",1,-30,0,1,3,0,1\r\n' + OK
    assert joined.ask("AT+CWJAP?") == answer


def test_no_such_network(dut: Board) -> None:
    assert dut.ask('AT+CWJAP="nowhere","12345678"') == b"+CWJAP:3\r\n" + ERROR


def test_joining_takes_too_long(world: World, sim: SimBoard, dut: Board) -> None:
    world["access_points"] = [access_point(delay=30)]
    sim.set_world(world)
    assert dut.ask(JOIN + ",,,,,,3", timeout=20) == b"+CWJAP:1\r\n" + ERROR
    assert dut.ask("AT") == OK


def test_an_open_network(world: World, sim: SimBoard, dut: Board) -> None:
    world["access_points"] = [access_point(ssid="open", password="")]
    sim.set_world(world)
    assert dut.ask('AT+CWJAP="open",""') == CONNECTED + OK
    assert dut.ask('AT+CWJAP="open"') == DISCONNECT + CONNECTED + OK


@pytest.mark.parametrize("ssid", ['a,b"c\\d', "Gästezimmer", "x" * 32])
def test_any_ssid(world: World, sim: SimBoard, dut: Board, ssid: str) -> None:
    world["access_points"] = [access_point(ssid=ssid)]
    sim.set_world(world)
    dut.join(ssid, "1234567890")
    assert dut.ask("AT+CWSTATE?") == b'+CWSTATE:2,"%s"\r\n' % ssid.encode() + OK


def test_the_bssid_chooses(world: World, sim: SimBoard, dut: Board) -> None:
    near = access_point(bssid="aa:00:00:00:00:01", rssi=-30)
    far = access_point(bssid="aa:00:00:00:00:02", rssi=-80)
    world["access_points"] = [near, far]
    sim.set_world(world)
    assert dut.ask(JOIN + ',"AA:00:00:00:00:02"') == CONNECTED + OK
    assert b'"aa:00:00:00:00:02"' in dut.ask("AT+CWJAP?")


def test_scan_mode_1_takes_the_strongest(world: World, sim: SimBoard, dut: Board) -> None:
    far = access_point(bssid="aa:00:00:00:00:02", rssi=-80)
    near = access_point(bssid="aa:00:00:00:00:01", rssi=-30)
    world["access_points"] = [far, near]
    sim.set_world(world)
    assert dut.ask(JOIN + ",,,,,1") == CONNECTED + OK
    assert b'"aa:00:00:00:00:01"' in dut.ask("AT+CWJAP?")


def test_authmode_asks_for_security(world: World, sim: SimBoard, dut: Board) -> None:
    world["access_points"] = [access_point(security="wpa2")]
    sim.set_world(world)
    assert dut.ask(JOIN + ",,6") == b"+CWJAP:3\r\n" + ERROR
    dut.expect_silence(1.5)  # what is tried again in the background asks for it, too
    assert dut.ask(JOIN + ",,3") == CONNECTED + OK


def test_leaving(joined: Board) -> None:
    # ESP-AT's objects: it waits for the event (docs/wire.md 4.8).
    assert joined.ask("AT+CWQAP") == DISCONNECT + OK
    assert joined.ask("AT+CWSTATE?") == b'+CWSTATE:4,"espressif"\r\n' + OK
    assert joined.ask("AT+CWJAP?") == OK
    assert joined.ask("AT+CWQAP") == OK
    joined.expect_silence()


def test_joining_without_any_network_before(dut: Board) -> None:
    assert dut.ask("AT+CWJAP") == ERROR
    assert dut.ask("AT+CWJAP=") == ERROR
    assert dut.ask('AT+CWJAP=""') == ERROR


def test_modes(dut: Board) -> None:
    assert dut.ask("AT+CWMODE?") == b"+CWMODE:1\r\n" + OK
    for mode in (0, 2, 3, 1):
        assert dut.ask(f"AT+CWMODE={mode}") == OK
        assert dut.ask("AT+CWMODE?") == b"+CWMODE:%d\r\n" % mode + OK
    for bad in ("4", "-1", "", "1,2", "1,1,1", '"1"'):
        assert dut.ask(f"AT+CWMODE={bad}") == ERROR, bad


def test_no_station_no_join(dut: Board) -> None:
    for mode in (0, 2):
        assert dut.ask(f"AT+CWMODE={mode}") == OK
        assert dut.ask(JOIN) == ERROR
        assert dut.ask("AT+CWQAP") == ERROR


def test_switching_the_station_off_and_on(joined: Board) -> None:
    assert joined.ask("AT+CWMODE=0") == DISCONNECT + OK
    assert joined.ask("AT+CWMODE=1") == OK
    joined.expect(CONNECTED)
    assert joined.ask("AT+CWMODE=2") == DISCONNECT + OK
    assert joined.ask("AT+CWMODE=1,0") == OK
    joined.expect_silence(0.3)


def test_addresses(joined: Board) -> None:
    station = joined.request("AT+CIFSR").lines
    assert station[0].startswith(b'+CIFSR:STAIP,"')
    assert station[0] != b'+CIFSR:STAIP,"0.0.0.0"'
    assert station[1].startswith(b'+CIFSR:STAMAC,"')
    joined.ask("AT+CWMODE=3")
    names = [line.split(b",")[0] for line in joined.request("AT+CIFSR").lines]
    assert names == [b"+CIFSR:APIP", b"+CIFSR:APMAC", b"+CIFSR:STAIP", b"+CIFSR:STAMAC"]
    joined.ask("AT+CWMODE=0")
    joined.discard()
    assert joined.ask("AT+CIFSR") == OK


def test_the_saved_network_is_joined_at_boot(joined: Board) -> None:
    assert joined.ask("AT+RST") == OK
    joined.expect(b"\r\nready\r\n" + CONNECTED)
    joined.ask("ATE0")
    assert joined.ask("AT+CWSTATE?") == b'+CWSTATE:2,"espressif"\r\n' + OK


def test_restore_forgets(joined: Board) -> None:
    assert joined.ask("AT+CWMODE=3") == OK
    assert joined.ask("AT+RESTORE") == OK
    joined.expect(b"\r\nready\r\n")
    joined.expect_silence(0.3)
    joined.ask("ATE0")
    assert joined.ask("AT+CWMODE?") == b"+CWMODE:1\r\n" + OK
    assert joined.ask("AT+CWJAP") == ERROR


def test_sysstore_0_saves_nothing(dut: Board) -> None:
    dut.ask("AT+SYSSTORE=0")
    dut.ask("AT+CWMODE=3")
    assert dut.ask(JOIN) == CONNECTED + OK
    dut.ask("AT+RST")
    dut.expect(b"\r\nready\r\n")
    dut.expect_silence(0.3)
    dut.ask("ATE0")
    assert dut.ask("AT+CWMODE?") == b"+CWMODE:1\r\n" + OK


def test_loss_is_reported_once_and_healed(world: World, sim: SimBoard, joined: Board) -> None:
    gone = world | {"access_points": []}
    sim.set_world(gone)
    joined.expect(DISCONNECT)
    assert joined.ask("AT+CWSTATE?") == b'+CWSTATE:3,"espressif"\r\n' + OK
    joined.expect_silence(1.5)  # it tries again meanwhile, and says nothing of that
    sim.set_world(world)
    joined.expect(CONNECTED)
    assert joined.ask("AT+CWSTATE?") == b'+CWSTATE:2,"espressif"\r\n' + OK


def test_without_an_interval_it_stays_lost(world: World, sim: SimBoard, dut: Board) -> None:
    assert dut.ask(JOIN + ",,,0") == CONNECTED + OK
    sim.set_world(world | {"access_points": []})
    dut.expect(DISCONNECT)
    assert dut.ask("AT+CWSTATE?") == b'+CWSTATE:4,"espressif"\r\n' + OK
    sim.set_world(world)
    dut.expect_silence(1.5)


def test_busy_while_joining(world: World, sim: SimBoard, dut: Board) -> None:
    world["access_points"] = [access_point(delay=2)]
    sim.set_world(world)
    dut.send_line(JOIN + "\r\nAT")
    dut.expect(b"\r\nbusy p...\r\n" + CONNECTED + OK)
