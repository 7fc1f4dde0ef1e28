"""After a loss everything is as it was set, streams go on, and what cannot go on ends in time."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from espat_host.client.board import Board
from espat_host.local_world.payload import payload
from espat_host.local_world.raw_server import Connection, RawServer
from espat_host.sim import SimBoard
from host_tests.sim_only.wifi.link_loss import DOWN, NO_WIFI, UP, Command, Endangered, check
from host_tests.sim_only.wifi.wifi_answers import CONNECTED, DISCONNECT, JOIN, OK

pytestmark = [pytest.mark.sim_only, pytest.mark.timeout(300)]

World = dict[str, Any]
SETTINGS: dict[str, tuple[str, ...]] = {
    "DHCP": (),
    "a static address": ('AT+CIPSTA="192.168.4.77","192.168.4.1","255.255.255.0"',),
    "a name server": ('AT+CIPDNS=1,"9.9.9.9"',),
    "a lease that stays": ("AT+CWDHCP=0,1",),
    "another MAC and protocol": ('AT+CIPSTAMAC="02:11:22:33:44:55"', "AT+CWSTAPROTO=3"),
}
QUESTIONS = ("CIPSTA?", "CWDHCP?", "CIPDNS?", "CIPSTAMAC?", "CWSTAPROTO?", "CIFSR", "CWRECONNCFG?")
LOSSES = 5


@pytest.mark.parametrize("name", SETTINGS)
def test_settings_are_as_before(world: World, sim: SimBoard, joined: Board, name: str) -> None:
    for line in SETTINGS[name]:
        joined.ask(line)
        if "MAC" in line:
            joined.expect(CONNECTED)
    before = [joined.ask("AT+" + question) for question in QUESTIONS]
    for _ in range(3):
        sim.set_world(world | {"access_points": []})
        joined.expect(DISCONNECT)
        sim.set_world(world)
        joined.expect(CONNECTED, 20)
        assert joined.ask('AT+CIPDOMAIN="httpbin.org"').endswith(OK)
        assert [joined.ask("AT+" + question) for question in QUESTIONS] == before


def test_the_interval_counts_from_the_loss(world: World, sim: SimBoard, dut: Board) -> None:
    assert dut.ask(JOIN + ",,,7") == CONNECTED + OK
    sim.set_world(world | {"access_points": []})
    dut.expect(DISCONNECT)
    lost = time.monotonic()
    sim.set_world(world)
    dut.expect_silence(2.0)
    dut.expect(CONNECTED, 20)
    assert time.monotonic() - lost > 4  # the report of the loss may have been late


def test_a_long_stream_with_losses_in_it(
    world: World, sim: SimBoard, connect: Callable[..., Board], raw_server: RawServer
) -> None:
    """The body is whole, and each report stands between two chunks (link_loss.Ear)."""
    content = b"".join(payload(400_000, 7))
    ended = False
    last = len(content) // 4  # it drips until the losses are over, however long they take

    def stream(connection: Connection) -> None:
        connection.next_request()
        connection.sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(content))
        for at in range(0, len(content), 1000):
            connection.sock.sendall(content[at : at + 1000])
            pause = 0.02 if at < len(content) - last else 0.5
            connection.stopping.wait(0 if ended else pause)

    raw_server.script(stream)
    board = Endangered(sim, connect(sim), world, 3)
    # A loss lasts a second or more: on a slow PC longer than the 5 s that are the default.
    command = Command(f'AT+HTTPCGET="{raw_server.url}",,,30000', body=content)
    heard = board.start(command)
    board.pump(lambda: bool(heard.body), "the stream")
    for _ in range(LOSSES):
        board.lose()
        board.pump(lambda: board.ear.link == DOWN, "the loss")
        board.bring_back()
        board.pump(lambda: board.ear.link == UP, "the link")
    assert not heard.results, "it was over too early for this test"
    ended = True
    board.pump(lambda: bool(heard.results), "the end of the stream")
    assert check(board, command, heard)


@pytest.mark.parametrize("size", [100, 200_000])
def test_a_link_that_stays_away_ends_an_upload(
    world: World, sim: SimBoard, connect: Callable[..., Board], raw_server: RawServer, size: int
) -> None:
    """While the server does not answer, and while it has to be written to."""
    raw_server.script(lambda connection: connection.finish_reading())
    board = Endangered(sim, connect(sim), world, 4)
    data = b"x" * size
    line = f'AT+HTTPCPOST="{raw_server.url}",{size}'
    command = Command(line, b"SEND OK", data=(data[: size // 2],))
    heard = board.start(command)
    board.pump(lambda: heard.prompts > 0, "the prompt")
    board.board.write(data[: size // 2])
    board.pump_for(0.2)
    board.lose()
    board.pump_for(0.3)
    board.board.write(data[size // 2 :])
    board.pump(lambda: bool(heard.results), "the result")
    assert heard.results == [b"SEND FAIL"]
    assert heard.codes == [NO_WIFI]
    board.bring_back()
    board.heal()
