"""What only shows when things happen at the wrong moment: slow lines, slow names, slow scans."""

from collections.abc import Callable
from typing import Any

import pytest

from espat_host.client.board import Board
from espat_host.local_world.payload import payload
from espat_host.local_world.raw_server import RawServer, Step, drip, pause, read_request, send
from espat_host.sim import SimBoard

pytestmark = [pytest.mark.sim_only, pytest.mark.timeout(400)]

OK = b"\r\nOK\r\n"
ERROR = b"\r\nERROR\r\n"
CONNECTED = b"WIFI CONNECTED\r\nWIFI GOT IP\r\n"
HEAD = b"HTTP/1.1 200 OK\r\n"
Boot = Callable[..., SimBoard]
Connect = Callable[..., Board]
World = dict[str, Any]


def join(dut: Board) -> Board:
    dut.join("espressif", "1234567890")
    return dut


def test_a_real_lookup(boot: Boot, connect: Connect) -> None:
    """Without "hosts" in its world the board asks the PC's resolver, in a thread."""
    dut = join(connect(boot(world=None)))
    dut.ask("AT+SYSLOG=1")
    for _ in range(3):
        answer = dut.ask('AT+HTTPCGET="http://no-such-name.invalid/"', timeout=30)
        assert answer in (
            b"ERR CODE:0x010a7001\r\n" + ERROR,  # no such name
            b"ERR CODE:0x010a7011\r\n" + ERROR,  # no name server answers this PC
        )
        assert dut.ask("AT") == OK


def test_a_scan_that_a_join_overtakes(world: World, sim: SimBoard, joined: Board) -> None:
    """The background scans for what is lost while the host joins another network."""
    lost = {"ssid": "espressif", "password": "1234567890"}
    other = {"ssid": "other", "password": "1234567890"}
    sim.set_world(world | {"access_points": [lost, other], "scan_time": 1.5})
    assert joined.ask('AT+CWJAP="espressif","1234567890",,,1,,1', timeout=20).endswith(OK)
    sim.set_world(world | {"access_points": [other], "scan_time": 1.5})
    joined.expect(b"WIFI DISCONNECT\r\n")
    joined.expect_silence(1.3)  # the scan is under way now
    assert joined.ask('AT+CWJAP="other","1234567890"', timeout=20) == CONNECTED + OK
    sim.set_world(world | {"access_points": [lost, other], "scan_time": 1.5})
    joined.expect_silence(2.5)
    assert joined.ask("AT+CWSTATE?") == b'+CWSTATE:2,"other"\r\n' + OK


@pytest.mark.parametrize(("rx_size", "limit_ms"), [(10240, 2000), (2048, 1500)])
def test_the_line_is_slower_than_the_time_limit(
    world: World, boot: Boot, connect: Connect, raw_server: RawServer, rx_size: int, limit_ms: int
) -> None:
    """What the UART takes is not the server's time."""
    body = b"".join(payload(20_000, 1))
    steps: tuple[Step, ...] = (read_request, send(HEAD + b"Content-Length: 20000\r\n\r\n"))
    raw_server.script(*steps, send(body[:10_500]), pause(0.1), drip(body[10_500:], 0.02, 1000))
    dut = join(connect(boot(baud_pacing=True)))
    dut.ask("AT+UART_CUR=19200,8,1,0,1")  # 20,000 bytes take ten seconds
    dut.synchronise()
    line = f'AT+HTTPCGET="{raw_server.url}",2048,{rx_size},{limit_ms}'
    reply = dut.request(line, timeout=20)
    assert (reply.result, reply.body) == (b"OK", body)


def test_reports_stay_out_of_counted_values(
    world: World, boot: Boot, connect: Connect, raw_server: RawServer
) -> None:
    sim = boot(baud_pacing=True)
    dut = join(connect(sim))
    value = b"".join(payload(3000, 2)).replace(b"\r", b"-")
    assert dut.request('AT+SYSMFG=2,"ns","key",8,3000', value, timeout=20).ok
    dut.send_line('AT+SYSMFG=1,"ns","key"')
    dut.expect(b'+SYSMFG:"ns","key",8,3000,')
    sim.set_world(world | {"access_points": []})
    dut.expect(value + b"\r\n", timeout=20)
    assert {dut.read_line() for _ in range(3)} == {b"", b"OK", b"WIFI DISCONNECT"}


def test_a_slow_name_of_sntp_holds_up_nobody(
    world: World, sim: SimBoard, joined: Board, raw_server: RawServer
) -> None:
    world["hosts"]["slow.example"] = {"address": "127.0.0.1", "delay": 15}
    world["hosts"]["fast.example"] = {"address": "127.0.0.1"}
    sim.set_world(world)
    assert joined.ask('AT+CIPSNTPCFG=1,0,"slow.example"') == OK
    raw_server.answer(HEAD + b"Content-Length: 2\r\n\r\nhi")
    url = f"http://fast.example:{raw_server.port}/"
    assert joined.request(f'AT+HTTPCGET="{url}"', timeout=12).body == b"hi"


def test_a_handshake_in_drips(joined: Board, raw_server: RawServer) -> None:
    """A record header, then a byte every half second: one limit for the handshake as a whole."""
    record = b"\x16\x03\x03\x02\x00" + bytes(512)
    raw_server.script(drip(record, 0.5))
    joined.ask("AT+SYSLOG=1")
    url = raw_server.url.replace("http:", "https:")
    answer = joined.ask(f'AT+HTTPCGET="{url}"', timeout=40)
    assert answer == b"ERR CODE:0x010a7012\r\n" + ERROR
    assert joined.ask("AT") == OK


def test_a_header_in_drips(joined: Board, raw_server: RawServer) -> None:
    """A minute for the head as a whole, however regularly its bytes come."""
    raw_server.script(read_request, send(HEAD + b"X: "), drip(b"x" * 1000, 0.5))
    joined.ask("AT+SYSLOG=1")
    answer = joined.ask(f'AT+HTTPCGET="{raw_server.url}"', timeout=100)
    assert answer == b"ERR CODE:0x010a700b\r\n" + ERROR
    assert joined.ask("AT") == OK
