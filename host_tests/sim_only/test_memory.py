"""Memory as a budget: what `make size` measures holds, and no command leaves anything behind."""

import dataclasses
import re
from collections.abc import Callable, Iterator

import pytest

from espat_host.bench import size
from espat_host.client.board import Board
from espat_host.local_world.servers import Servers
from espat_host.sim.measures import Measures

pytestmark = pytest.mark.sim_only

NOISE = 1024  # what the collector finds by chance, on the 64-bit board
# The chip starts again after these.
RESTARTING = {"+RST", "+RESTORE", "+GSLP", "+SYSROLLBACK"}
ECHO = {"E0", "E1"}
# What follows the name of a command with a set form, and the data after its prompt.
SETTINGS: dict[str, tuple[str, bytes | None]] = {
    "+TRANSINTVL": ("=20", None),
    "+SYSTIMESTAMP": ("=1790000000", None),
    "+SLEEP": ("=0", None),
    "+SLEEPWKCFG": ("=0,1000", None),
    "+SYSRAM": ("=4", None),
    "+SYSFLASH": ('=2,"vfs",0,4', None),
    "+SYSMFG": ("=0", None),
    "+SYSMSGFILTER": ("=0", None),
    "+SYSMSGFILTERCFG": ("=0", None),
    "+RFPOWER": ("=78", None),
    "+SYSMSG": ("=0", None),
    "+SYSLOG": ("=0", None),
    "+SYSSTORE": ("=0", None),
    "+SYSREG": ("=0,0x3ff44004", None),
    "+CWINIT": ("=1", None),
    "+CWMODE": ("=1", None),
    "+CWCONFIG": ("=3", None),
    "+CWJAP": ('="espressif","1234567890"', None),
    "+CWRECONNCFG": ("=1,100", None),
    "+CWLAP": ('="espressif"', None),
    "+CWLAPOPT": ("=1,2047", None),
    "+CWDHCP": ("=1,1", None),
    "+CWSTAPROTO": ("=7", None),
    "+CWAUTOCONN": ("=1", None),
    "+CWHOSTNAME": ('="espat"', None),
    "+CWCOUNTRY": ('=1,"CN",1,13', None),
    "+CIPV6": ("=0", None),
    "+CIPDNS": ("=0", None),
    "+CIPDOMAIN": ('="{host}"', None),
    "+CIPSNTPCFG": ("=0,8", None),
    "+CIPSNTPINTV": ("=3600", None),
    "+PING": ('="127.0.0.1"', None),
    "+HTTPCLIENT": ('=2,0,"{url}/get",,,1', None),
    "+HTTPGETSIZE": ('="{url}/get"', None),
    "+HTTPURLCFG": ("=8", b"http://h"),
    "+HTTPCHEAD": ("=4", b"A: b"),
    "+HTTPCGET": ('="{tls}/get"', None),
    "+HTTPCPOST": ('="{url}/post",3', b"abc"),
    "+HTTPCPUT": ('="{tls}/put",3', b"abc"),
    "+HTTPCFG": ("=0", None),
    "+HTTPREQ": ('="PATCH","{tls}/patch",3', b"abc"),
    "+HTTPREPORT": ("=0", None),
    "+HTTPREDIRECT": ("=0", None),
    "+HTTPTIMEOUT": ("=0", None),
    "+HTTPPULL": ("=0", None),
    "+HTTPREAD": ("=1", None),
    "+FS": ('=1,4,"."', None),
    "+FSMOUNT": ("=1", None),
    "+USERRAM": ("=0", None),
}


@pytest.fixture(scope="module")
def sizes() -> size.Sizes:
    return size.measure()


def test_the_firmware_fits_its_budget(sizes: size.Sizes) -> None:
    assert sizes.over_budget() == []


def test_every_http_command_is_weighed(sizes: size.Sizes) -> None:
    names = {state.name.split()[0].rstrip(",") for state in sizes.requests}
    assert len(names) == 7
    assert len(sizes.requests) == 16  # without TLS and with it
    for state in sizes.requests:
        assert 0 < state.measures.system_least < sizes.joined.measures.system_free, state.name
        assert sizes.ready.measures.python_live < state.measures.python_most, state.name


