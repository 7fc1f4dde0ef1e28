"""Stations that come to the board's access point and go: reports, AT+CWLIF, AT+CWQIF."""

from typing import Any

import pytest

from espat_host.client.board import Board
from espat_host.sim import SimBoard

pytestmark = [pytest.mark.sim_only, pytest.mark.timeout(240)]

OK = b"\r\nOK\r\n"
ERROR = b"\r\nERROR\r\n"
PASSWORD = "1234567890"
World = dict[str, Any]


def mac(number: int) -> str:
    return f"aa:bb:cc:00:00:{number:02x}"


def station(number: int, **changes: Any) -> dict[str, Any]:
    return {"mac": mac(number), "ssid": "ESP", "password": PASSWORD} | changes


def came(number: int) -> bytes:
    return f'+STA_CONNECTED:"{mac(number)}"\r\n'.encode()


def got(number: int, address: str) -> bytes:
    return f'+DIST_STA_IP:"{mac(number)}","{address}"\r\n'.encode()


def left(number: int) -> bytes:
    return f'+STA_DISCONNECTED:"{mac(number)}"\r\n'.encode()


def in_any_order(board: Board) -> set[bytes]:
    """The next two lines."""
    return {board.read_until(b"\r\n"), board.read_until(b"\r\n")}


def listed(*stations: tuple[str, int]) -> bytes:
    return b"".join(f"+CWLIF:{ip},{mac(n)}\r\n".encode() for ip, n in stations) + OK


@pytest.fixture
def access_point(dut: Board) -> Board:
    """The board under test with a network of its own."""
    assert dut.ask("AT+CWMODE=2") == OK
    assert dut.ask(f'AT+CWSAP="ESP","{PASSWORD}",1,3') == OK
    return dut


@pytest.fixture
def visited(world: World, sim: SimBoard, access_point: Board) -> Board:
    """The same with a station in it."""
    sim.set_world(world | {"stations": [station(1)]})
    access_point.expect(came(1) + got(1, "192.168.4.2"))
    return access_point


def test_a_station_comes_and_goes(world: World, sim: SimBoard, visited: Board) -> None:
    assert visited.ask("AT+CWLIF") == listed(("192.168.4.2", 1))
    sim.set_world(world)
    visited.expect(left(1))
    assert visited.ask("AT+CWLIF") == OK


def test_several(world: World, sim: SimBoard, visited: Board) -> None:
    sim.set_world(world | {"stations": [station(1), station(2), station(3)]})
    visited.expect(came(2) + came(3))
    visited.expect(got(2, "192.168.4.3") + got(3, "192.168.4.4"))
    sim.set_world(world | {"stations": [station(3)]})
    assert in_any_order(visited) == {left(1), left(2)}
    assert visited.ask("AT+CWLIF") == listed(("192.168.4.4", 3))


def test_no_more_than_are_admitted(world: World, sim: SimBoard, access_point: Board) -> None:
    assert access_point.ask(f'AT+CWSAP="ESP","{PASSWORD}",1,3,1') == OK
    sim.set_world(world | {"stations": [station(1), station(2)]})
    access_point.expect(came(1) + got(1, "192.168.4.2"))
    sim.set_world(world | {"stations": [station(2)]})
    access_point.expect(left(1) + came(2) + got(2, "192.168.4.2"))


def test_one_with_an_address_of_its_own(world: World, sim: SimBoard, access_point: Board) -> None:
    sim.set_world(world | {"stations": [station(1, dhcp=False)]})
    access_point.expect(came(1))
    access_point.expect_silence(1.5)
    assert access_point.ask("AT+CWLIF") == listed(("0.0.0.0", 1))


@pytest.mark.parametrize("changes", [{"password": "something else"}, {"ssid": "ESP2"}])
def test_one_that_does_not_belong_here(
    world: World, sim: SimBoard, access_point: Board, changes: dict[str, str]
) -> None:
    sim.set_world(world | {"stations": [station(1, **changes)]})
    access_point.expect_silence(1.5)
    assert access_point.ask("AT+CWLIF") == OK


def test_another_network_sends_them_away(visited: Board) -> None:
    assert visited.ask(f'AT+CWSAP="ESP","not {PASSWORD}",1,3') == OK
    visited.expect(left(1))


def test_so_does_another_mode(visited: Board) -> None:
    assert visited.ask("AT+CWMODE=1") == OK
    visited.expect(left(1))
    visited.expect_silence(1.5)
    assert visited.ask("AT+CWMODE=3") == OK
    visited.expect(came(1) + got(1, "192.168.4.2"))


def test_the_network_is_back_after_a_restart(visited: Board) -> None:
    visited.ask("AT+RST")
    visited.expect(b"\r\nready\r\n")
    visited.expect(came(1) + got(1, "192.168.4.2"))


def test_another_address_makes_the_server_forget(visited: Board) -> None:
    assert visited.ask('AT+CIPAP="192.168.5.1"') == OK
    assert visited.ask("AT+CWLIF") == listed(("0.0.0.0", 1))
    visited.expect_silence(1.5)
    assert visited.ask("AT+CWQIF") == OK
    visited.expect(left(1) + came(1) + got(1, "192.168.5.2"))


class TestSendingAway:
    def test_all(self, world: World, sim: SimBoard, visited: Board) -> None:
        sim.set_world(world | {"stations": [station(1), station(2)]})
        visited.expect(came(2) + got(2, "192.168.4.3"))
        assert visited.ask("AT+CWQIF") == OK
        assert in_any_order(visited) == {left(1), left(2)}
        visited.expect(came(1) + came(2))  # nothing keeps them from it

    def test_the_only_one(self, visited: Board) -> None:
        assert visited.ask(f'AT+CWQIF="{mac(1).upper()}"') == OK
        visited.expect(left(1) + came(1))

    def test_one_of_several(self, world: World, sim: SimBoard, visited: Board) -> None:
        sim.set_world(world | {"stations": [station(1), station(2)]})
        visited.expect(came(2) + got(2, "192.168.4.3"))
        visited.ask("AT+SYSLOG=1")
        assert visited.ask(f'AT+CWQIF="{mac(1)}"') == b"ERR CODE:0x010a7013\r\n" + ERROR
        assert visited.ask(f'AT+CWQIF="{mac(3)}"') == b"ERR CODE:0x010a0000\r\n" + ERROR
        assert visited.ask("AT+CWLIF") == listed(("192.168.4.2", 1), ("192.168.4.3", 2))

    def test_nobody(self, access_point: Board) -> None:
        assert access_point.ask("AT+CWQIF") == OK
        access_point.expect_silence(1.5)

    def test_the_station_interface_stays_joined(self, sim: SimBoard, joined: Board) -> None:
        assert joined.ask("AT+CWMODE=3") == OK
        assert joined.ask("AT+CWQIF") == OK
        joined.expect_silence(0.5)
        assert joined.ask("AT+CWSTATE?") == b'+CWSTATE:2,"espressif"\r\n' + OK


def test_reports_go_through_the_filter(world: World, sim: SimBoard, access_point: Board) -> None:
    access_point.send_line("AT+SYSMSGFILTERCFG=1,15,0")
    access_point.expect_prompt()
    access_point.write(b"^+DIST_STA_IP:.")
    access_point.expect(OK)
    assert access_point.ask("AT+SYSMSGFILTER=1") == OK
    sim.set_world(world | {"stations": [station(1)]})
    access_point.expect(came(1) + got(1, "192.168.4.2").removeprefix(b'+DIST_STA_IP:"'))
