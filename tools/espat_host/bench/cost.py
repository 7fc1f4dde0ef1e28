"""What the firmware costs: memory while a body streams, and its loop's time while commands run."""

from __future__ import annotations

import re
import statistics
import time

from espat_host.bench.figures import Figure, interleaved
from espat_host.bench.server import Server, body
from espat_host.bench.stage import WATCHED, Stage, firmware
from espat_host.client.board import Board, UnexpectedBytes

GROUP, LOOP = "Cost", "Loop"
_MB = 1_000_000
_MOST_GAP_MS = 50.0
_MOST_PER_MB = 1024
_HEADER = "X-Long: " + "a" * 200


def measure(server: Server, quick: bool) -> list[Figure]:
    """On a board with a heartbeat beside the firmware's own tasks."""
    with firmware(program=WATCHED) as (_, client):
        figures = _allocation(client, server, 1 if quick else 8)
        return figures + _gaps(client, server, 1 if quick else 3)


def boot_time(stage: Stage, quick: bool) -> Figure:
    """From reset to the first word on the port. After the latencies: both boards start anew."""

    def reset(name: str) -> float:
        board = stage.espat_board if name == "espat" else stage.rivals_board
        start = time.perf_counter()
        board.reset()
        return (time.perf_counter() - start) * 1000

    repeats = 1 if quick else 5
    taken = interleaved(
        repeats, [("rival", lambda: reset("rival")), ("espat", lambda: reset("espat"))]
    )
    ours, theirs = (statistics.median(taken[name]) for name in ("espat", "rival"))
    against = "a bare program that joins"
    return Figure(GROUP, "reset to ready", "ms", ours, against, theirs, ours / theirs,
                  samples=repeats)  # fmt: skip


def _allocation(client: Board, server: Server, megabytes: int) -> list[Figure]:
    """Between the first byte of a body and its last, the collector held back."""
    client.ask("AT+BENCH=0")
    figures = []
    for tls in (False, True):
        url = server.url(tls, megabytes * _MB)
        for chunk in (2048, 512):
            client.ask("AT+BENCH?")
            client.request(f'AT+HTTPCGET="{url}",,{chunk}', sink=len, timeout=60)
            _, allocated, collected = _told(client)
            name = f"allocated per MB, {'HTTPS' if tls else 'HTTP'}, chunks of {chunk}"
            note = "not measured: the heap was full meanwhile" if collected else ""
            value = None if collected else allocated / megabytes
            figures.append(
                Figure(GROUP, name, "bytes", value, target=_MOST_PER_MB, most=True, note=note)
            )
    client.ask("AT+BENCH=1")
    return figures


def _gaps(client: Board, server: Server, repeats: int) -> list[Figure]:
    """The longest gap of the heartbeat during each command, its module loaded the first time."""
    figures = []
    for name, line, data in _commands(server):
        gaps, first = [], 0.0
        for _ in range(repeats):
            client.ask("AT+BENCH?")
            client.request(line, data, timeout=60, sink=len)
            gaps.append(_told(client)[0] / 1000)
            first = first or gaps[0]
        gap = statistics.median(gaps)
        note = f"the first time {first:.1f} ms" if repeats > 1 else ""
        figures.append(
            Figure(LOOP, f"longest gap during {name}", "ms", gap, target=_MOST_GAP_MS, most=True,
                   samples=repeats, note=note)
        )  # fmt: skip
    return figures


def _commands(server: Server) -> list[tuple[str, str, bytes | None]]:
    get = f'AT+HTTPCLIENT=2,0,"{server.url(False, 100)}",,,1'
    long_url = b"http://127.0.0.1:%d/" % server.plain + b"a/" * 4070 + b"bytes/100"
    rule = b"^+HTTPCLIENT:[0-9]*,(a|aa)*b"
    return [
        ("AT", "AT", None),
        ("AT+GMR", "AT+GMR", None),
        ("AT+CMD?", "AT+CMD?", None),
        ("AT+SYSRAM?", "AT+SYSRAM?", None),
        ("AT+CWLAP", "AT+CWLAP", None),
        ("AT+CWJAP?", "AT+CWJAP?", None),
        ("AT+CIPSTA?", "AT+CIPSTA?", None),
        ("AT+CIPDOMAIN", 'AT+CIPDOMAIN="here.test"', None),
        ("AT+CIPSNTPCFG?", "AT+CIPSNTPCFG?", None),
        ("AT+FS, a file of 8 KB written", 'AT+FS=0,2,"bench",0,8192', body(8192)),
        ("AT+FS, the file read", 'AT+FS=0,3,"bench",0,8192', None),
        ("AT+SYSMFG, 2 KB written", 'AT+SYSMFG=2,"https_ca","https_ca.0",8,2000', body(2000)),
        ("GET of 100 bytes", get, None),
        ("GET of 1 MB", f'AT+HTTPCGET="{server.url(False, _MB)}"', None),
        ("GET of 100 bytes by HTTPS", get.replace(server.url(False, 100), server.url(True, 100)),
         None),
        ("GET of 1 MB by HTTPS", f'AT+HTTPCGET="{server.url(True, _MB)}"', None),
        ("POST of 100 KB", f'AT+HTTPCPOST="{server.url(False, 0)}",100000', body(100000)),
        ("a URL of 8 KB", f"AT+HTTPURLCFG={len(long_url)}", long_url),
        ("GET with it", 'AT+HTTPCLIENT=2,0,"",,,1', None),
        ("a header of 1 KB", "AT+HTTPCHEAD=1008", b"X-Long: " + b"a" * 1000),
        ("GET with that", get, None),
        ("a slow filter", f"AT+SYSMSGFILTERCFG=1,{len(rule)},2", rule + b"\r\n"),
        ("AT+SYSMSGFILTER=1", "AT+SYSMSGFILTER=1", None),
        ("HEAD through it", get.replace("=2,", "=1,"), None),
    ]  # fmt: skip


def _told(client: Board) -> tuple[int, int, int]:
    answer = client.ask("AT+BENCH?")
    found = re.search(rb"\+BENCH:(\d+),(-?\d+),(\d+)", answer)
    if not found:
        raise UnexpectedBytes(client.evidence(f"AT+BENCH? was answered {answer!r}"))
    return int(found[1]), int(found[2]), int(found[3])
