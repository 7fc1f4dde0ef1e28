"""The data of the real boards under the firmware: the simulated board runs them."""

import re
import shutil
from pathlib import Path

import pytest

from espat_host.boards.chips import CHIPS
from espat_host.boards.data import read_all
from espat_host.build.checkout import BOARDS
from espat_host.client.board import Board
from espat_host.sim import SimBoard, SimError

OK = b"\r\nOK\r\n"
ERROR = b"\r\nERROR\r\n"
# The simulated chip has its REPL on UART0.
ON_UART1 = [board for board in read_all() if board.fields["UART_ID"] == 1]

pytestmark = pytest.mark.sim_only


@pytest.mark.parametrize("data", ON_UART1, ids=lambda board: board.name)
def test_a_board_starts_and_tells_what_it_is(data, tmp_path: Path) -> None:
    with SimBoard(board=data.name, log=tmp_path / "log") as sim, Board(sim.port) as board:
        board.synchronise()
        told = board.ask("AT+GMR").decode()
        assert f"({data.name})\r\n" in told
        assert f" - {data.fields['CHIP']} - " in told
        flow = data.fields["FLOW"]
        assert board.ask("AT+UART_DEF?").startswith(b"+UART_DEF:115200,8,1,0,%d\r\n" % flow)


def test_a_lookup_has_the_stack_that_a_pc_needs() -> None:
    """A real board's data ask for the chip's 5 KB, in which the PC's resolver crashes."""
    with SimBoard(board="ESP32_GENERIC") as sim, Board(sim.port) as board:
        board.synchronise()
        board.join("espressif", "1234567890")
        assert board.ask('AT+CIPDOMAIN="no.such.name.invalid"', timeout=40) == ERROR
        assert board.ask("AT") == OK


@pytest.fixture
def two_wires(tmp_path: Path) -> str:
    """A board that has neither RTS nor CTS."""
    folder = shutil.copytree(BOARDS / "ESP32_GENERIC", tmp_path / "TWO_WIRES")
    text = (folder / "board.py").read_text()
    text = re.sub(r"(?m)^(RTS|CTS) = \d+", r"\1 = None", text).replace("FLOW = 1", "FLOW = 0")
    (folder / "board.py").write_text(text)
    return str(folder)


def test_flow_control_needs_its_pins(two_wires: str) -> None:
    with SimBoard(board=two_wires) as sim, Board(sim.port) as board:
        board.synchronise()
        assert board.request("AT+UART_CUR?").lines[0].endswith(b",8,1,0,0")
        for command in ("UART_CUR", "UART_DEF", "UART"):
            for flow in (1, 2, 3):
                assert board.ask(f"AT+{command}=115200,8,1,0,{flow}") == ERROR
            assert board.ask(f"AT+{command}=115200,8,1,0,0") == OK
            # What arrives while the driver changes over is lost, as on the chip.
            board.synchronise()
        assert board.ask("AT+UART_DEF?").startswith(b"+UART_DEF:115200,8,1,0,0\r\n")


def test_a_uart_with_the_repl_on_it_is_refused_as_on_the_chip(tmp_path: Path) -> None:
    """boards/SEEED_XIAO_ESP32C3 needs an image whose REPL is on USB, which this one is not."""
    with pytest.raises(SimError, match="REPL UART buffer size is fixed"):
        SimBoard(board="SEEED_XIAO_ESP32C3", log=tmp_path / "log").start()


def test_every_chip_is_in_the_list_of_make_check() -> None:
    assert {board.fields["CHIP"] for board in read_all()} == set(CHIPS)
    assert {chip.arch for chip in CHIPS.values()} == {"xtensawin", "rv32imc"}
