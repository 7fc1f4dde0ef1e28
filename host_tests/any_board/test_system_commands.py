"""The system itself: memory, sleep, power, registers, the host's own buffer."""

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from espat_host.client.board import Board
from espat_host.sim import SimBoard

OK = b"\r\nOK\r\n"
ERROR = b"\r\nERROR\r\n"
PROMPT = b"\r\nOK\r\n\r\n>"
READY = b"\r\nready\r\n"
NOT_SUPPORTED = "010a7013"
REGISTER = 0x3FF44004  # GPIO_OUT_REG
LARGEST = 16384

WRONG = {
    "AT+GSLP": "010c0000",
    "AT+GSLP=": "01070000",
    "AT+GSLP=-1": "01070000",
    "AT+GSLP=2147483648": "01070000",
    "AT+GSLP=1,1": "01060102",
    'AT+GSLP="1"': "01050000",
    "AT+SLEEP=4": "01070000",
    "AT+SLEEP=": "01070000",
    "AT+SLEEP=1,1": "01060102",
    "AT+SLEEP=2": NOT_SUPPORTED,
    "AT+SLEEPWKCFG=2": "01060201",
    "AT+SLEEPWKCFG=2,1,1,1": "01060304",
    "AT+SLEEPWKCFG=1,1": "01070000",
    "AT+SLEEPWKCFG=2,49": "01070001",
    "AT+SLEEPWKCFG=2,4,2": "01070002",
    "AT+SLEEPWKCFG=2,4": NOT_SUPPORTED,
    "AT+SLEEPWKCFG=2,4,0": NOT_SUPPORTED,
    "AT+RFPOWER=39": "01070000",
    "AT+RFPOWER=85": "01070000",
    "AT+RFPOWER=40,8": "01070001",
    "AT+RFPOWER=40,,8": "01070002",
    "AT+RFPOWER=40,,,-1": "01070003",
    "AT+RFPOWER=40,1,1,1,1": "01060405",
    "AT+RFPOWER=40,1": NOT_SUPPORTED,
    "AT+RFPOWER=,,,7": NOT_SUPPORTED,
    "AT+SYSRAM=-1": "01070000",
    "AT+SYSRAM=": "01070000",
    "AT+SYSRAM=1,1": "01060102",
    "AT+SYSMSG=8": "01070000",
    "AT+SYSMSG=-1": "01070000",
    "AT+SYSMSG=1,1": "01060102",
    "AT+TRANSINTVL=1001": "01070000",
    "AT+TRANSINTVL=-1": "01070000",
    "AT+TRANSINTVL=1,1": "01060102",
    "AT+SYSREG=2,0": "01070000",
    "AT+SYSREG=0": "01060201",
    "AT+SYSREG=0,0x3FF44004,1": "01060203",
    "AT+SYSREG=0,0x3FF44005": "01070001",
    "AT+SYSREG=0,-4": "01070001",
    "AT+SYSREG=1,0x3FF44004": "01060302",
    "AT+SYSREG=1,0x3FF44004,x": "01080002",
    "AT+USERRAM=5": "01070000",
    "AT+USERRAM=0,1": "01060102",
    "AT+USERRAM=1": "01060201",
    "AT+USERRAM=1,0": "01070001",
    f"AT+USERRAM=1,{LARGEST + 1}": "01070001",
    "AT+USERRAM=2": "01060201",
    "AT+USERRAM=2,1": "010a0000",  # there is none
    "AT+USERRAM=3,1": "010a0000",
    "AT+USERRAM=4": "010a0000",
}


@pytest.mark.parametrize("line", WRONG)
def test_what_is_refused(asked_dut: Board, line: str) -> None:
    asked_dut.ask("AT+SYSLOG=1")
    assert asked_dut.ask(line) == b"ERR CODE:0x%s\r\n" % WRONG[line].encode() + ERROR


