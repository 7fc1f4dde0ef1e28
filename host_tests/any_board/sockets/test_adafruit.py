"""A host that others wrote, unchanged: Adafruit's ESP_ATcontrol and requests, from PyPI."""

import importlib
import json
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from espat_host.local_world.servers import Servers
from host_tests.any_board.sockets import circuitpython
from host_tests.conftest import Target

# An answer that comes in one read with SEND OK, as on a busy PC, the driver overlooks.
FAR = "/delay/0.5"


class Host:
    """`esp`: the driver, in its network."""

    def __init__(self, port: str, target: Target) -> None:
        control = importlib.import_module("adafruit_espatcontrol.adafruit_espatcontrol")
        pool = importlib.import_module("adafruit_espatcontrol.adafruit_espatcontrol_socket")
        requests = importlib.import_module("adafruit_requests")
        self.uart = circuitpython.Uart(port)
        self.esp = control.ESP_ATcontrol(self.uart, 115200)
        pool.set_interface(self.esp)
        self._session = lambda: requests.Session(pool)
        self._network = {"ssid": target.ssid, "password": target.password}

    def connect(self) -> None:
        self.esp.connect(self._network)

    def session(self, tls: bool = False) -> Any:
        """Of requests: one for each request, for on ports of its own the driver knows once only
        whether it is for TLS; its WiFiManager tells it so, too."""
        self.esp.conntype = "SSL" if tls else "TCP"
        return self._session()

    def get(self, url: str) -> Any:
        return self.session(url.startswith("https")).get(url.replace("https:", "http:"))


@pytest.fixture
def host(
    target: Target, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Host]:
    circuitpython.install(monkeypatch)
    host = Host(target.port or request.getfixturevalue("sim").port, target)
    with host.uart:
        host.connect()
        yield host


def test_it_starts_and_joins(host: Host, target: Target) -> None:
    assert host.esp.is_connected
    assert host.esp.local_ip.count(".") == 3
    assert "AT version:" in host.esp.version
    assert host.esp.nslookup(target.host_address) == target.host_address
    assert target.ssid in [row[1] for row in host.esp.scan_APs()]


def test_ping(host: Host, target: Target) -> None:
    try:
        socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP).close()
    except PermissionError:
        if target.port is None:
            pytest.skip("no right to open a raw socket")
    assert host.esp.ping(target.host_address) in range(1000)


def test_get_and_json(host: Host, servers: Servers) -> None:
    answer = host.get(f"{servers.http}{FAR}?a=1")
    assert answer.status_code == 200
    assert answer.json()["args"] == {"a": "1"}
    answer.close()


def test_a_body_of_many_pieces(host: Host, servers: Servers) -> None:
    answer = host.get(f"{servers.http}/range/4000")
    text = answer.content
    assert len(text) == 4000
    assert text[:26] == b"abcdefghijklmnopqrstuvwxyz"
    answer.close()


def test_post(host: Host, servers: Servers) -> None:
    answer = host.session().post(f"{servers.http}{FAR}", json={"value": 42})
    assert json.loads(answer.json()["data"]) == {"value": 42}
    answer.close()


def test_tls(host: Host, servers: Servers) -> None:
    answer = host.get(f"{servers.https}{FAR}")
    assert answer.status_code == 200
    assert answer.json()["headers"]["Host"]
    answer.close()


@pytest.mark.timeout(900)
@pytest.mark.soak(3, 50)
def test_requests_in_a_row(host: Host, servers: Servers, amount: int) -> None:
    for number in range(amount):
        answer = host.get(f"{servers.http}{FAR}?number={number}")
        assert answer.json()["args"] == {"number": str(number)}
        answer.close()
