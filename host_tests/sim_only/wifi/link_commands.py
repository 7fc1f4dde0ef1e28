"""HTTP commands to lose the link in, and the server that answers them slowly."""

import random
import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from espat_host.client.board import Board
from espat_host.local_world.payload import payload
from espat_host.local_world.raw_server import Connection, RawServer
from espat_host.sim import SimBoard
from host_tests.sim_only.wifi.link_loss import Command, Endangered, torment

BOARDS = 3  # for each command
SEED = 11
LATEST = 0.25  # seconds from the command to its loss
PAUSE = 0.02  # of the server, between two pieces
NAME = "slow.example"
LOOKUP = 0.03
HELLO = "/hello/1"
# It looks like the port's own messages from every side.
HOSTILE = b"\r\nOK\r\nWIFI DISCONNECT\r\n+HTTPCGET:5,hello\r\n\r\nERROR\r\n\r\n>"
FILE = b"".join(payload(150_000, 6))

Make = Callable[[str, random.Random], Command]


def address(url: str, dice: random.Random, least: int, most: int) -> tuple[str, int]:
    """A URL by address or by name, and in how many pieces the answer comes."""
    pieces = dice.randint(least, most)
    host = dice.choice(["127.0.0.1", NAME])
    return f"{url.replace('127.0.0.1', host)}/x/{pieces}", pieces


def body(pieces: int) -> bytes:
    return b"hello" if pieces == 1 else (HOSTILE * 20 + bytes(range(256)) * 4) * pieces


def serve(connection: Connection) -> None:
    """Answers in pieces, with pauses in the head and in the body."""
    while request := connection.next_request():
        found = re.match(rb"(\w+) /\w+/(\d+) ", request)
        assert found, request[:80]
        pieces = int(found[2])
        data = b"" if found[1] == b"HEAD" else body(pieces)
        head = b"HTTP/1.1 200 OK\r\nX-A: b\r\n|Content-Length: %d\r\n\r\n" % len(body(pieces))
        parts = [*head.split(b"|"), *cut(data, pieces)]
        for part in parts:
            connection.sock.sendall(part)
            if pieces > 1:
                connection.stopping.wait(PAUSE)


def cut(data: bytes, pieces: int) -> list[bytes]:
    size = max(1, -(-len(data) // pieces))
    return [data[at : at + size] for at in range(0, len(data), size)]


def method(number: int) -> Make:
    def make(url: str, dice: random.Random) -> Command:
        url, pieces = address(url, dice, 2, 8)
        rest = ',"a=b"' if number == 3 else ""
        line = f'AT+HTTPCLIENT={number},0,"{url}",,,1{rest}'
        return Command(line, body=b"" if number == 1 else body(pieces))

    return make


def getting(url: str, dice: random.Random) -> Command:
    url, pieces = address(url, dice, 2, 8)
    return Command(f'AT+HTTPCGET="{url}",,{dice.choice([64, 512, 2048])}', body=body(pieces))


def sizing(url: str, dice: random.Random) -> Command:
    return Command(f'AT+HTTPGETSIZE="{address(url, dice, 2, 8)[0]}"')


def sending(name: str) -> Make:
    """Some of the uploads are larger than the board's buffer, so they go on after it connects."""

    def make(url: str, dice: random.Random) -> Command:
        url, pieces = address(url, dice, 2, 5)
        data = FILE[: dice.choice([100, 5000, 40_000])]
        line = f'AT+{name}="{url}",{len(data)}'
        return Command(line, b"SEND OK", body(pieces), tuple(cut(data, dice.randint(1, 20))))

    return make


def downloading(url: str, dice: random.Random) -> Command:
    url, _ = address(url, dice, 2, 8)
    line = f'AT+HTTPGET_TO_FS="g",{len(url)}'
    return Command(line, data=tuple(cut(url.encode(), dice.randint(1, 5))))


def uploading(url: str, dice: random.Random) -> Command:
    url, pieces = address(url, dice, 2, 5)
    line = f'AT+FS_TO_HTTP_SERVER="f",{len(url)}'
    return Command(line, body=body(pieces), data=tuple(cut(url.encode(), dice.randint(1, 5))))


COMMANDS: dict[str, Make] = {
    "HEAD": method(1),
    "GET": method(2),
    "POST": method(3),
    "PUT": method(4),
    "DELETE": method(5),
    "HTTPGETSIZE": sizing,
    "HTTPCGET": getting,
    "HTTPCPOST": sending("HTTPCPOST"),
    "HTTPCPUT": sending("HTTPCPUT"),
    "HTTPGET_TO_FS": downloading,
    "FS_TO_HTTP_SERVER": uploading,
}


def torment_all(
    names: Sequence[str],
    server: RawServer,
    world: dict[str, Any],
    boot: Callable[..., SimBoard],
    connect: Callable[..., Board],
    boards: int,
    losses: int,
) -> dict[str, int]:
    """`boards` boards for each command, each with so many losses, all at the same time:
    most of it is waiting. Returns how many of the commands came to a good end."""
    world["hosts"][NAME] = {"address": "127.0.0.1", "delay": LOOKUP}
    server.script(serve)

    def suffer(name: str, board: Endangered) -> int:
        hello = Command(f'AT+HTTPCGET="{server.url}{HELLO}"', body=b"hello")
        return torment(board, lambda: COMMANDS[name](server.url, board.dice), hello, losses, LATEST)

    tasks = [
        (name, victim(boot(), connect, world, SEED + i, "FS_TO" in name))
        for i in range(boards)
        for name in names
    ]
    with ThreadPoolExecutor(len(tasks)) as pool:
        ends = list(pool.map(lambda task: suffer(*task), tasks))
    return {name: sum(ends[i :: len(names)]) for i, name in enumerate(names)}


def victim(
    sim: SimBoard,
    connect: Callable[..., Board],
    world: dict[str, Any],
    seed: int,
    with_a_file: bool = True,
) -> Endangered:
    """A board, if wanted with a file to send."""
    client = connect(sim)
    if with_a_file:
        client.send_line(f'AT+FS=1,1,"f",0,{len(FILE)}')
        client.expect(b">")
        client.write(FILE)
        client.expect(b"\r\nOK\r\n")
    return Endangered(sim, client, world, seed)
