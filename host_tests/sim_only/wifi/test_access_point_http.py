"""HTTP to a station of the board's own network, with and without another one."""

from typing import Any

import pytest

from espat_host.client.board import Board
from espat_host.local_world.raw_server import RawServer, read_request, send
from espat_host.sim import SimBoard

pytestmark = pytest.mark.sim_only

OK = b"\r\nOK\r\n"
ERROR = b"\r\nERROR\r\n"
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
MAC = "aa:bb:cc:00:00:01"
NO_WIFI = b"ERR CODE:0x010a700f\r\n" + ERROR
World = dict[str, Any]


@pytest.fixture
def visitor(world: World) -> World:
    """A world with a station that joins the board's network, and no other network."""
    station = {"mac": MAC, "ssid": "ESP", "password": "1234567890"}
    return world | {"stations": [station], "access_points": []}


@pytest.fixture(params=[2, 3])
def visited(request: Any, visitor: World, sim: SimBoard, dut: Board) -> Board:
    """The board as access point, or as that and a station without a network."""
    sim.set_world(visitor)
    dut.ask("AT+SYSLOG=1")
    assert dut.ask(f"AT+CWMODE={request.param}") == OK
    assert dut.ask('AT+CWSAP="ESP","1234567890",1,3') == OK
    dut.expect(f'+STA_CONNECTED:"{MAC}"\r\n+DIST_STA_IP:"{MAC}","192.168.4.2"\r\n'.encode())
    return dut


def test_every_way_there(visited: Board, raw_server: RawServer) -> None:
    raw_server.script(*(read_request, send(ANSWER)) * 20)
    url = f"http://192.168.4.2:{raw_server.port}/"
    for _ in range(2):
        assert visited.request(f'AT+HTTPCGET="{url}"').body == b"hi"
        assert visited.request(f'AT+HTTPCLIENT=2,0,"{url}",,,1').body == b"hi"
        assert visited.request(f'AT+HTTPCPOST="{url}",3', b"abc").body == b"hi"
        assert visited.request(f'AT+HTTPGETSIZE="{url}"').ok


def test_nothing_else_is_reached(visited: Board, raw_server: RawServer) -> None:
    """A name leads nowhere, at once and before a prompt; another address has no route."""
    for line in ('AT+HTTPCGET="http://{}/"', 'AT+HTTPCPOST="http://{}/",3'):
        assert visited.ask(line.format("example.com")) == NO_WIFI
    told = visited.ask(f'AT+HTTPCGET="{raw_server.url}"')
    assert told == b"ERR CODE:0x010a7003\r\n" + ERROR


def test_not_without_the_access_point(visited: Board, raw_server: RawServer) -> None:
    url = f"http://192.168.4.2:{raw_server.port}/"
    raw_server.answer(ANSWER)
    assert visited.request(f'AT+HTTPCGET="{url}"').ok
    assert visited.ask("AT+CWMODE=1") == OK
    assert visited.ask(f'AT+HTTPCGET="{url}"') == NO_WIFI
