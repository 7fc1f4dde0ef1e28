"""What a peer says on a link, to the serial port as it comes: +IPD, active mode."""

from __future__ import annotations

import statistics
from collections.abc import Callable

from espat_host.bench.figures import Figure, interleaved, median_ratio
from espat_host.bench.line import Answer
from espat_host.bench.server import body
from espat_host.bench.stage import Stage
from espat_host.bench.streaming import MB, WrongBytes
from espat_host.client.events import LINK_DATA, Chunk, EventReader

GROUP = "Links"
_LEAST_OF_BARE = 0.7
_FRAME = 2048  # as much as the firmware puts behind one +IPD
_CLOSED = b"CLOSED\r\n"


def measure(stage: Stage, quick: bool) -> list[Figure]:
    """Beside a bare loop with the same frames."""
    # Long enough that the code for AT+CIPSEND, which is loaded first, does not count.
    size, repeats = (2 * MB, 2) if quick else (16 * MB, 11)
    _verify(_receive(stage, size, keep=True), size)
    task = f"link {stage.server.plain} 0 {size} {_FRAME}"

    def ours() -> float:
        return size / _receive(stage, size).seconds / MB

    def theirs() -> float:
        return size / stage.rivals.ask(task, size).seconds / MB

    runs: list[tuple[str, Callable[[], float]]] = [("bare", theirs), ("espat", ours)]
    taken = interleaved(repeats, runs)
    return [
        Figure(
            GROUP, "active mode", "MB/s", statistics.median(taken["espat"]), "bare loop",
            statistics.median(taken["bare"]), median_ratio(taken["espat"], taken["bare"]),
            _LEAST_OF_BARE, judged="ratio", samples=repeats,
        )
    ]  # fmt: skip


def _receive(stage: Stage, size: int, *, keep: bool = False) -> Answer:
    """From the question to the end of the connection, which the server ends."""
    stage.espat.ask(f'AT+CIPSTART="TCP","127.0.0.1",{stage.server.plain}')
    question = b"GET /bytes/%d HTTP/1.0\r\n\r\n" % size
    line = f"AT+CIPSEND={len(question)}"
    return stage.espat.ask(line, size, _CLOSED, keep=keep, data=question)


def _verify(answer: Answer, size: int) -> None:
    reader = EventReader()
    reader.feed(answer.data)
    said = b"".join(
        event.data for event in reader if isinstance(event, Chunk) and event.name == LINK_DATA
    )
    if said.partition(b"\r\n\r\n")[2] != body(size):
        raise WrongBytes(f"{size} bytes came out of a link as others; see host_tests")
