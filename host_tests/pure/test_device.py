"""The firmware's modules inside the real MicroPython, without a board."""

import os
import subprocess

import pytest

from espat_host.build.checkout import ROOT
from espat_host.sim.process import micropython

TESTS = ROOT / "host_tests"
SCRIPTS = sorted((TESTS / "device").glob("*.py"))
PATH = [
    TESTS / "pure",
    TESTS / "device",
    TESTS / "device" / "parts",
    ROOT / "boards" / "sim",
    ROOT / "firmware",
    ".frozen",
]


def test_there_are_scripts():
    assert SCRIPTS


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_script(script, tmp_path):
    environment = os.environ | {
        "MICROPYPATH": ":".join(map(str, PATH)),
        "ESPAT_SIM_STATE": str(tmp_path),
    }
    result = subprocess.run(
        # The board's ticks must not reach asyncio.
        [*micropython(), "-c", f"import simticks, {script.stem}"],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=170,
    )
    assert result.stdout.splitlines()[-1:] == ["done"], result.stdout + result.stderr
