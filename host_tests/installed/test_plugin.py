"""The pytest plugin in somebody else's project, beside a plugin that has an option --port too."""

import re

import pytest

from espat_host.build.checkout import ROOT
from host_tests.installed.place import Place, running

pytestmark = [pytest.mark.sim_only, pytest.mark.timeout(600), pytest.mark.soak(0, 1)]


def pytest_of(tester: Place, *arguments: str, **variables: str) -> tuple[int, str]:
    command = [str(tester.python), "-m", "pytest", "-p", "no:cacheprovider", *arguments]
    done = tester.run(command, **variables)
    return done.returncode, done.stdout + done.stderr


def test_both_have_their_options(tester: Place) -> None:
    status, told = pytest_of(tester, "--help")
    assert status == 0, told
    for option in ("--port", "--espat-port", "--espat-ssid", "--espat-password"):
        assert re.search(rf"^ +{option}[= ]", told, re.MULTILINE), option
    assert not re.search(r"--(ssid|password|host-address)[= ]", told)


def test_the_example_of_the_page(tester: Place) -> None:
    page = (ROOT / "docs" / "library.md").read_text(encoding="utf-8")
    [example] = re.findall(r"^```python pytest\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    assert example.count("\n") <= 10
    (tester.folder / "test_mine.py").write_text(example, encoding="utf-8")
    status, told = pytest_of(tester)
    assert status == 0, told
    assert "2 passed" in told


def test_a_port(tester: Place) -> None:
    (tester.folder / "test_mine.py").write_text(
        "def test_it(board):\n"
        "    assert board.status().ssid == 'espressif-open'\n"
        "    assert board.port_of_this_test == 1\n"
    )
    with running(tester, "--link", "at"):
        status, told = pytest_of(tester, "--espat-port=at", "--espat-ssid=espressif-open")
    assert status == 1
    assert "has no attribute 'port_of_this_test'" in told, told


@pytest.mark.parametrize("given", ["--espat-port=/dev/nowhere", "--espat-port /dev/nowhere"])
def test_a_port_that_is_none(tester: Place, given: str) -> None:
    (tester.folder / "test_mine.py").write_text("def test_it(board): pass\n")
    status, told = pytest_of(tester, *given.split())
    assert status == 1, told
    assert "/dev/nowhere" in told
    assert "1 error" in told
