"""A board that a killed program has left in the middle of an upload: the next command notices it,
says so, and brings it back, and the board gets no command for its data."""

import os

import pytest

from espat_host.client.board import Board
from espat_host.dialogues.pty_screen import PtyScreen
from espat_host.local_world.raw_server import RawServer
from espat_host.sim import SimBoard
from host_tests.cli.process import ESPAT, LIMIT, environment, start

pytestmark = pytest.mark.sim_only


@pytest.mark.timeout(400)
def test_the_next_command_brings_it_back(
    sim: SimBoard, joined: Board, raw_server: RawServer
) -> None:
    """After the minute of silence in which this firmware gives the upload up."""
    raw_server.answer(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")
    joined.send_line(f'AT+HTTPCPOST="{raw_server.url}",1000')
    joined.expect_prompt()
    joined.write(b"x" * 500)
    settings = environment() | {"TERM": "xterm", "PATH": os.environ["PATH"]}
    command = [*ESPAT, "get", "--port", sim.port, raw_server.url]
    with PtyScreen(command, env=settings, columns=150) as screen:
        screen.until("a board left in an upload needs a minute ...")
        screen.until("hi", 120)
        assert screen.until_end(60) == 0
        assert screen.text == "hi"
    # Nothing of the upload has reached the server.
    (request,) = raw_server.received
    assert request.startswith(b"GET / ")


def test_who_does_not_want_to_wait(sim: SimBoard, joined: Board, raw_server: RawServer) -> None:
    """is told what to do, and has sent one line."""
    raw_server.script(lambda connection: connection.finish_reading())
    joined.send_line(f'AT+HTTPCPOST="{raw_server.url}",1000')
    joined.expect_prompt()
    with start("get", "--port", sim.port, "--patience", "3", raw_server.url) as command:
        assert command.wait(LIMIT) == 2
        assert command.stderr is not None
        told = command.stderr.read().decode()
    assert told.startswith(f"espat: no board answers on {sim.port} at 115200 baud; ")
    assert "left in the middle of an upload" in told