def test_a_request_is_measured_alone(sizes: size.Sizes) -> None:
    """While MicroPython's heap grew, and that was before, the largest block was small."""
    for state in (sizes.ready, sizes.joined):
        assert state.measures.system_least == state.measures.system_free
        assert state.measures.largest_least == state.measures.system_largest


def state(name: str, reads: int = 0, **changes: int) -> size.State:
    """One within every budget but for these numbers."""
    fine = Measures(98_000, 80_000, 80_000, 50_000, 40_000, 30_000, 20_000, 1, 3000, 150_000, 0)
    return size.State(name, dataclasses.replace(fine, **changes), reads)


def broken(*, files: int = 8, ready: size.State, joined: size.State, get: size.State) -> list[str]:
    named = {f"lib/espat/{number}.mpy": 1 for number in range(files)}
    return size.Sizes(named, ready, joined, [get]).over_budget()


def test_what_is_within_is_not_named() -> None:
    joined = state("joined", system_free=40_960)
    get = state(size.FIRST, 300, system_least=8192)
    assert broken(ready=state("ready", 3000), joined=joined, get=get) == []


def test_what_is_too_large_is_named() -> None:
    joined = state("joined", system_free=40_959)
    get = state(size.FIRST, 301, system_least=8191, growths=2, python_total=108_500)
    told = broken(files=9, ready=state("ready", 3001), joined=joined, get=get)
    free, worst, growths, ready, first, files = told
    assert free.startswith("40,959 bytes of the system heap are free when the board has joined")
    assert f"8,191 bytes of the system heap are free at the worst moment of {size.FIRST}" in worst
    assert "has grown 2 times, to 108,500 bytes" in growths
    assert "read 3,001 times until the board is ready" in ready
    assert "read 301 times for the first HTTP command" in first
    assert files == "9 files are deployed, the budget is 8"


@pytest.fixture
def lines(joined: Board, servers: Servers) -> dict[str, list[tuple[str, bytes | None]]]:
    """The lines to try for each command that AT+CMD? lists."""
    http = re.sub(r"^http://", "", servers.http)
    places = {"url": servers.http, "tls": servers.https, "host": http.split(":")[0]}
    found: dict[str, list[tuple[str, bytes | None]]] = {}
    for name, flags in re.findall(rb'"AT([^"]*)",([0-9,]+)', joined.ask("AT+CMD?")):
        _, query, setting, plain = flags.split(b",")
        command = name.decode()
        if command in RESTARTING | ECHO:
            continue
        found[command] = [(f"AT{command}?", None)] if query == b"1" else []
        if plain == b"1":
            found[command].append((f"AT{command}", None))
        if setting == b"1" and command in SETTINGS:
            rest, data = SETTINGS[command]
            found[command].append((f"AT{command}{rest.format(**places)}", data))
    return found


def tries(
    lines: dict[str, list[tuple[str, bytes | None]]],
) -> Iterator[tuple[str, bytes | None]]:
    for some in lines.values():
        yield from some


def run(board: Board, line: str, data: bytes | None) -> None:
    """One command; whether it succeeds does not matter, but that it ends."""
    board.request(line, data, timeout=20)
    if line.startswith(("AT+CWQAP", "AT+CWMODE")):
        board.join("espressif", "1234567890")


def test_every_command_is_tried(lines: dict[str, list[tuple[str, bytes | None]]]) -> None:
    assert len(lines) > 50
    assert set(SETTINGS) <= set(lines)


def test_commands_leave_nothing_behind(
    joined: Board,
    lines: dict[str, list[tuple[str, bytes | None]]],
    settled: Callable[[Board], int],
) -> None:
    """The first time a command may leave names, which MicroPython keeps; then nothing."""
    for line, data in tries(lines):
        run(joined, line, data)
    for line, data in tries(lines):
        run(joined, line, data)
    begin = settled(joined)
    for _ in range(2):
        for line, data in tries(lines):
            run(joined, line, data)
    assert abs(settled(joined) - begin) <= NOISE


@pytest.fixture
def settled() -> Callable[[Board], int]:
    """Free memory after an upload: until the next one asyncio holds on to the task of the last."""

    def settle(board: Board) -> int:
        board.request("AT+HTTPCHEAD=4", b"A: b")
        board.request("AT+HTTPCHEAD=4", b"A: b")
        return board.free_memory()

    return settle
