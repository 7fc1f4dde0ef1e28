"""Environments with the project in them, made once for all processes of a test run."""

import os
from pathlib import Path

import pytest

from host_tests.installed import interpreters, place
from host_tests.installed.place import Place

# A user's own files, of names that modules have.
OWN_FILES = ("espat.py", "flask.py", "json.py", "serial.py", "webapp.py")
A_BOARD = "from espat_host.sim import SimBoard\nwith SimBoard():\n    pass\n"


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of this run have."""
    own = tmp_path_factory.getbasetemp()
    return (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "installed"


@pytest.fixture(scope="session")
def archives(shared: Path) -> Path:
    """The folder with the source distribution and the wheel."""
    folder = shared / "archives"
    with place.alone(folder) as first:
        if first:
            place.make_archives(folder)
    return folder


def _environment(shared: Path, archives: Path, version: tuple[int, int], *more: str) -> Path:
    name = "-".join(("{}.{}".format(*version), *more))
    with place.alone(shared / name) as first:
        environment = shared / name / "environment"
        if first:
            wheel = next(archives.glob("*.whl"))
            interpreter = interpreters.find(version)
            assert interpreter
            place.install(interpreter, wheel, environment, *more)
            _place(environment, environment.parent).program(A_BOARD)  # or each user compiles it all
    return environment


@pytest.fixture(
    scope="session", params=[pytest.param("oldest", marks=pytest.mark.soak(0, 1)), "newest"]
)
def environment(request: pytest.FixtureRequest, shared: Path, archives: Path) -> Path:
    """The oldest Python that will do and the newest on this machine."""
    if request.param == "oldest":
        version = interpreters.OLDEST
        if not interpreters.find(version):
            pytest.skip("this machine has no CPython {}.{}".format(*version))
    else:
        version = interpreters.newest()
        if version == interpreters.OLDEST:
            pytest.skip("this machine has no newer CPython than {}.{}".format(*version))
    return _environment(shared, archives, version)


@pytest.fixture(scope="session")
def tester_environment(shared: Path, archives: Path) -> Path:
    """The newest Python, with pytest and what others use to test their boards."""
    return _environment(shared, archives, interpreters.newest(), "pytest-embedded-serial")


def _place(environment: Path, tmp_path: Path) -> Place:
    folder, home = tmp_path / "elsewhere", tmp_path / "home"
    made = Place(environment, folder, home, environment.parent / "cache")
    made.folder.mkdir()
    made.home.mkdir()
    return made


@pytest.fixture
def user(environment: Path, tmp_path: Path) -> Place:
    """Somebody who has installed the project, in a folder with files of her own."""
    made = _place(environment, tmp_path)
    for name in OWN_FILES:
        (made.folder / name).write_text("raise SystemExit('this is a file of the user')\n")
    return made


@pytest.fixture
def tester(tester_environment: Path, tmp_path: Path) -> Place:
    """Somebody who tests her own project with it."""
    return _place(tester_environment, tmp_path)
