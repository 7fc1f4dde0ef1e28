"""MicroPython for a board with the firmware inside: the port's own build, given our manifest.

The port compiles what the manifest names. What it gets is a copy of the firmware whose
build_info.py says which commit this is, as on a board that was filled file by file.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from espat_host.boards.data import BoardData, read_all
from espat_host.build.checkout import FIRMWARE
from espat_host.build.firmware import BUILD_INFO, build_info

# What only a MicroPython source tree has, and what is used of it.
_TREE = ("ports/esp32/Makefile", "mpy-cross/Makefile", "tools/makemanifest.py")
_EXPORT = 'run ". <esp-idf>/export.sh" in this shell first'
_VERSIONS = "MicroPython's ports/esp32/README.md names the ESP-IDF it wants"


class BuildError(Exception):
    """No image; the text says what to do."""


def build(name: str, micropython: Path, variant: str = "") -> Path:
    """Build the image for a board; returns it. Raises BuildError, BoardDataError.

    `micropython`: a MicroPython source tree; its ports/esp32 gets folders build-espat-<name>*.
    `variant`: one of the port's variants of the board, such as SPIRAM."""
    board = _board(name)
    _check_tree(micropython)
    if not shutil.which("idf.py"):
        raise BuildError(f"idf.py is not there: {_EXPORT}; {_VERSIONS}")
    port = micropython.resolve() / "ports" / "esp32"
    folder = "-".join(filter(None, ["build-espat", name, variant]))
    # Beside the build and not in it: idf.py wants its folder to itself.
    manifest = stage(board, port / f"{folder}-frozen")
    settings = [f"BOARD={board.port_board}", f"BUILD={folder}", f"FROZEN_MANIFEST={manifest}"]
    if variant:
        settings.append(f"BOARD_VARIANT={variant}")
    _make(["-C", str(micropython.resolve() / "mpy-cross"), f"-j{os.cpu_count() or 1}"])
    _make(["-C", str(port), "submodules", *settings])
    _make(["-C", str(port), *settings])
    image = port / folder / "firmware.bin"
    if not image.is_file():
        raise BuildError(f"the build has ended, but there is no {image}")
    return image


def stage(board: BoardData, target: Path) -> Path:
    """Copy what is frozen to `target`, stamped, in the layout of this repository; returns the
    board's manifest there."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(FIRMWARE, target / "firmware", ignore=shutil.ignore_patterns("__pycache__"))
    (target / "firmware" / BUILD_INFO).write_text(build_info(), encoding="utf-8")
    folder = target / "boards" / board.name
    folder.mkdir(parents=True)
    shutil.copy(board.folder.parent / "manifest.py", folder.parent)
    for name in ("board.py", "manifest.py"):
        shutil.copy(board.folder / name, folder)
    return folder / "manifest.py"


def _board(name: str) -> BoardData:
    boards = {board.name: board for board in read_all() if board.real}
    if name not in boards:
        raise BuildError(f"there is no board {name!r} to build; there are: {', '.join(boards)}")
    return boards[name]


def _check_tree(folder: Path) -> None:
    missing = [name for name in _TREE if not (folder / name).is_file()]
    if missing:
        wanted = "git clone https://github.com/micropython/micropython gives one"
        raise BuildError(
            f"{folder} is no MicroPython source tree, it has no {missing[0]}: name one, as in "
            f"make firmware BOARD=ESP32_GENERIC MICROPYTHON_DIR=../micropython; {wanted}"
        )


def _make(arguments: list[str]) -> None:
    # `make firmware BOARD=...` would hand its own BOARD on through these.
    environment = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MFLAGS")}
    done = subprocess.run(["make", *arguments], env=environment)
    if done.returncode:
        what = " ".join(["make", *arguments])
        raise BuildError(f"the build has failed (status {done.returncode}) in: {what}")
