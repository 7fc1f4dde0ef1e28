"""The simulated board's modules, each test a function of a script that runs on them.

The script plays the board's program and its surroundings in one process (sim_scripts/bench.py).
"""

import os
import re
import subprocess
import tty

import pytest

from espat_host.build.checkout import ROOT
from espat_host.sim.process import micropython

pytestmark = pytest.mark.sim_only

SCRIPTS = ROOT / "host_tests" / "sim_scripts"
BOARD = ROOT / "boards" / "sim"
CASES = [
    (script.name, name)
    for script in sorted(SCRIPTS.glob("*.py"))
    for name in re.findall(r"^def (test_\w+)\(", script.read_text(), re.MULTILINE)
]


def test_there_are_cases():
    assert len(CASES) > 60


def test_no_case_has_the_name_of_another():
    assert len(set(CASES)) == len(CASES)


@pytest.mark.parametrize(("script", "case"), CASES, ids=["/".join(case) for case in CASES])
def test_case(script, case, tmp_path):
    master, slave = os.openpty()
    world, world_end = os.pipe()
    fds = {
        "ESPAT_SIM_UART1": master,
        "ESPAT_TEST_HOST": slave,
        "ESPAT_SIM_WORLD": world,
        "ESPAT_TEST_WORLD": world_end,
    }
    try:
        tty.setraw(slave)
        for fd in (master, slave, world):
            os.set_blocking(fd, False)
        environment = os.environ | {name: str(fd) for name, fd in fds.items()}
        environment |= {
            "MICROPYPATH": f"{BOARD}:.frozen",
            "ESPAT_SIM_STATE": str(tmp_path),
            "ESPAT_SIM_MEMORY": "chip" if script.startswith("memory") else "",
            "ESPAT_SIM_PACED": "1" if script.startswith("paced") else "0",
        }
        result = subprocess.run(
            [*micropython(), "-X", "heapsize=700k", str(SCRIPTS / script), case],
            env=environment,
            pass_fds=tuple(fds.values()),
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=120,
        )
    finally:
        for fd in fds.values():
            os.close(fd)
    assert result.returncode == 0, result.stdout + result.stderr
