"""Code that is loaded when a command comes: in small steps, and completely."""

import ast
import functools
import runpy
from collections.abc import Callable
from pathlib import Path

import pytest

from espat_host import firmware
from espat_host.board import Board
from espat_host.raw_server import RawServer, read_request, send, silence
from espat_host.sim import SimBoard

ESPAT = Path(__file__).parent.parent / "firmware" / "espat"
TABLE = runpy.run_path(str(ESPAT / "commands" / "catalogue.py"))
PARTS: dict[str, tuple[str, ...]] = TABLE["PARTS"]
FAMILIES = sorted({row.module for row in TABLE["ROWS"] if row.module is not None})
# A chip reads and builds perhaps 1 KB of bytecode in 2 to 5 ms; the loop may stop for 50 ms.
MOST_AT_ONCE = 9 * 1024
OK = b"\r\nOK\r\n"


def source(module: str) -> Path:
    path = ESPAT.parent / (module.replace(".", "/") + ".py")
    return path if path.is_file() else path.with_suffix("") / "__init__.py"


def imports(module: str) -> set[str]:
    """What a module imports at its top."""
    found = set()
    for node in ast.parse(source(module).read_text()).body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("espat"):
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                found.add(whole if source(whole).is_file() else node.module or "")
    return found


def with_imports(module: str, known: set[str]) -> set[str]:
    """A module and all that comes along with it, but for what is known."""
    found: set[str] = set()
    waiting = [module]
    while waiting:
        one = waiting.pop()
        if one not in found | known:
            found.add(one)
            waiting.extend(imports(one))
    return found


def resident() -> set[str]:
    return with_imports("espat.app", set()) | with_imports("espat.edges.buffers", set())


@functools.cache
def bytecode() -> Path:
    return firmware.bytecode()


def bytes_of(modules: set[str]) -> int:
    folder = bytecode()
    return sum(
        (folder / source(one).relative_to(ESPAT.parent).with_suffix(".mpy")).stat().st_size
        for one in modules
    )


def test_there_are_families() -> None:
    assert len(FAMILIES) > 20
    assert set(PARTS) <= set(FAMILIES)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_is_loaded_in_small_steps(family: str) -> None:
    known = resident()
    for step in (*PARTS.get(family, ()), family):
        loaded = with_imports(step, known)
        assert step in loaded, f"{step} is loaded before its turn: name it earlier"
        assert bytes_of(loaded) <= MOST_AT_ONCE, f"{step} brings {sorted(loaded)}"
        known |= loaded


def test_a_kept_connection_outlives_the_presets(joined: Board, raw_server: RawServer) -> None:
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
    raw_server.script(read_request, send(answer), read_request, send(answer), silence)
    assert joined.request(f'AT+HTTPCGET="{raw_server.url}"').body == b"hi"
    assert joined.request("AT+HTTPCHEAD=4", b"A: b").ok
    assert joined.request(f'AT+HTTPCGET="{raw_server.url}"').body == b"hi"
    assert [bytes(data).count(b" HTTP/1.1\r\n") for data in raw_server.received] == [2]


@pytest.mark.parametrize(("heap", "connections"), [("default", 2), ("8m", 1)])
def test_with_memory_enough_nothing_goes(
    boot: Callable[..., SimBoard],
    connect: Callable[..., Board],
    raw_server: RawServer,
    heap: str,
    connections: int,
) -> None:
    """On a board with PSRAM a kept connection outlives the commands of other families."""
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
    raw_server.script(read_request, send(answer), read_request, send(answer), silence)
    board = connect(boot(heap=heap))
    board.join("espressif", "1234567890")
    for _ in range(2):
        assert board.request(f'AT+HTTPCGET="{raw_server.url}"').body == b"hi"
        assert board.ask("AT+SYSRAM?").endswith(OK)
        assert board.ask("AT+NOTHING") == b"\r\nERROR\r\n"
        assert board.ask("AT+CWMODE?") == b"+CWMODE:1\r\n" + OK
    assert len(raw_server.received) == connections


@pytest.mark.parametrize("line", ["AT+NOTHING", "AT+NOTHING=1", "AT+NOTHING?"])
def test_an_unknown_command_harms_nobody(dut: Board, line: str) -> None:
    assert dut.ask("AT+CWMODE?") == b"+CWMODE:1" + b"\r\n" + OK
    assert dut.ask(line) == b"\r\nERROR\r\n"
    assert dut.ask("AT+CWMODE?") == b"+CWMODE:1" + b"\r\n" + OK
