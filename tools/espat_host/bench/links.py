"""What a peer says on a link, to the serial port as it comes: +IPD in active mode, and as it is in
passthrough."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

from espat_host.bench.figures import Figure, interleaved, median_ratio
from espat_host.bench.line import Answer
from espat_host.bench.server import body
from espat_host.bench.stage import Stage
from espat_host.bench.streaming import MB, WrongBytes
from espat_host.client.events import LINK_DATA, Chunk, EventReader

GROUP = "Links"
_LEAST_OF_BARE = 0.7
_FRAME = 1472  # as much as the firmware puts behind one +IPD
_CLOSED = b"CLOSED\r\n"
_PROMPT = b"\r\nOK\r\n\r\n>"
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n"
_SILENCE, _PLUS_WAIT = 0.1, 1.0  # around the +++ of a passthrough, and behind it


def measure(stage: Stage, quick: bool) -> list[Figure]:
    """Beside bare loops that write as much."""
    # Long enough that the code for AT+CIPSEND, which is loaded first, does not count, nor the pause
    # behind its result (services/links.py).
    size, repeats = (2 * MB, 2) if quick else (64 * MB, 7)
    active = _against(stage, "active mode", "link", "bare loop", size, repeats, _active)
    stage.espat.ask("AT+CIPMODE=1")
    through = _against(
        stage, "passthrough", "unframed", "bare loop, no frames", size, repeats, _passthrough
    )
    stage.espat.ask("AT+CIPMODE=0")
    return [active, through]


Receive = Callable[[Stage, int, bool], tuple[Answer, bytes]]


def _against(
    stage: Stage, name: str, task: str, rival: str, size: int, repeats: int, receive: Receive
) -> Figure:
    _, said = receive(stage, size, True)
    if said != body(size):
        raise WrongBytes(f"{size} bytes came out of a link as others; see host_tests")
    line = f"{task} {stage.server.plain} 0 {size} {_FRAME}"

    def ours() -> float:
        return size / receive(stage, size, False)[0].seconds / MB

    def theirs() -> float:
        return size / stage.rivals.ask(line, size).seconds / MB

    taken = interleaved(repeats, [("bare", theirs), ("espat", ours)])
    return Figure(
        GROUP, name, "MB/s", statistics.median(taken["espat"]), rival,
        statistics.median(taken["bare"]), median_ratio(taken["espat"], taken["bare"]),
        _LEAST_OF_BARE, judged="ratio", samples=repeats,
    )  # fmt: skip


def _active(stage: Stage, size: int, keep: bool) -> tuple[Answer, bytes]:
    """From the question to the end of the connection, which the server ends."""
    _connect(stage)
    question = b"GET /bytes/%d HTTP/1.0\r\n\r\n" % size
    line = f"AT+CIPSEND={len(question)}"
    answer = stage.espat.ask(line, size, _CLOSED, keep=keep, data=question)
    reader = EventReader()
    reader.feed(answer.data)
    chunks = (event for event in reader if isinstance(event, Chunk) and event.name == LINK_DATA)
    return answer, b"".join(chunk.data for chunk in chunks).partition(b"\r\n\r\n")[2]


def _passthrough(stage: Stage, size: int, keep: bool) -> tuple[Answer, bytes]:
    """From the question to the last byte; the connection stays until the host closes it."""
    _connect(stage)
    stage.espat.ask("AT+CIPSEND", end=_PROMPT)
    head = _HEAD % size
    question = b"GET /bytes/%d HTTP/1.1\r\n\r\n" % size
    end = body(size)[-8:]
    answer = stage.espat.ask("", len(head) + size, end, keep=keep, data=question)
    time.sleep(_SILENCE)
    stage.espat.give(b"+++")
    time.sleep(_PLUS_WAIT)
    stage.espat.ask("AT+CIPCLOSE")
    return answer, answer.data.removeprefix(head)


def _connect(stage: Stage) -> None:
    stage.espat.ask(f'AT+CIPSTART="TCP","127.0.0.1",{stage.server.plain}')
