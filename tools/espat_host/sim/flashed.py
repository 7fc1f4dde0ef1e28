"""A simulated board onto which the firmware has been deployed: it starts from its own flash, and
counts what that is asked for (SimBoard.measures)."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from espat_host.build import cache, firmware
from espat_host.build.bytecode import compiled
from espat_host.build.checkout import BOARDS
from espat_host.sim.bare import PC, BareBoard
from espat_host.sim.process import PRIVATE, SimError, micropython

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from espat_host.sim.board import SimOptions

LIMIT = 60.0
FLASH = "flash.bin"  # as boards/sim/simflash.py calls it


class FlashedBoard(BareBoard):
    """`files`: path on the board -> content, by default what `espat deploy` copies; the other
    options are BareBoard's. A state that has a flash keeps it."""

    def __init__(
        self, *, files: dict[str, bytes] | None = None, **options: Unpack[SimOptions]
    ) -> None:
        super().__init__(**options)
        self._files = files

    def _start_command(self, scratch: Path) -> list[str]:
        flash = self._state / FLASH
        if not flash.exists():
            files = firmware.files(self._board) if self._files is None else self._files
            shutil.copy(image(files, micropython(self._micropython)), flash)
            flash.chmod(PRIVATE)
        return super()._start_command(scratch)


def image(files: dict[str, bytes], interpreter: list[str]) -> Path:
    """The flash with these files, made once and kept."""
    digest = hashlib.sha256(repr(sorted(files.items())).encode()).hexdigest()[:16]
    folder = cache.kept(
        cache.place(), f"flash-{digest}", lambda folder: _make(files, interpreter, folder)
    )
    return folder / FLASH


def _make(files: dict[str, bytes], interpreter: list[str], folder: Path) -> None:
    for path, content in files.items():
        place = folder / "files" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    (folder / "list").write_text("\n".join(files))
    modules = compiled(BOARDS / "sim", cache.place())
    start = folder / "start.py"
    start.write_text(f"__import__('sys').path[:] = [{str(modules)!r}]\nimport simdeploy\n")
    arguments = [PC + str(modules), f"{folder}/list", f"{folder}/files"]
    done = subprocess.run(
        [*interpreter, "-X", "heapsize=4m", str(start), *arguments],
        env=os.environ | {"ESPAT_SIM_STATE": PC + str(folder)},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )
    if done.returncode:
        raise SimError(f"the flash cannot be made: {done.stdout}{done.stderr}")
    shutil.rmtree(folder / "files", ignore_errors=True)  # nobody asks for them again
