"""AT+UART_CUR, AT+UART_DEF and AT+UART: the settings of the AT port, live and saved."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from espat_host.client import echo_off
from espat_host.client.board import Board
from espat_host.sim import SimBoard

# A host on a wire changes its own rate, too; on the simulated line the board's rate is the line's.
pytestmark = pytest.mark.sim_only

OK = b"\r\nOK\r\n"
ERROR = b"\r\nERROR\r\n"
NAMES = ["UART_CUR", "UART_DEF", "UART"]
FACTORY = b"115200,8,1,0,1"
PATIENCE = 60.0
LIMIT = 20.0  # to find a moment in which this PC is not busy


def stored(board: Board) -> bytes:
    """What AT+UART_DEF? tells."""
    return told(board, "UART_DEF")


def told(board: Board, name: str) -> bytes:
    (line,) = board.request(f"AT+{name}?").lines
    assert line.startswith(b"+%s:" % name.encode())
    return line.partition(b":")[2]


def is_like(live: bytes, wanted: str) -> bool:
    """Whether live values are the wanted ones; the baud rate is what the divider makes of it."""
    got, want = live.decode().split(","), wanted.split(",")
    baud = int(want[0])
    return got[1:] == want[1:] and abs(int(got[0]) - baud) <= baud * 0.02


def switch(board: Board, line: str) -> None:
    """Send a line that changes the port; returns when it has changed."""
    assert board.ask(line) == OK
    # What arrives while the driver changes over is lost, as on the chip.
    board.synchronise()


def test_the_factory_settings(dut: Board) -> None:
    assert dut.ask("AT+UART_DEF?") == b"+UART_DEF:" + FACTORY + b"\r\n" + OK
    assert is_like(told(dut, "UART_CUR"), FACTORY.decode())
    assert is_like(told(dut, "UART"), FACTORY.decode())


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "wanted",
    ["80,8,1,0,1", "9600,5,1,1,0", "921600,6,3,2,1", "3000000,7,1,0,2", "5000000,8,3,2,3"],
)
def test_it_is_read_back_live(dut: Board, name: str, wanted: str) -> None:
    switch(dut, f"AT+{name}={wanted}")
    assert is_like(told(dut, "UART_CUR"), wanted)
    assert is_like(told(dut, "UART"), wanted)
    assert stored(dut) == (FACTORY if name == "UART_CUR" else wanted.encode())


@pytest.mark.parametrize("name", NAMES)
def test_what_lasts(dut: Board, name: str) -> None:
    """UART_DEF and UART are saved, whatever AT+SYSSTORE says."""
    dut.ask("AT+SYSSTORE=0")
    switch(dut, f"AT+{name}=460800,8,1,2,0")
    dut.restart()
    kept = FACTORY.decode() if name == "UART_CUR" else "460800,8,1,2,0"
    assert is_like(told(dut, "UART"), kept)
    assert stored(dut) == kept.encode()


def test_restore_brings_the_factory_settings(dut: Board) -> None:
    switch(dut, "AT+UART_DEF=9600,7,3,1,3")
    dut.restart(b"AT+RESTORE")
    assert stored(dut) == FACTORY
    assert is_like(told(dut, "UART_CUR"), FACTORY.decode())


def test_a_new_start_of_the_board(
    boot: Callable[..., SimBoard], connect: Callable[..., Board], tmp_path: Path
) -> None:
    first = boot(state=tmp_path)
    switch(connect(first), "AT+UART_DEF=230400,8,3,1,3")
    first.stop()
    second = connect(boot(state=tmp_path))
    assert stored(second) == b"230400,8,3,1,3"
    assert is_like(told(second, "UART_CUR"), "230400,8,3,1,3")


@pytest.mark.parametrize(
    "record",
    [
        b"",
        b"b",
        b"i\0\0\0\0",
        b"bnonsense",
        b"b115200,8,1,0",
        b"b115200,8,1,0,1,1",
        b"b115200,8,2,0,1",
        b"b79,8,1,0,1",
        b"b5000001,8,1,0,1",
        b"b115200,9,1,0,1",
        b"b115200,8,1,3,1",
        b"b115200,8,1,0,4",
        b"b115200,8,1,,1",
        b"b-115200,8,1,0,1",
        b"b" + b"9" * 600,
        b"b" + bytes(range(256)),
    ],
)
def test_a_broken_record_falls_back_to_the_board(
    boot: Callable[..., SimBoard], connect: Callable[..., Board], tmp_path: Path, record: bytes
) -> None:
    folder = tmp_path / "nvs" / "espat"
    folder.mkdir(parents=True)
    (folder / "uart").write_bytes(record)
    board = connect(boot(state=tmp_path))
    assert stored(board) == FACTORY
    assert is_like(told(board, "UART_CUR"), FACTORY.decode())
    switch(board, "AT+UART_DEF=57600,8,1,0,1")
    assert stored(board) == b"57600,8,1,0,1"


WRONG = {
    "79,8,1,0,1": "01070000",
    "5000001,8,1,0,1": "01070000",
    "9600,4,1,0,1": "01070001",
    "9600,9,1,0,1": "01070001",
    "9600,8,0,0,1": "01070002",
    "9600,8,4,0,1": "01070002",
    "9600,8,1,3,1": "01070003",
    "9600,8,1,0,4": "01070004",
    "9600,8,1,,1": "01070003",
    '"9600",8,1,0,1': "01050000",
    "x,8,1,0,1": "01080000",
    "9600": "01060501",
    "9600,8,1,0": "01060504",
    "9600,8,1,0,1,1": "01060506",
    # machine.UART knows no 1.5 stop bits.
    "9600,8,2,0,1": "010a7013",
    "9600,5,2,0,1": "010a7013",
}


def test_the_values_in_force_change_nothing(dut: Board) -> None:
    """Two host programs set what is set already and go on at once: the driver, made anew, would
    lose their next command (docs/wire.md 2.7)."""
    live = told(dut, "UART_CUR").decode()
    for _ in range(20):
        for name in NAMES:
            for values in (FACTORY.decode(), live):
                dut.send_line(f"AT+{name}={values}\r\nAT+SYSSTORE?")
                dut.expect(OK + b"+SYSSTORE:1\r\n" + OK)
    assert stored(dut) == live.encode()


@pytest.mark.parametrize("name", NAMES)
def test_what_is_refused_changes_nothing(dut: Board, name: str) -> None:
    before = told(dut, "UART_CUR")
    dut.ask("AT+SYSLOG=1")
    for given, code in WRONG.items():
        assert dut.ask(f"AT+{name}={given}") == b"ERR CODE:0x%s\r\n" % code.encode() + ERROR, given
    assert told(dut, "UART_CUR") == before
    assert stored(dut) == FACTORY


def seconds_for(board: Board, line: str) -> float:
    """How long a command takes from its first byte to the end of its answer."""
    start = time.monotonic()
    assert board.request(line).ok
    return time.monotonic() - start


def test_the_answer_comes_at_the_old_rate(
    boot: Callable[..., SimBoard], connect: Callable[..., Board]
) -> None:
    """A byte takes 33 ms at 300 baud. A busy PC makes things slower, but never faster than the
    line, and not each time."""
    board = connect(boot(baud_pacing=True))
    slowing: list[float] = []
    plain: list[float] = []
    limit = time.monotonic() + LIMIT
    while not slowing or (max(min(slowing), min(plain)) > 0.15 and time.monotonic() < limit):
        slowing.append(seconds_for(board, "AT+UART_CUR=300,8,1,0,1"))
        board.synchronise()
        assert seconds_for(board, "AT") > 0.2  # 4 bytes there, 6 back
        assert seconds_for(board, "AT+UART_CUR=115200,8,1,0,1") > 1  # 28 and 6
        board.synchronise()
        plain.append(seconds_for(board, "AT"))
    assert min(slowing) < 0.15, slowing
    assert min(plain) < 0.15, plain


def test_in_step_on_a_slow_line_after_a_try_in_vain(
    boot: Callable[..., SimBoard], connect: Callable[..., Board], monkeypatch: pytest.MonkeyPatch
) -> None:
    """ATE0 and its answer take half a second at 300 baud."""
    monkeypatch.setattr(echo_off, "PATIENCE", 0.3)
    board = connect(boot(baud_pacing=True))
    assert board.request("AT+UART_CUR=300,8,1,0,1").ok
    board.synchronise(PATIENCE)
    assert board.ask("AT") == OK


@pytest.mark.timeout(300)
def test_a_session_through_all_rates_and_back(
    boot: Callable[..., SimBoard], connect: Callable[..., Board]
) -> None:
    board = connect(boot(baud_pacing=True))
    size = len(board.request("AT+CMD?").raw)
    line = {rate: size * 10 / rate for rate in (9600, 115200, 921600, 3000000)}
    # Clearly faster than the next slower line allows.
    bounds = {115200: line[9600] / 4, 921600: line[115200] / 1.5}
    for rate in (9600, 115200, 921600, 3000000, 921600, 115200, 9600):
        switch(board, f"AT+UART_CUR={rate},8,1,0,1")
        assert is_like(told(board, "UART_CUR"), f"{rate},8,1,0,1")
        bound, taken = bounds.get(rate, PATIENCE), [seconds_for(board, "AT+CMD?")]
        limit = time.monotonic() + LIMIT
        while min(taken) > bound and time.monotonic() < limit:
            taken.append(seconds_for(board, "AT+CMD?"))
        assert 0.9 * line[rate] < min(taken) < bound, (rate, taken)
