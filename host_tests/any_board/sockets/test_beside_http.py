"""A link that is never quiet, and requests beside it: what either brings is whole and in order."""

import hashlib
import json

import pytest

from espat_host.client.board import Board
from espat_host.client.events import Chunk, Event, EventReader, Result
from espat_host.client.waits import Wait
from espat_host.local_world.payload import content
from espat_host.local_world.raw_server import RawServer, drip
from espat_host.local_world.servers import Servers
from host_tests.any_board.sockets import links
from host_tests.any_board.sockets.links import OK, PATIENCE, start

SEED, BODY = 7, 20_000


class Ear:
    """What the board says, sorted: `link` and `body`, and the result codes."""

    def __init__(self, board: Board) -> None:
        self.board = board
        self.reader = EventReader()
        self.link, self.body = bytearray(), bytearray()
        self.results: list[bytes] = []

    def listen(self) -> None:
        """What comes next."""
        self.board.receive(Wait("more", PATIENCE))
        self.reader.feed(self.board.take_all())
        for event in self.reader:
            self.note(event)

    def note(self, event: Event) -> None:
        if isinstance(event, Chunk):
            (self.link if event.name == b"IPD" else self.body).extend(event.data)
        elif isinstance(event, Result):
            self.results.append(event.code)

    def result(self) -> bytes:
        """That of the command under way."""
        while not self.results:
            self.listen()
        return self.results.pop(0)


@pytest.mark.soak(60_000, 600_000)
def test_gets(joined: Board, raw_server: RawServer, servers: Servers, amount: int) -> None:
    data = content(amount, SEED)
    raw_server.script(drip(data, 0.002, 400), links.take)
    start(joined, raw_server)
    ear, expected = Ear(joined), content(BODY, SEED + 1)
    requests = 0
    while len(ear.link) < amount or not requests:
        joined.send_line(f'AT+HTTPCGET="{servers.http}/bytes-stream/{BODY}?seed={SEED + 1}"')
        assert ear.result() == b"OK"
        assert ear.body == expected
        ear.body.clear()
        requests += 1
    assert ear.link == data
    assert joined.ask("AT+CIPCLOSE") == b"CLOSED\r\n" + OK


def test_a_post(joined: Board, raw_server: RawServer, servers: Servers) -> None:
    """Its data come while the link's go out."""
    data = content(30_000, SEED)
    raw_server.script(drip(data, 0.002, 400), links.take)
    ear, upload = Ear(joined), content(BODY, SEED + 2)
    joined.send_line(f'AT+CIPSTART="TCP","{raw_server.host}",{raw_server.port}')
    assert ear.result() == b"OK"
    joined.send_line(f'AT+HTTPCPOST="{servers.http}/upload",{BODY}')
    ear.reader.prompts = True
    assert ear.result() == b"OK"
    for start_at in range(0, BODY, 1000):
        joined.write(upload[start_at : start_at + 1000])
    assert ear.result() == b"SEND OK"
    assert json.loads(ear.body)["sha256"] == hashlib.sha256(upload).hexdigest()
    while len(ear.link) < len(data):
        ear.listen()
    assert ear.link == data