def test_gslp_sleeps_and_starts_again(dut: Board) -> None:
    start = time.monotonic()
    assert dut.ask("AT+GSLP=500") == OK
    dut.expect(READY)
    assert time.monotonic() - start > 0.5
    assert dut.ask("AT") == b"AT\r\n" + OK


def test_gslp_0_starts_again_at_once(dut: Board) -> None:
    assert dut.ask("AT+GSLP=0") == OK
    dut.expect(READY)


def test_rfcal_forgets_the_calibration(
    boot: Callable[..., SimBoard], connect: Callable[..., Board], tmp_path: Path
) -> None:
    """ESP-IDF keeps it in NVS, in a namespace of its own, and makes it anew when it is gone."""
    kept = tmp_path / "nvs" / "phy"
    kept.mkdir(parents=True)
    for key in ("cal_version", "cal_mac", "cal_data", "other"):
        (kept / key).write_bytes(b"bdata")
    board = connect(boot(state=tmp_path))
    for _ in range(2):
        assert board.ask("AT+RFCAL") == OK
        assert [path.name for path in kept.iterdir()] == ["other"]


def test_sleep(dut: Board) -> None:
    for mode in (0, 1, 3):
        assert dut.ask(f"AT+SLEEP={mode}") == OK
        assert dut.ask("AT+SLEEP?") == b"+SLEEP:%d\r\n" % mode + OK
    assert dut.ask("AT+SLEEP=2") == ERROR
    assert dut.ask("AT+SLEEP?") == b"+SLEEP:3\r\n" + OK


@pytest.mark.parametrize("mode", [2, 3])
def test_an_access_point_does_not_sleep(dut: Board, mode: int) -> None:
    assert dut.ask(f"AT+CWMODE={mode}") == OK
    for sleep in (1, 2, 3):
        assert dut.ask(f"AT+SLEEP={sleep}") == ERROR
    assert dut.ask("AT+SLEEP=0") == OK


def test_sleep_without_wifi_is_accepted(dut: Board) -> None:
    assert dut.ask("AT+CWMODE=0") == OK
    assert dut.ask("AT+SLEEP=1") == OK


BANDS = {34: (40, 43), 44: (44, 51), 52: (52, 55), 56: (56, 59), 60: (60, 65), 66: (66, 71)}
BANDS |= {72: (72, 77), 78: (78, 84)}


def test_rfpower_is_read_back_in_steps(dut: Board) -> None:
    assert dut.ask("AT+RFPOWER?") == b"+RFPOWER:78\r\n" + OK
    for shown, (low, high) in BANDS.items():
        for power in (low, high):
            assert dut.ask(f"AT+RFPOWER={power}") == OK
            assert dut.ask("AT+RFPOWER?") == b"+RFPOWER:%d\r\n" % shown + OK
    assert dut.ask("AT+RFPOWER=40,,,") == OK
    dut.restart()
    assert dut.ask("AT+RFPOWER?") == b"+RFPOWER:78\r\n" + OK


def test_rfpower_needs_wifi(dut: Board) -> None:
    assert dut.ask("AT+CWMODE=0") == OK
    assert dut.ask("AT+RFPOWER?") == ERROR
    assert dut.ask("AT+RFPOWER=60") == ERROR


@pytest.mark.parametrize("capabilities", ["0x4", "0x1800", "0x1804", "0"])
def test_sysram_of_a_kind(dut: Board, capabilities: str) -> None:
    answer = dut.ask(f"AT+SYSRAM={capabilities}")
    found = re.fullmatch(rb"\+SYSRAM:(\d+),(\d+),(\d+),(\d+)\r\nOK\r\n", answer)
    assert found, answer
    largest, free, fewest, total = map(int, found.groups())
    assert 0 < largest <= free <= total
    assert 0 < fewest <= free


def test_sysram_of_a_kind_that_is_not_there(dut: Board) -> None:
    assert dut.ask("AT+SYSRAM=0x400") == b"+SYSRAM:0,0,0,0" + OK  # PSRAM


