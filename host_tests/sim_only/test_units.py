"""Code that comes with a command: in few small files, completely, and away again."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from espat_host.bench import size, weigh32
from espat_host.bench.micropython32 import find_node
from espat_host.build import firmware
from espat_host.build.bytecode import RESIDENT
from espat_host.build.checkout import ROOT
from espat_host.client.board import Board
from espat_host.local_world.raw_server import RawServer, read_request, send, silence
from espat_host.sim import SimBoard

OK = b"\r\nOK\r\n"
# A chip reads and builds perhaps 1 KB of bytecode in 2 to 5 ms; the loop may stop for 50 ms.
MOST_AT_ONCE = 9 * 1024
ALWAYS = [root.partition(":")[0] for root in RESIDENT]  # as they are loaded


def test_a_board_gets_few_files() -> None:
    assert len(firmware.files(ROOT / "boards" / "ESP32_GENERIC")) <= size.FILES


def test_what_comes_with_a_command_is_small() -> None:
    sizes = {Path(path).stem: len(data) for path, data in firmware.unit_files().items()}
    assert sizes.keys() > set(ALWAYS)
    for name in sizes.keys() - set(ALWAYS):
        assert sizes[name] <= MOST_AT_ONCE, name


# What a family makes while it runs.
FAMILY_AIR = 900
CATALOGUE = ROOT / "firmware" / "espat" / "commands" / "catalogue.py"
EXCHANGE = ROOT / "firmware" / "espat" / "services" / "exchange.py"
UNIT_CARE = ROOT / "firmware" / "espat" / "services" / "unit_care.py"
UNITS = ROOT / "firmware" / "espat" / "services" / "units.py"


def rooms() -> dict[str, int]:
    """What must be free before each unit is loaded."""
    text = CATALOGUE.read_text()
    names = "".join(re.findall(r'"(.*)"', text.partition("\nFAMILIES = (")[2].partition(")")[0]))
    sizes = re.findall(r"\d+", text.partition("\nROOMS = ")[2].partition(")")[0])
    found = dict(zip(names.split(), map(int, sizes), strict=True))
    (journey,) = re.findall(r"^_JOURNEY = (\d+)", EXCHANGE.read_text(), re.M)
    sizes = re.findall(r"^(?:FAMILY|LINKS|SNTP) = (\d+)", UNITS.read_text(), re.M)
    largest, links, sntp = map(int, sizes)
    assert largest == max(found.values())
    names, sizes = re.findall(r"^(UDP, .*) = (.*)$", UNIT_CARE.read_text(), re.M)[0]
    beside = zip(names.lower().split(", "), map(int, sizes.split(", ")), strict=True)
    return found | dict(beside) | {"links": links, "sntp": sntp, "journey": int(journey)}


@pytest.mark.skipif(
    not find_node(), reason="MicroPython with 32-bit objects is not installed: make weigh"
)
def test_a_unit_fits_its_room() -> None:
    """Each weighed alone, beside what is always there: it may come first and bring all names."""
    files = firmware.unit_files()
    units = {Path(path).stem for path in files} - set(ALWAYS)
    always = [f"espat.{name}" for name in ALWAYS]
    weights = {name: weigh32.weigh(files, [*always, f"espat.{name}"])[-1].heap for name in units}
    room = rooms()
    assert room.keys() == weights.keys()
    short = {name: heap for name, heap in weights.items() if heap > room[name] - FAMILY_AIR}
    assert short == {}


# MicroPython's tables of names have 20, 40 and 80 places, and then 160 (py/qstr.c), which is 1,100
# bytes more; board.py, main.py and asyncio have some 28 names beside those that are weighed.
MOST_NAMES = 140 - 28


@pytest.mark.skipif(
    not find_node(), reason="MicroPython with 32-bit objects is not installed: make weigh"
)
def test_few_names_are_new_to_a_chip() -> None:
    """With all units loaded: a name stays when its unit goes."""
    files = firmware.files(ROOT / "boards" / "ESP32_GENERIC")
    modules = {path: data for path, data in files.items() if path.endswith(".mpy")}
    modules |= {f"lib/{path}": data for path, data in firmware.unit_files().items()}
    weights = weigh32.weigh(modules, weigh32.import_order(modules))
    assert sum(weight.names for weight in weights) <= MOST_NAMES


def test_a_kept_connection_outlives_other_families(joined: Board, raw_server: RawServer) -> None:
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
    raw_server.script(read_request, send(answer), read_request, send(answer), silence)
    assert joined.request(f'AT+HTTPCGET="{raw_server.url}"').body == b"hi"
    assert joined.request("AT+HTTPCHEAD=4", b"A: b").ok
    assert joined.ask("AT+SYSRAM?").endswith(OK)
    assert joined.ask("AT+NOTHING") == b"\r\nERROR\r\n"
    assert joined.ask("AT+CWMODE?") == b"+CWMODE:1\r\n" + OK
    assert joined.request(f'AT+HTTPCGET="{raw_server.url}"').body == b"hi"
    assert [bytes(data).count(b" HTTP/1.1\r\n") for data in raw_server.received] == [2]


@pytest.mark.parametrize("heap", ["default", "8m"])
def test_services_outlive_their_family(
    boot: Callable[..., SimBoard], connect: Callable[..., Board], heap: str
) -> None:
    """What a command has switched on is the same to all that come later."""
    board = connect(boot(heap=heap))
    for _ in range(3):
        assert board.request("AT+SYSMSGFILTERCFG=1,4,0", b"^+CW").ok
        assert board.ask("AT+CWMODE=3").endswith(OK)
        assert board.ask("AT+CIPSNTPCFG=1,0").endswith(OK)
        assert board.ask("AT+CWSAP?").endswith(OK)
        assert board.ask("AT+CWAPPROTO=31") == b"\r\nERROR\r\n"  # the driver refuses
        assert board.ask("AT+CIPSNTPCFG?").startswith(b"+CIPSNTPCFG:1,0")
    assert board.ask("AT+SYSMSGFILTERCFG?").count(b"^+CW") == 3
    assert board.ask("AT+SYSMSGFILTER=1").endswith(OK)
    assert board.ask("AT+CWMODE?") == b"MODE:3\r\n" + OK
    assert board.ask("AT+SYSMSGFILTER=0").endswith(OK)
    assert board.ask("AT+SYSMSGFILTERCFG=0").endswith(OK)


@pytest.mark.parametrize("line", ["AT+NOTHING", "AT+NOTHING=1", "AT+NOTHING?"])
def test_an_unknown_command_harms_nobody(dut: Board, line: str) -> None:
    assert dut.ask("AT+CWMODE?") == b"+CWMODE:1" + b"\r\n" + OK
    assert dut.ask(line) == b"\r\nERROR\r\n"
    assert dut.ask("AT+CWMODE?") == b"+CWMODE:1" + b"\r\n" + OK
