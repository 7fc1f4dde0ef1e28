"""The tests as they run on a real board: all they are told is a port, a network and an address."""

import os
import re
import subprocess
import sys
from collections.abc import Callable

import pytest

from espat_host.build.checkout import ROOT
from espat_host.sim import SimBoard

SSID, PASSWORD = "workshop, upstairs", 'a "good" \\ one'
MODULES = [
    "test_sysmfg.py",
    "test_transcripts.py",
    "test_basic_commands.py",
    "test_message_filter.py",
    "http/test_http_config.py",
]

pytestmark = [pytest.mark.sim_only, pytest.mark.timeout(900)]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("ESPAT_", "PYTEST_"))}
    environment |= {"ESPAT_SSID": SSID, "ESPAT_PASSWORD": PASSWORD}
    command = [sys.executable, "-m", "pytest", "--config-file", str(ROOT / "pyproject.toml")]
    command += ["-p", "no:cacheprovider", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=850
    )


@pytest.mark.soak(1, len(MODULES))
def test_on_a_board_that_is_only_a_port(boot: Callable[..., SimBoard], amount: int) -> None:
    board = boot(world={"access_points": [{"ssid": SSID, "password": PASSWORD}]})
    tests = [f"host_tests/any_board/{name}" for name in MODULES[:amount]]
    done = run(*tests, "--port", board.port, "--host-address", "127.0.0.1")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    assert "needs the simulated world" in done.stdout
    passed = re.search(r"(\d+) passed", done.stdout)
    assert passed
    assert int(passed[1]) > 30 * amount
