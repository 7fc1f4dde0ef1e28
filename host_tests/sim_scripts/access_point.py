# network.WLAN: the access point as ports/esp32/network_wlan.c shows it, and its stations.

import bench
import network
import simstations
from bench import refused, set_world, wait_until

bench.clock.hold(simstations)
point = network.WLAN(network.WLAN.IF_AP)
MAC = b"\xaa\xbb\xcc\x00\x00\x01"
OTHER = b"\xaa\xbb\xcc\x00\x00\x02"


def visitor(mac="aa:bb:cc:00:00:01", ssid=None, password="12345678", dhcp=True):
    """A completed station, as tools/espat_host/sim/world.py makes it."""
    return {"mac": mac, "ssid": ssid, "password": password, "dhcp": dhcp}


def switch_on(**changes):
    point.active(True)
    point.config(ssid="mine", key="12345678", security=3, **changes)


def the_only_one(address):
    return lambda: point.status("stations") == [(MAC, address)]


def test_the_defaults_of_the_driver():
    own = point.config("mac")
    assert point.config("ssid") == "ESP_%02X%02X%02X" % tuple(own[3:])
    assert (point.config("security"), point.config("channel")) == (0, 1)
    assert (point.config("hidden"), point.config("max_clients")) == (False, 4)
    assert point.ipconfig("addr4") == ("192.168.4.1", "255.255.255.0")
    assert point.ipconfig("gw4") == "192.168.4.1"
    refused(ValueError, point.ipconfig, "dhcp4")
    refused(ValueError, point.config, "key")


def test_a_configuration_is_taken_whole_or_not_at_all():
    point.active(True)
    before = point.config("ssid")
    for kind, values, text in (
        (OSError, {"security": 3}, "Wifi Invalid Password"),
        (OSError, {"security": 2, "key": "1234567"}, "Wifi Invalid Password"),
        (RuntimeError, {"security": 1, "key": "12345678"}, "Wifi Unknown Error 0x0102"),
        (RuntimeError, {"channel": 15}, "Wifi Unknown Error 0x0102"),
        (RuntimeError, {"max_clients": 16}, "Wifi Unknown Error 0x0102"),
        (OSError, {"reconnects": 1}, "STA required"),
    ):
        assert str(refused(kind, point.config, ssid="new", **values)) == text
        assert point.config("ssid") == before
    point.config(ssid="", channel=3)
    assert (point.config("ssid"), point.config("channel")) == (before, 3)


def test_a_password_is_cut():
    switch_on()
    point.config(key="k" * 64)
    set_world(stations=[visitor(password="k" * 63)])
    wait_until(point.isconnected, "the station")


def test_what_needs_the_interface():
    assert str(refused(OSError, point.status, "stations")) == "Wifi Invalid Mode"
    assert str(refused(OSError, point.config, mac=OTHER)) == "Wifi Invalid Mode"
    assert str(refused(OSError, point.config, "protocol")) == "Wifi Invalid Interface"
    assert str(refused(OSError, point.config, protocol=7)) == "Wifi Invalid Interface"
    point.active(True)
    point.config(protocol=3)
    assert point.config("protocol") == 3
    assert str(refused(RuntimeError, point.config, protocol=2)) == "Wifi Unknown Error 0x0102"
    assert str(refused(OSError, network.WLAN().status, "stations")) == "AP required"
    assert str(refused(OSError, point.status, "rssi")) == "STA required"


def test_a_station_comes_gets_an_address_and_goes():
    switch_on()
    assert not point.isconnected()
    set_world(stations=[visitor()])
    assert point.isconnected()
    assert point.status("stations") == [(MAC, None)]
    wait_until(the_only_one("192.168.4.2"), "an address")
    set_world()
    assert point.status("stations") == []


def test_who_is_let_in():
    switch_on(max_clients=1)
    set_world(stations=[visitor(password=""), visitor(ssid="theirs"), visitor(password="87654321")])
    assert not point.isconnected()
    both = [visitor(ssid="mine"), visitor("aa:bb:cc:00:00:02")]
    set_world(stations=both)
    wait_until(the_only_one("192.168.4.2"), "the first one")
    set_world(stations=both[1:])
    assert point.status("stations") == [(OTHER, None)]
    point.config(security=0)
    assert point.status("stations") == [], "its password is for no open network"


def test_without_dhcp_no_address_is_known():
    switch_on()
    set_world(stations=[visitor(dhcp=False)])
    assert point.isconnected()
    bench.clock.pass_ms(30)
    assert point.status("stations") == [(MAC, None)]


def test_switching_off_ends_it():
    switch_on()
    set_world(stations=[visitor()])
    assert point.isconnected()
    point.active(False)
    assert not point.isconnected()
    point.active(True)
    assert (point.config("ssid"), point.status("stations")) == ("mine", [(MAC, None)])


def test_another_address():
    switch_on()
    set_world(stations=[visitor()])
    wait_until(the_only_one("192.168.4.2"), "an address")
    point.ipconfig(addr4=("10.0.0.200", "255.255.255.0"), gw4="10.0.0.9")
    assert point.ipconfig("gw4") == "10.0.0.9"
    assert point.status("stations") == [(MAC, None)], "the server has forgotten its lease"
    bench.clock.pass_ms(30)
    assert point.status("stations") == [(MAC, None)]
    point.active(False)
    point.active(True)
    wait_until(the_only_one("10.0.0.1"), "an address of the new network")
    error = refused(RuntimeError, point.ipconfig, addr4=("10.0.0.0", "255.255.255.0"))
    assert str(error) == "Wifi Unknown Error 0x500d"


bench.run(globals())