def test_sysmsg_has_no_line_end_of_its_own(dut: Board) -> None:
    assert dut.ask("AT+SYSMSG?") == b"+SYSMSG:0" + OK
    for bits in (7, 1, 0):
        assert dut.ask(f"AT+SYSMSG={bits}") == OK
        assert dut.ask("AT+SYSMSG?") == b"+SYSMSG:%d" % bits + OK


def test_transintvl_is_not_saved(dut: Board) -> None:
    assert dut.ask("AT+TRANSINTVL?") == b"+TRANSINTVL:20\r\n" + OK
    for ms in (0, 1000):
        assert dut.ask(f"AT+TRANSINTVL={ms}") == OK
        assert dut.ask("AT+TRANSINTVL?") == b"+TRANSINTVL:%d\r\n" % ms + OK
    dut.restart()
    assert dut.ask("AT+TRANSINTVL?") == b"+TRANSINTVL:20\r\n" + OK


@pytest.mark.sim_only
def test_sysreg(dut: Board) -> None:
    """A real board would switch its pins."""
    for given, shown in (("0x12345678", b"0x12345678"), ("-1", b"0xffffffff"), ("0", b"0x0")):
        assert dut.ask(f"AT+SYSREG=1,{REGISTER},{given}") == OK
        assert dut.ask(f"AT+SYSREG=0,{REGISTER}") == b"+SYSREG:" + shown + b"\r\n" + OK


@pytest.mark.sim_only
def test_sysreg_of_an_address_that_leads_to_nothing_stops_the_chip(dut: Board) -> None:
    dut.send_line("AT+SYSREG=0,0")
    dut.expect(READY)


def test_userram(dut: Board) -> None:
    assert dut.ask("AT+USERRAM?") == b"+USERRAM:0\r\n" + OK
    assert dut.ask("AT+USERRAM=1,2500") == OK
    assert dut.ask("AT+USERRAM?") == b"+USERRAM:2500\r\n" + OK
    assert dut.ask("AT+USERRAM=1,10") == ERROR  # there is one
    data = (bytes(range(256)) * 10)[:2500]
    write(dut, "2500", data)
    dut.send_line("AT+USERRAM=3,2500")
    for piece in (data[:1024], data[1024:2048], data[2048:]):
        dut.expect(b"+USERRAM:%d," % len(piece) + piece)
    dut.expect(OK)
    write(dut, "5,2495", b"\r\n>OK")
    dut.send_line("AT+USERRAM=3,6,2494")
    dut.expect(b"+USERRAM:6," + data[2494:2495] + b"\r\n>OK" + OK)
    assert dut.ask("AT+USERRAM=4") == OK
    dut.send_line("AT+USERRAM=3,3,2497")
    dut.expect(b"+USERRAM:3,\0\0\0" + OK)
    assert dut.ask("AT+USERRAM=0") == OK
    assert dut.ask("AT+USERRAM=0") == OK
    assert dut.ask("AT+USERRAM?") == b"+USERRAM:0\r\n" + OK


def write(board: Board, parameters: str, data: bytes) -> None:
    board.send_line(f"AT+USERRAM=2,{parameters}")
    board.expect(PROMPT)
    board.write(data)
    board.expect(b"\r\nWRITE OK\r\n")


def test_userram_keeps_to_its_buffer(dut: Board) -> None:
    dut.ask("AT+SYSLOG=1")
    assert dut.ask("AT+USERRAM=1,10") == OK
    for operation in (2, 3):
        for given, code in (("11", 1), ("0", 1), ("1,10", 2), ("2,9", 2), ("1,-1", 2)):
            answer = dut.ask(f"AT+USERRAM={operation},{given}")
            assert answer == b"ERR CODE:0x0107000%d\r\n" % code + ERROR, given


@pytest.mark.sim_only
def test_the_largest_userram(roomy: Board) -> None:
    """A plain chip has no room for it."""
    assert roomy.ask(f"AT+USERRAM=1,{LARGEST}") == OK
    write(roomy, str(LARGEST), b"x" * LARGEST)
    assert roomy.ask("AT+USERRAM=0") == OK


