"""MicroPython with 32-bit objects, as a chip has them, on this PC.

It is MicroPython's WebAssembly port: the layout of its objects is the ESP32's, and it runs
wherever node does. Modules of the chip are there as stubs (tools/weigh32_chip.py).
"""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from espat_host.build import known_names
from espat_host.build.checkout import ROOT, need_sources

PACKAGE = Path(sys.prefix, "wasm/node_modules/@micropython/micropython-webassembly-pyscript")
RUNNER = ROOT / "tools" / "weigh32.mjs"
CHIP = ROOT / "tools" / "weigh32_chip.py"
# Makes names of what the port does not know and a chip does.
_NAMES = known_names.CHIP + known_names.ASYNCIO + known_names.DRIVERS
KNOWN = f"for name in {_NAMES!r}.split():\n    hasattr(sys, name)"
HEAP = 8 * 1024 * 1024  # far more than a chip has: it must not grow while it is weighed
TIMEOUT = 120.0  # seconds


class Micropython32Error(RuntimeError):
    """The interpreter is not there, or the program has failed; the message says which."""


def run(files: Mapping[str, bytes], steps: Iterable[str]) -> list[str]:
    """The lines that a program prints which finds `files` (path -> content) in its folder. It runs
    in steps, programs with the same globals: this port collects garbage only when one has ended.
    The functions of tools/weigh32_chip.py are there."""
    need_sources("weighing")
    node = find_node()
    if not node:
        raise Micropython32Error(
            "MicroPython with 32-bit objects is not installed; run `make weigh`"
        )
    contents = {f"/board/{path}": base64.b64encode(data).decode() for path, data in files.items()}
    job = {"heap": HEAP, "files": contents, "steps": [CHIP.read_text(), KNOWN, *steps]}
    command = [node, str(RUNNER), str(PACKAGE)]
    done = subprocess.run(
        command, input=json.dumps(job), capture_output=True, text=True, timeout=TIMEOUT
    )
    if done.returncode:
        raise Micropython32Error(done.stderr.strip())
    return done.stdout.splitlines()


def find_node() -> str | None:
    """The node to run it with, None if it cannot run: the one in .venv, which `make` puts there
    if that on the PATH will not do, or that on the PATH."""
    beside = Path(sys.executable).with_name("node")
    installed = (PACKAGE / "micropython.mjs").is_file()
    return (shutil.which(beside) or shutil.which("node")) if installed else None
