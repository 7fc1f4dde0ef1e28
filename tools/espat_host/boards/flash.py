"""Puts MicroPython itself onto a chip, through esptool, which knows the chips."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from esptool.targets import CHIP_DEFS

from espat_host.boards import ports
from espat_host.boards.chips import Chip
from espat_host.boards.data import BoardData

BAUD = 460800
CONNECT_ATTEMPTS = 3
# Seconds for all of it: 2 MB at 115200 baud, which a poor cable may need, take 4 minutes.
LIMIT = 900.0
MAGIC = 0xE9  # of an image for the ROM's loader (esptool, "Firmware Image Format")
CHIP_ID = slice(12, 14)
# Not `python -m`, which would take a serial.py in the user's folder for pySerial.
ESPTOOL = "import runpy, sys; del sys.path[0]; runpy.run_module('esptool', None, '__main__', True)"

ADVICE = (
    "Things to try: close other programs that use {port} (`espat ports` tells); hold the board's "
    "BOOT button (IO0 to ground), press EN (RESET) once, start this command, then let BOOT go; use "
    "a cable that carries data; a slower --baud 115200"
)


class FlashError(Exception):
    """The chip was not flashed; the message says what to try."""


def arguments(chip: Chip, port: str, image: Path, baud: int, erase: bool) -> list[str]:
    """esptool's command line."""
    erasing = ["--erase-all"] if erase else []
    return [
        *("--chip", chip.esptool, "--port", port, "--baud", str(baud)),
        *("--connect-attempts", str(CONNECT_ATTEMPTS)),
        *("write-flash", *erasing, hex(chip.flash_offset), str(image)),
    ]


def erasing(chip: Chip, port: str, baud: int) -> list[str]:
    """The command line that erases all of the flash, and writes nothing."""
    return [
        *("--chip", chip.esptool, "--port", port, "--baud", str(baud)),
        *("--connect-attempts", str(CONNECT_ATTEMPTS), "erase-flash"),
    ]


def check_image(image: Path, chip: Chip) -> None:
    """Raise FlashError where the file is no image of MicroPython for this chip."""
    try:
        with image.open("rb") as file:
            head = file.read(CHIP_ID.stop)
    except OSError as error:
        raise FlashError(f"{image} cannot be read: {error.strerror}") from error
    if len(head) < CHIP_ID.stop or head[0] != MAGIC:
        raise FlashError(
            f"{image} is no image that can be flashed at {chip.flash_offset:#x}; take the .bin "
            "file (not .uf2, .app-bin or .elf) from the download page"
        )
    if int.from_bytes(head[CHIP_ID], "little") != CHIP_DEFS[chip.esptool].IMAGE_CHIP_ID:
        raise FlashError(f"{image} is for another chip than {chip.esptool}")


def flash(
    chip: Chip, port: str, image: Path, baud: int = BAUD, erase: bool = False, limit: float = LIMIT
) -> None:
    """Write an image. `limit` in seconds. Raises FlashError."""
    _run(arguments(chip, port, image, baud, erase), port, limit)


def erase_all(chip: Chip, port: str, baud: int = BAUD, limit: float = LIMIT) -> None:
    """Erase the chip, and leave it empty. Raises FlashError."""
    _run(erasing(chip, port, baud), port, limit)


def _run(command: list[str], port: str, limit: float) -> None:
    """Run esptool, which tells its progress itself."""
    if refusal := ports.refusal(port):
        raise FlashError(str(refusal))
    try:
        status = subprocess.run(
            [sys.executable, "-c", ESPTOOL, *command], timeout=limit, check=False
        ).returncode
    except subprocess.TimeoutExpired:
        status = -1
    if status:
        how = f"did not end within {limit:g} s" if status == -1 else "could not do it"
        raise FlashError(f"esptool {how}. {ADVICE.format(port=port)}")


def how_to_get_an_image(board: BoardData, port: str) -> str:
    """What to do when no image is given."""
    return (
        f"MicroPython for {board.name} is at {board.download_page}\n"
        "Download the newest release there (1.24 or newer), the .bin file, then:\n"
        f"  espat flash --port {port} --board {board.name} --erase --image FILE.bin\n"
        f"  espat deploy --port {port} --board {board.name}"
    )
