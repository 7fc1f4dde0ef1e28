"""`espat flash`: what esptool is asked to do, for every chip, and how a failure is told."""

import os
import pty
import subprocess
import sys
import time
import tty
from pathlib import Path

import pytest
from click.testing import CliRunner
from esptool.targets import CHIP_DEFS

from espat_host.boards import flash
from espat_host.boards.chips import CHIPS as CHIP_DATA
from espat_host.boards.chips import Chip
from espat_host.boards.data import read
from espat_host.boards.flash import FlashError
from espat_host.build.checkout import BOARDS
from espat_host.cli import main

ESPAT = [sys.executable, "-c", "from espat_host.cli import main; main(prog_name='espat')"]
LIMIT = 120.0

# Board, esptool's name, offset and page: MicroPython's ports/esp32/boards/*/deploy*.md.
CHIPS = [
    ("ESP32_GENERIC", "esp32", "0x1000", "ESP32_GENERIC"),
    ("ESP32_WROVER", "esp32", "0x1000", "ESP32_GENERIC"),
    ("ESP32_GENERIC_S2", "esp32s2", "0x1000", "ESP32_GENERIC_S2"),
    ("ESP32_GENERIC_S3", "esp32s3", "0x0", "ESP32_GENERIC_S3"),
    ("ESP32_GENERIC_C2", "esp32c2", "0x0", "ESP32_GENERIC_C2"),
    ("ESP32_GENERIC_C3", "esp32c3", "0x0", "ESP32_GENERIC_C3"),
    ("ESP32_GENERIC_C5", "esp32c5", "0x2000", "ESP32_GENERIC_C5"),
    ("ESP32_GENERIC_C6", "esp32c6", "0x0", "ESP32_GENERIC_C6"),
]
ESP32, C3, S3 = CHIP_DATA["ESP32"], CHIP_DATA["ESP32-C3"], CHIP_DATA["ESP32-S3"]


def image_for(chip: Chip, folder: Path) -> Path:
    """As far as this PC looks at it."""
    mark = CHIP_DEFS[chip.esptool].IMAGE_CHIP_ID.to_bytes(2, "little")
    image = folder / "firmware.bin"
    image.write_bytes(b"\xe9" + bytes(11) + mark + bytes(100))
    return image


@pytest.mark.parametrize(("name", "tool_name", "offset", "page"), CHIPS)
@pytest.mark.parametrize("erase", [False, True])
def test_the_command_line(name: str, tool_name: str, offset: str, page: str, erase: bool) -> None:
    board = read(BOARDS / name)
    made = flash.arguments(board.chip, "/dev/ttyX", Path("f.bin"), 115200, erase)
    assert made == [
        *("--chip", tool_name, "--port", "/dev/ttyX", "--baud", "115200"),
        *("--connect-attempts", "3", "write-flash"),
        *(["--erase-all"] if erase else []),
        *(offset, "f.bin"),
    ]
    link = f"https://micropython.org/download/{page}/\n"
    assert link in flash.how_to_get_an_image(board, "/dev/ttyX")
    assert board.chip.flash_offset == CHIP_DEFS[tool_name].BOOTLOADER_FLASH_OFFSET


@pytest.mark.parametrize("name", [chip[0] for chip in CHIPS])
def test_esptool_takes_the_command_line(name: str, tmp_path: Path) -> None:
    """It gets as far as the port, which is not there."""
    chip = read(BOARDS / name).chip
    port = str(tmp_path / "no-port")
    made = flash.arguments(chip, port, image_for(chip, tmp_path), 115200, True)
    command = [sys.executable, "-m", "esptool", *made]
    done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT)
    assert "Could not open" in done.stdout + done.stderr
    assert "no-port" in done.stdout + done.stderr


@pytest.mark.parametrize("name", [chip[0] for chip in CHIPS])
def test_erasing_needs_no_image(name: str, tmp_path: Path) -> None:
    """esptool gets as far as the port, which is not there."""
    made = flash.erasing(read(BOARDS / name).chip, str(tmp_path / "no-port"), 115200)
    assert made[-1] == "erase-flash"
    command = [sys.executable, "-m", "esptool", *made]
    done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT)
    assert "Could not open" in done.stdout + done.stderr


def test_the_command_erases_without_an_image(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []

    def run(command: list[str], port: str, limit: float) -> None:
        asked.append(command)

    monkeypatch.setattr(flash, "_run", run)
    arguments = ["flash", "--port", "/dev/ttyX", "--board", "ESP32_GENERIC", "--erase"]
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 0
    assert [command[-1] for command in asked] == ["erase-flash"]
    assert "the chip is empty; MicroPython for ESP32_GENERIC is at" in done.stdout


def test_the_command_refuses_the_simulated_board() -> None:
    done = CliRunner().invoke(main, ["flash", "--port", "/dev/ttyX", "--board", "sim"])
    assert done.exit_code == 2
    assert "'sim' is simulated, `espat sim` runs it; chips are: ESP32_GENERIC" in done.stderr


def test_an_image_for_another_chip_or_none(tmp_path: Path) -> None:
    image = image_for(C3, tmp_path)
    flash.check_image(image, C3)
    with pytest.raises(FlashError, match="is for another chip than esp32s3"):
        flash.check_image(image, S3)
    for content in (b"", b"\xe9", b"UF2\n" * 100):
        image.write_bytes(content)
        with pytest.raises(FlashError, match="is no image that can be flashed at 0x0"):
            flash.check_image(image, C3)


def test_a_port_without_a_chip_ends_with_advice(tmp_path: Path) -> None:
    master, end = pty.openpty()
    tty.setraw(end)
    started = time.monotonic()
    try:
        with pytest.raises(FlashError, match=r"could not do it.*hold the board's BOOT"):
            flash.flash(ESP32, os.ttyname(end), image_for(ESP32, tmp_path))
    finally:
        os.close(master)
        os.close(end)
    assert time.monotonic() - started < LIMIT


def test_esptool_has_a_limit(tmp_path: Path) -> None:
    master, end = pty.openpty()
    tty.setraw(end)
    try:
        with pytest.raises(FlashError, match="did not end within"):
            flash.flash(ESP32, os.ttyname(end), image_for(ESP32, tmp_path), limit=0.1)
    finally:
        os.close(master)
        os.close(end)


def test_without_an_image_it_tells_where_one_is() -> None:
    command = [*ESPAT, "flash", "--port", "/dev/ttyX", "--board", "ESP32_GENERIC"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT)
    assert done.returncode == 0
    assert "https://micropython.org/download/ESP32_GENERIC/\n" in done.stdout
    assert (
        "espat flash --port /dev/ttyX --board ESP32_GENERIC --erase --image FILE.bin" in done.stdout
    )


def test_the_command_refuses_a_wrong_image(tmp_path: Path) -> None:
    image = image_for(C3, tmp_path)
    command = [
        *ESPAT,
        "flash",
        "--port",
        "/dev/ttyX",
        "--board",
        "ESP32_GENERIC",
        "--image",
        str(image),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT)
    assert done.returncode == 1
    assert "is for another chip than esp32" in done.stderr
