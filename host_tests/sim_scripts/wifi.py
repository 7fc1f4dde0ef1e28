# network.WLAN: the station's states as ports/esp32/network_wlan.c shows them.

import bench
import network
import simwifi
from bench import access_point, refused, set_world, wait_until

bench.clock.hold(simwifi)
station = network.WLAN(network.WLAN.IF_STA)


def join(ssid="home", key="12345678", **options):
    station.active(True)
    station.connect(ssid, key, **options)


def await_status(wanted):
    wait_until(lambda: station.status() == wanted, (wanted, station.status()))


def test_the_interfaces_are_singletons():
    assert network.WLAN() is station
    assert network.WLAN(network.WLAN.IF_AP) is not station
    refused(ValueError, network.WLAN, 2)


def test_joining_goes_through_its_states():
    set_world(access_points=[access_point(delay=0.02)])
    station.active(True)
    assert station.status() == network.STAT_IDLE
    station.connect("home", "12345678")
    assert station.status() == network.STAT_CONNECTING
    assert not station.isconnected()
    refused(OSError, station.status, "rssi")
    wait_until(lambda: "rssi" in seen() or station.isconnected(), "association")
    assert not station.isconnected(), "associated and addressed in one go"
    wait_until(station.isconnected, "an address")
    assert station.status() == network.STAT_GOT_IP
    assert station.status("rssi") == -41
    assert station.config("channel") == 3
    assert station.config("ssid") == "home"
    assert station.ipconfig("addr4") == ("192.168.4.2", "255.255.255.0")
    assert station.ipconfig("gw4") == "192.168.4.1"
    assert station.ifconfig() == ("192.168.4.2", "255.255.255.0", "192.168.4.1", "192.168.4.1")


def seen():
    try:
        return {"rssi": station.status("rssi")}
    except OSError:
        return {}


def test_a_second_connect_is_refused():
    set_world()
    join()
    assert str(refused(OSError, station.connect, "home", "12345678")) == "Wifi Internal Error"
    wait_until(station.isconnected, "an address")
    assert str(refused(OSError, station.connect)) == "Wifi Internal Error"
    station.disconnect()
    assert station.status() == network.STAT_IDLE
    assert not station.isconnected()
    station.connect()
    wait_until(station.isconnected, "an address again")


def test_an_inactive_station_refuses():
    assert str(refused(OSError, station.connect, "home", "12345678")) == "Wifi Not Started"
    assert str(refused(OSError, station.disconnect)) == "Wifi Not Started"
    assert str(refused(OSError, station.scan)) == "STA must be active"


def test_a_wrong_password_is_told_and_tried_again():
    set_world(access_points=[access_point(reason=202)])
    join(key="87654321")
    await_status(network.STAT_WRONG_PASSWORD)
    refused(OSError, station.connect, "home", "12345678")
    station.disconnect()
    set_world()
    station.config(reconnects=0)
    join(key="87654321")
    await_status(15)  # with tries left it would be "connecting"
    station.disconnect()
    station.config(reconnects=-1)
    station.connect("home", "12345678")
    wait_until(station.isconnected, "an address")


def test_an_access_point_that_appears_is_joined():
    set_world(access_points=[])
    join()
    await_status(network.STAT_NO_AP_FOUND)
    set_world()
    wait_until(station.isconnected, "an address")


def test_reconnects_are_limited():
    set_world(access_points=[])
    station.active(True)
    station.config(reconnects=0)
    assert station.config("reconnects") == 0
    station.connect("home", "12345678")
    await_status(network.STAT_NO_AP_FOUND)
    set_world()
    bench.clock.pass_ms(30)
    assert not station.isconnected(), "it has tried more often than it was told to"
    station.connect()
    wait_until(station.isconnected, "an address")


def test_retries_are_counted_while_nobody_looks():
    set_world(access_points=[], scan_time=0.005)
    station.active(True)
    station.config(reconnects=3)
    station.connect("home", "12345678")
    bench.clock.pass_ms(100)
    assert station.status() == network.STAT_NO_AP_FOUND
    set_world()
    bench.clock.pass_ms(30)
    assert not station.isconnected()


def test_a_lost_access_point_is_joined_again():
    set_world()
    join()
    wait_until(station.isconnected, "an address")
    set_world(access_points=[])
    wait_until(lambda: not station.isconnected(), "the loss")
    await_status(network.STAT_NO_AP_FOUND)
    assert station.ipconfig("addr4")[0] == "0.0.0.0"
    set_world()
    wait_until(station.isconnected, "an address again")


