"""How well a line of a given speed is used: the share of its time that carries bytes of the body,
of what the frames around them leave."""

from __future__ import annotations

import statistics

from espat_host.bench.figures import Figure
from espat_host.bench.line import Line
from espat_host.bench.server import Server, body
from espat_host.bench.stage import firmware
from espat_host.client.board import BoardError

GROUP = "Wire"
_TARGETS = {115200: 0.98, 921600: 0.98, 3000000: 0.95}
_BITS = 10  # of a byte on the line, start and stop bit included
_SECONDS, _QUICK_SECONDS = 3.0, 0.4


def measure(server: Server, quick: bool) -> list[Figure]:
    """Downloads and uploads at each speed."""
    figures = []
    seconds, repeats = (_QUICK_SECONDS, 1) if quick else (_SECONDS, 3)
    for baud, target in _TARGETS.items():
        size = int(seconds * baud / _BITS)
        with firmware(paced=True) as (sim, client):
            if client.ask(f"AT+UART_CUR={baud},8,1,0,1") != b"\r\nOK\r\n":
                raise BoardError(f"the board does not take {baud} baud")
            # What a host sends before the driver is set anew is lost.
            client.synchronise()
            with Line(sim.port) as line:
                for name, one in (("GET", whole_download if quick else download), ("POST", upload)):
                    shares = [one(line, server, baud, size) for _ in range(repeats)]
                    share = statistics.median(shares)
                    # In quick mode connecting takes a good part of the time.
                    wanted = None if quick else target
                    title = f"{name} at {baud} baud"
                    figures.append(
                        Figure(GROUP, title, "of the line", share, target=wanted, samples=repeats)
                    )
    return figures


def download(line: Line, server: Server, baud: int, size: int) -> float:
    """The share during a GET, from its first bytes to its last."""
    answer = line.ask(f'AT+HTTPCGET="{server.url(False, size)}"', size)
    return (answer.size - answer.at_first) * _BITS / baud / (answer.seconds - answer.first)


def whole_download(line: Line, server: Server, baud: int, size: int) -> float:
    """The same with what comes before. It never exceeds the line, where a busy PC that sees the
    first bytes late finds the others come too fast."""
    answer = line.ask(f'AT+HTTPCGET="{server.url(False, size)}"', size)
    return answer.size * _BITS / baud / answer.seconds


def upload(line: Line, server: Server, baud: int, size: int) -> float:
    """The share during a POST, from the prompt to the result, connecting included."""
    line.ask(f'AT+HTTPCPOST="{server.url(False, 0)}",{size}', end=b"\r\nOK\r\n\r\n>")
    answer = line.ask("", end=b"SEND OK\r\n", data=body(size))
    return size * _BITS / baud / answer.seconds
