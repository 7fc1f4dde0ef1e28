"""Bodies from a server on this PC to the serial port, as fast as they go."""

from __future__ import annotations

import statistics
from collections.abc import Callable

from espat_host.bench.figures import Figure, interleaved, median_ratio
from espat_host.bench.line import OK, Answer, Line
from espat_host.bench.server import body
from espat_host.bench.stage import Stage
from espat_host.client.replies import ReplyReader

GROUP = "Streaming"
MB = 1_000_000
_RIVALS = {
    "wire": "the port alone",
    "raw": "requests, raw.read(n)",
    "content": "requests, content",
    "unframed": "bare loop, no frames",
    "bare": "bare loop",
}
_LEAST_OF_BARE = {(False, 2048): 0.7, (False, 512): 0.5}
_LEAST_OF_REQUESTS = {(False, 2048): 2.0}
_EVERY_REPORT, _NO_REPORT = 15, 0
_LEAST_WITH_REPORTS = 0.95  # of the throughput without


class WrongBytes(RuntimeError):
    """A body came out as another one."""


def measure(stage: Stage, quick: bool) -> list[Figure]:
    """Plain and TLS, with chunks of 2048 and 512 bytes."""
    figures = []
    for tls in (False, True):
        size = MB // 2 if quick else (2 if tls else 4) * MB
        for chunk in (2048, 512):
            figures += _one_kind(stage, tls, chunk, size, 2 if quick else 11)
    return figures


def _one_kind(stage: Stage, tls: bool, chunk: int, size: int, repeats: int) -> list[Figure]:
    port = stage.server.tls if tls else stage.server.plain
    command = f'AT+HTTPCGET="{stage.server.url(tls, size)}",,{chunk}'
    _verify(stage.espat.ask(command, size, keep=True), size)
    readers: list[float] = []

    def rate(line: Line, text: str, sized: int) -> Callable[[], float]:
        def run() -> float:
            answer = line.ask(text, sized)
            readers.append(answer.reading / answer.seconds)
            return sized / answer.seconds / MB

        return run

    # A handshake for each 32 KB: a tenth of the body tells enough.
    parts = {"content": size // 10 if tls else size}
    tasks = [
        (
            word,
            rate(
                stage.rivals,
                _task(word, port, tls, parts.get(word, size), chunk),
                parts.get(word, size),
            ),
        )
        for word in _RIVALS
    ]
    # The firmware right behind the bare loop: these two are compared first of all.
    taken = interleaved(repeats, [*tasks, ("espat", rate(stage.espat, command, size))])
    kind = f"{'HTTPS' if tls else 'HTTP'}, chunks of {chunk} bytes"
    ours = statistics.median(taken["espat"])
    note = f"reader busy {statistics.median(readers):.0%} of the time"
    figures = []
    for word, against in reversed(_RIVALS.items()):
        targets = {"bare": _LEAST_OF_BARE, "content": _LEAST_OF_REQUESTS}.get(word, {})
        figures.append(
            Figure(
                GROUP, kind, "MB/s", ours, against, statistics.median(taken[word]),
                median_ratio(taken["espat"], taken[word]), targets.get((tls, chunk)),
                judged="ratio", samples=repeats, note=note if word == "wire" else "",
            )
        )  # fmt: skip
    return figures


def _task(word: str, port: int, tls: bool, size: int, chunk: int) -> str:
    return f"{word} {port} {int(tls)} {size} {chunk}"


def _verify(answer: Answer, size: int) -> None:
    reader = ReplyReader()
    reader.feed(answer.data)
    if reader.reply.body != body(size) or reader.reply.result not in OK:
        raise WrongBytes(f"{size} bytes were asked for and came out as others; see host_tests")


def with_reports(stage: Stage, quick: bool) -> list[Figure]:
    """What reports cost: the same body with all of AT+HTTPREPORT, and with none. Plain, with chunks
    of 2048 bytes, and so long that loading their code, some ms, is no part of it."""
    size, repeats = (MB // 2, 2) if quick else (16 * MB, 11)
    command = f'AT+HTTPCGET="{stage.server.url(False, size)}"'

    def rate(mask: int) -> Callable[[], float]:
        def run() -> float:
            stage.espat.ask(f"AT+HTTPREPORT={mask}")
            return size / stage.espat.ask(command, size).seconds / MB

        return run

    taken = interleaved(repeats, [("without", rate(_NO_REPORT)), ("with", rate(_EVERY_REPORT))])
    stage.espat.ask(f"AT+HTTPREPORT={_NO_REPORT}")
    return [
        Figure(
            GROUP, "HTTP, all reports on", "MB/s", statistics.median(taken["with"]), "none",
            statistics.median(taken["without"]), median_ratio(taken["with"], taken["without"]),
            _LEAST_WITH_REPORTS, judged="ratio", samples=repeats,
        )
    ]  # fmt: skip