def test_a_loss_without_retries_is_a_beacon_timeout():
    set_world()
    station.active(True)
    station.config(reconnects=0)
    station.connect("home", "12345678")
    wait_until(station.isconnected, "an address")
    set_world(access_points=[])
    await_status(network.STAT_BEACON_TIMEOUT)


def test_a_blink_is_no_loss():
    set_world()
    join()
    wait_until(station.isconnected, "an address")
    set_world(access_points=[])
    assert station.isconnected()
    set_world()
    bench.clock.pass_ms(80)
    assert station.isconnected()


def test_security_must_fit():
    points = [access_point(ssid="open", password="", security="open")]
    points.append(access_point(ssid="old", security="wpa"))
    points.append(access_point())
    set_world(access_points=points)
    join("home", "")
    await_status(network.STAT_NO_AP_FOUND_W_COMPATIBLE_SECURITY)
    for ssid in ("open", "old"):
        station.disconnect()
        station.connect(ssid, "12345678")
        await_status(network.STAT_NO_AP_FOUND_IN_AUTHMODE_THRESHOLD)
    station.disconnect()
    station.connect("open", "")
    wait_until(station.isconnected, "an address")


def test_the_bssid_picks_the_access_point():
    set_world(access_points=[access_point(), access_point(bssid="02:00:00:00:00:02", channel=9)])
    join(bssid=b"\x02\x00\x00\x00\x00\x02")
    wait_until(station.isconnected, "an address")
    assert station.config("channel") == 9
    refused(ValueError, station.connect, "home", "12345678", bssid=b"short")


def test_without_a_dhcp_server_it_stays_associated():
    set_world(access_points=[access_point(dhcp=False)])
    join()
    wait_until(lambda: "rssi" in seen(), "association")
    bench.clock.pass_ms(30)
    assert station.status() == network.STAT_CONNECTING
    station.ipconfig(addr4="10.0.0.5/16", gw4="10.0.0.1")
    wait_until(station.isconnected, "the static address")
    assert station.ipconfig("addr4") == ("10.0.0.5", "255.255.0.0")
    assert station.ipconfig("dhcp4") is False


def test_dhcp_runs_only_with_a_link():
    set_world()
    station.active(True)
    assert station.ipconfig("dhcp4") is False
    join()
    wait_until(station.isconnected, "an address")
    assert station.ipconfig("dhcp4") is True
    refused(ValueError, station.ipconfig, "has_dhcp4")


def test_scan_lists_the_strongest_first():
    points = [access_point(rssi=-80), access_point(ssid="secret", hidden=True, security="wpa3")]
    set_world(access_points=points, scan_time=0.02)
    station.active(True)
    start = bench.time.ticks_ms()
    hidden, shown = station.scan()
    assert bench.time.ticks_diff(bench.time.ticks_ms(), start) >= 20
    assert hidden == (b"", b"\x02\x00\x00\x00\x00\x01", 3, -41, 6, False)
    assert shown == (b"home", b"\x02\x00\x00\x00\x00\x01", 3, -80, 3, False)


def test_a_scan_while_connecting_finds_nothing():
    set_world(access_points=[access_point(delay=1)])
    join()
    assert station.scan() == []


def test_config_refuses_what_the_port_refuses():
    assert str(refused(ValueError, station.config, "bssid")) == "unknown config param"
    assert str(refused(ValueError, station.config, nonsense=1)) == "unknown config param"
    assert str(refused(OSError, station.config, ssid="x")) == "AP required"
    refused(TypeError, station.config, "mac", "ssid")
    assert str(refused(ValueError, station.status, "speed")) == "unknown status param"


def test_config_keeps_what_it_is_given():
    own = station.config("mac")
    assert own[:3] == b"\x24\x0a\xc4"
    assert len(own) == 6
    assert network.WLAN(network.WLAN.IF_AP).config("mac")[5] == own[5] + 1
    station.config(pm=network.WLAN.PM_NONE)
    assert station.config("pm") == 0
    refused(OSError, station.config, txpower=8)
    station.active(True)
    station.config(txpower=8)
    assert station.config("txpower") == 7.0, "the driver knows steps"
    station.active(False)
    station.config(mac=b"\x02\x00\x00\x00\x00\x09")
    assert station.config("mac")[5] == 9
    refused(OSError, station.config, mac=b"\x03\x00\x00\x00\x00\x09")
    network.hostname("modem")
    assert station.config("hostname") == "modem"


def test_switching_off_leaves_the_network():
    set_world()
    join()
    wait_until(station.isconnected, "an address")
    station.active(False)
    assert not station.isconnected()
    assert not station.active()
    station.active(True)
    assert station.status() == network.STAT_IDLE


bench.run(globals())