TABLE = "mine,1,0x40,0x310000,0x2000\nota_0,0,0x10,0x320000,0x1000\n"


@pytest.fixture
def partitioned(
    boot: Callable[..., SimBoard], connect: Callable[..., Board], tmp_path: Path
) -> Board:
    """A board whose image has a partition of the user, and a second program."""
    (tmp_path / "partitions.csv").write_text(TABLE)
    return connect(boot(state=tmp_path))


def test_the_standard_image_has_neither(sim: SimBoard, connect: Callable[..., Board]) -> None:
    board = connect(sim)
    assert board.ask("AT+SYSFLASH?") == OK
    board.ask("AT+SYSLOG=1")
    for label in (b"nvs", b"vfs", b"factory", b"none", b"\xff", b""):
        refusal = b"ERR CODE:0x01070001\r\n" + ERROR
        assert board.ask(b'AT+SYSFLASH=0,"%s"' % label) == refusal
    for line in ("AT+SYSROLLBACK?", "AT+SYSROLLBACK"):
        assert board.ask(line) == b"ERR CODE:0x010a7013\r\n" + ERROR


def test_sysflash(partitioned: Board) -> None:
    assert partitioned.ask("AT+SYSFLASH?") == b'+SYSFLASH:"mine",1,64,0x310000,0x2000\r\n' + OK
    data = (bytes(range(256)) * 5)[:1200]
    partitioned.send_line('AT+SYSFLASH=1,"mine",3500,1200')
    partitioned.expect(b">")
    partitioned.write(data)
    partitioned.expect(OK)
    partitioned.send_line('AT+SYSFLASH=2,"mine",3500,1200')
    partitioned.expect(b"+SYSFLASH:1200," + data + OK)
    assert partitioned.ask('AT+SYSFLASH=0,"mine",0,4096') == OK
    partitioned.send_line('AT+SYSFLASH=2,"mine",4095,2')
    partitioned.expect(b"+SYSFLASH:2,\xff" + data[596:597] + OK)
    assert partitioned.ask('AT+SYSFLASH=0,"mine"') == OK
    partitioned.send_line('AT+SYSFLASH=2,"mine",4096,1')
    partitioned.expect(b"+SYSFLASH:1,\xff" + OK)


SYSFLASH_WRONG = {
    "3": "01070000",
    "0": "01060201",
    "0,1": "01050001",
    '0,"mine",0': "01060403",
    '0,"mine",1,4096': "01070002",
    '0,"mine",0,100': "01070003",
    '0,"mine",4096,8192': "01070003",
    '1,"mine",0': "01060403",
    '1,"mine",8192,1': "01070002",
    '1,"mine",0,8193': "01070003",
    '2,"mine",0,0': "01070003",
    '2,"12345678901234567",0,1': "01040001",
}


def test_sysflash_refuses(partitioned: Board) -> None:
    partitioned.ask("AT+SYSLOG=1")
    for given, code in SYSFLASH_WRONG.items():
        answer = partitioned.ask(f"AT+SYSFLASH={given}")
        assert answer == b"ERR CODE:0x%s\r\n" % code.encode() + ERROR, given


def test_sysrollback_verifies_the_other_program(partitioned: Board, tmp_path: Path) -> None:
    answer = b'+SYSROLLBACK:0x10000,"unknown",0x320000,"%s"'
    assert partitioned.ask("AT+SYSROLLBACK?") == answer % b"unknown" + OK
    assert partitioned.ask("AT+SYSROLLBACK") == ERROR
    image = bytearray(b"\xe9" + bytes(4095))
    image[0x30:0x35] = b"v1.29"
    (tmp_path / "partition-ota_0").write_bytes(image)
    assert partitioned.ask("AT+SYSROLLBACK?") == answer % b"v1.29" + OK
    assert partitioned.ask("AT+SYSROLLBACK") == OK
    partitioned.expect(READY)
