"""What a world file may say, and the sentences that tell what is wrong with one."""

import copy
from typing import Any

import pytest

from espat_host.sim import world as worlds

POINT = {"ssid": "net", "password": "12345678"}
STATION = {"mac": "AA:bb:cc:dd:ee:ff"}
WRONG: list[tuple[Any, str]] = [
    ([], "a world is a JSON object"),
    ({"hosts": []}, '"hosts" is an object'),
    ({"access_points": {}}, '"access_points" is a list'),
    ({"access_points": ["net"]}, "access point 1 is not an object"),
    ({"access_points": [{}]}, 'access point 1 has no "ssid"'),
    ({"access_points": [{"ssid": "x" * 33}]}, "1 to 32 bytes"),
    ({"access_points": [POINT | {"passwd": ""}]}, 'unknown key "passwd"; known are '),
    ({"access_points": [POINT | {"password": "short"}]}, "8 to 64 characters"),
    ({"access_points": [POINT | {"security": "open"}]}, "is open, so it has no password"),
    ({"access_points": [POINT | {"security": "wep"}]}, "5 or 13 characters"),
    ({"access_points": [POINT | {"security": "wpa4"}]}, '"security" is one of open, wep'),
    ({"access_points": [POINT | {"channel": 14}]}, '"channel" is from 1 to 13'),
    ({"access_points": [POINT | {"rssi": "-30"}]}, '"rssi" is from -120 to 0'),
    ({"access_points": [POINT | {"hidden": 1}]}, '"hidden" is true or false'),
    ({"access_points": [POINT | {"delay": -1}]}, '"delay" is seconds'),
    ({"access_points": [POINT | {"bssid": "aa:bb"}]}, '"bssid" is like "aa:bb:cc:dd:ee:ff"'),
    ({"access_points": [POINT | {"address": "10.0.0.256"}]}, "'10.0.0.256' is not an IPv4"),
    ({"hosts": {"a.test": "b.test"}}, 'host "a.test": "address" \'b.test\' is not an IPv4'),
    ({"hosts": {"a.test": {}}}, 'host "a.test" has no "address"'),
    ({"hosts": {"a.test": {"address": "1.2.3.4", "ports": {"0": 1}}}}, "'0' is not a port"),
    ({"hosts": {"a.test": {"address": "1.2.3.4", "ports": {"1": 65536}}}}, "is not a port"),
    ({"hosts": {"a.test": {"address": "1.2.3.4", "lookup": "no"}}}, '"ok" or "fail"'),
    ({"scan_time": True}, '"scan_time" is seconds'),
    ({"stations": {}}, '"stations" is a list'),
    ({"stations": ["aa:bb:cc:dd:ee:ff"]}, "station 1 is not an object"),
    ({"stations": [{}]}, 'station 1 has no "mac"'),
    ({"stations": [{"mac": "aa:bb"}]}, '"mac" is like "aa:bb:cc:dd:ee:ff"'),
    ({"stations": [STATION | {"password": "short"}]}, "8 to 63 bytes"),
    ({"stations": [STATION | {"rssi": -30}]}, 'unknown key "rssi"; known are '),
    ({"stations": [STATION | {"ssid": 1}]}, '"ssid" is a text'),
    ({"stations": [STATION | {"dhcp": 1}]}, '"dhcp" is true or false'),
    ({"stations": [STATION, STATION]}, "more than once"),
]


@pytest.mark.parametrize(("world", "sentence"), WRONG, ids=[sentence for _, sentence in WRONG])
def test_a_wrong_world_is_told_in_a_sentence(world, sentence):
    with pytest.raises(worlds.WorldError) as caught:
        worlds.complete(world)
    assert sentence in str(caught.value)


def test_a_world_is_completed():
    given = {"access_points": [{"ssid": "net"}], "hosts": {"A.test": {"address": "1.2.3.4"}}}
    before = copy.deepcopy(given)
    world = worlds.complete(given)
    assert given == before
    (point,) = world["access_points"]
    assert point["security"] == "open"
    assert point["dhcp"] is True
    assert point["bssid"].startswith("02:")
    assert world["hosts"]["a.test"]["ports"] == {}
    assert worlds.complete(given) == world
    assert worlds.complete({})["hosts"] is None
    assert worlds.complete({})["stations"] == []
    assert worlds.complete({"hosts": {}})["hosts"] == {}


def test_a_station_is_completed():
    (station,) = worlds.complete({"stations": [STATION]})["stations"]
    assert station == {"mac": "aa:bb:cc:dd:ee:ff", "ssid": None, "password": "", "dhcp": True}


def test_hosts_ports_may_be_texts_or_numbers():
    entry = {"address": "1.2.3.4", "ports": {"80": "18080", 443: 18443}}
    completed = worlds.complete({"hosts": {"a.test": entry}})["hosts"]["a.test"]
    assert completed["ports"] == {"80": 18080, "443": 18443}
