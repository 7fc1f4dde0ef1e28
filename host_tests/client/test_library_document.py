"""The examples in README.md and docs/library.md run, on a simulated board in a local world."""

import re
from pathlib import Path

import pytest

from espat_host.build.checkout import ROOT
from espat_host.client import board as board_module
from espat_host.local_world.servers import Servers
from espat_host.sim import SimBoard

pytestmark = pytest.mark.sim_only

DOCUMENT = ROOT / "docs" / "library.md"
TEXT = (ROOT / "README.md").read_text() + DOCUMENT.read_text()
EXAMPLES = re.findall(r"^```python\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
PORT = '"/tmp/espat"'


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 9


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_example(
    sim: SimBoard,
    servers: Servers,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    number: int,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ca.pem").write_bytes(servers.authority.root_pem)
    source = EXAMPLES[number]
    assert PORT in source or "SimBoard" in source
    exec(compile(source.replace(PORT, repr(sim.port)), f"example {number}", "exec"), {})
    printed = capsys.readouterr().out
    # What an example says about its output is so.
    for told in re.findall(r"print\(.*\)  # (.+)$", source, re.MULTILINE):
        assert told in printed


def test_every_exception_is_explained() -> None:
    rows = re.findall(r"^\| `(\w+)` \|", DOCUMENT.read_text(), re.MULTILINE)
    kinds = {
        name
        for name in board_module.__all__
        if isinstance(found := getattr(board_module, name), type) and issubclass(found, Exception)
    }
    assert set(rows) == kinds
