"""The benchmark runs, and its figures are figures. None of them is a time that must hold here."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from espat_host.bench import document
from espat_host.bench.figures import Figure, Results, from_dict, interleaved, median_ratio
from espat_host.bench.report import cells, verdict

pytestmark = pytest.mark.sim_only
GROUPS = ["Streaming", "Links", "Latency", "Wire", "Cost", "Loop", "Instructions", "Growth"]


@pytest.mark.timeout(900)
def test_quick_run(tmp_path: Path) -> None:
    """One run for all that is looked at: it takes five seconds of a processor."""
    target = tmp_path / "bench.json"
    command = [sys.executable, "-m", "espat_host.bench", "--quick", "--json", str(target)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=800)
    assert done.returncode == 0, done.stdout + done.stderr
    quick = json.loads(target.read_text())
    check_form(quick)
    check_what_no_busy_machine_changes(quick)
    check_document(quick, tmp_path / "benchmarks.md")


def check_form(quick: dict[str, Any]) -> None:
    assert quick["schema"] == 1
    assert quick["quick"] is True
    results = from_dict(quick)
    assert list(dict.fromkeys(figure.group for figure in results.figures)) == GROUPS
    for figure in results.figures:
        assert figure.samples >= 1
        assert figure.value is not None or "not measured" in figure.note
        assert figure.value is None or figure.value >= 0
        assert figure.rival is None or figure.rival > 0
    assert results.as_dict() == quick


def check_what_no_busy_machine_changes(quick: dict[str, Any]) -> None:
    figures = {figure.name: figure for figure in from_dict(quick).figures}
    for baud in (115200, 921600, 3000000):
        for method in ("GET", "POST"):
            # More than the line carries would be a line that is not as slow as it says.
            assert 0 < (figures[f"{method} at {baud} baud"].value or 0) <= 1.02
    allocated = [figure for name, figure in figures.items() if name.startswith("allocated")]
    assert len(allocated) == 4
    points = from_dict(quick).growth
    assert [point.size for point in points] == [1000, 10000, 100000, 1000000]
    free = [point.free for point in points]
    assert max(free) - min(free) <= 2048


def check_document(quick: dict[str, Any], page: Path) -> None:
    document.write(from_dict(quick), page)
    text = page.read_text()
    assert text.startswith("# Benchmarks\n")
    assert all(f"## {group}" in text for group in GROUPS)


@pytest.mark.parametrize(
    ("value", "target", "most", "passed"),
    [(0.7, 0.7, False, True), (0.69, 0.7, False, False), (1024, 1024, True, True),
     (1025, 1024, True, False), (None, 1, True, None), (5, None, False, None)],
)  # fmt: skip
def test_verdict(
    value: float | None, target: float | None, most: bool, passed: bool | None
) -> None:
    assert Figure("g", "n", "", value, target=target, most=most).passed is passed


def test_a_ratio_is_judged_by_the_ratio() -> None:
    figure = Figure("g", "n", "MB/s", 1.0, "bare", 2.0, 0.5, 0.7, judged="ratio")
    assert figure.passed is False
    assert verdict(figure) == "MISSED"
    assert cells(figure)[-2:] == ("0.50", ">= 0.70")
    assert Results(False, figures=[figure]).missed == [figure]


def test_runs_take_turns() -> None:
    order: list[str] = []

    def run(name: str, value: float) -> float:
        order.append(name)
        return value

    taken = interleaved(3, [("a", lambda: run("a", 2.0)), ("b", lambda: run("b", 4.0))])
    assert order == ["a", "b"] * 3
    assert median_ratio(taken["a"], taken["b"]) == 0.5
