"""The firmware as a board holds it.

On the board: `main.py` and `board.py` as source, because their owner may want to read and change
them there, and the package, linked, as .mpy below `lib`, where MicroPython looks for packages.
Beside the package lie the modules that start it and that no update replaces.
"""

from __future__ import annotations

import functools
import subprocess
from pathlib import Path

from espat_host.build import cache
from espat_host.build.bundle import bundled
from espat_host.build.bytecode import RESIDENT, compiled
from espat_host.build.bytecode import units as linked_units
from espat_host.build.checkout import FIRMWARE, INSTALLED, ROOT
from espat_host.build.linker import Unit

PACKAGE = "espat"
BUILD_INFO = "espat/build_info.py"


def bytecode(info: str = "") -> Path:
    """The folder with the compiled firmware, stamped with what git knows of it, or with `info`."""
    return compiled(FIRMWARE, cache.place(), {BUILD_INFO: info or build_info()}, PACKAGE)


def modules() -> Path:
    """The same, each module for itself: for programs that use some of them."""
    return compiled(FIRMWARE, cache.place(), {BUILD_INFO: build_info()})


@functools.cache
def units() -> list[Unit]:
    """What the modules of the package, and those that start it, are linked to; raises
    CompileError."""
    return linked_units(bytecode())


def files(board: Path) -> dict[str, bytes]:
    """Path on the board -> content, for the board folder `board`; `main.py` is the last."""
    beside = {f"lib/{path.name}": path.read_bytes() for path in bytecode().glob("espat_*.mpy")}
    modules = {f"lib/{name}": data for name, data in package().items()}
    return (
        beside
        | modules
        | {
            "board.py": (board / "board.py").read_bytes(),
            "main.py": (FIRMWARE / "main.py").read_bytes(),
        }
    )


def package(info: str = "") -> dict[str, bytes]:
    """What an update replaces: path below `lib` -> content. `info`: another build_info."""
    return bundled(unit_files(info), [root.partition(":")[0] for root in RESIDENT])


def unit_files(info: str = "") -> dict[str, bytes]:
    """The same with a .mpy for each unit."""
    folder = bytecode(info)
    modules = sorted((folder / "espat").rglob("*.mpy"))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in modules}


@functools.cache
def build_info() -> str:
    """The module that AT+GMR tells from: the project's commit where git knows it."""
    commit, date, time = _commit() or ("unknown", "unknown", "unknown")
    return f'HASH = "{commit}"\nDATE = "{date}"\nTIME = "{time}"\n'


def _commit() -> list[str] | None:
    if INSTALLED:
        return None  # a repository around the installed files would be another project's
    command = ["git", "-C", str(ROOT), "log", "-1", "--date=format:%b %d %Y|%H:%M:%S"]
    try:
        told = subprocess.run(
            [*command, "--format=%h|%cd"], capture_output=True, text=True, check=True, timeout=30
        )
    except (OSError, subprocess.SubprocessError):
        return None
    words = told.stdout.strip().split("|")
    return words if len(words) == 3 else None
