"""Installed from a wheel, every command works from any folder, with an empty home."""

import shutil
import subprocess
import tarfile
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from espat_host.boards import flash
from espat_host.build.checkout import BOARDS, FIRMWARE, ROOT, TRANSCRIPTS
from host_tests.installed.conftest import OWN_FILES
from host_tests.installed.place import Place, running

pytestmark = [pytest.mark.sim_only, pytest.mark.timeout(900)]

URL = "http://httpbin.org/uuid"
DATA = {"firmware": FIRMWARE, "boards": BOARDS, "transcripts": TRANSCRIPTS}


def below(folder: Path) -> set[str]:
    """The files that a wheel carries of it."""
    paths = [path for path in folder.rglob("*") if path.suffix in (".py", ".at")]
    return {path.relative_to(folder).as_posix() for path in paths}


@pytest.mark.parametrize("made", ["*.whl", "in_place/*.whl"])
def test_the_wheel_has_all_that_a_board_gets(archives: Path, made: str) -> None:
    with zipfile.ZipFile(next(archives.glob(made))) as wheel:
        names = set(wheel.namelist())
    for name, folder in DATA.items():
        begin = f"espat_host/data/{name}/"
        assert {n.removeprefix(begin) for n in names if n.startswith(begin)} == below(folder)
    assert "espat_host/py.typed" in names
    assert not [name for name in names if name.startswith(("host_tests", "tools"))]


def test_the_source_distribution_is_the_source_folder(archives: Path) -> None:
    with tarfile.open(next(archives.glob("*.tar.gz"))) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    tracked = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    missing = {name for name in tracked.stdout.splitlines() if (ROOT / name).is_file()} - names
    assert {name for name in missing if not name.startswith(".")} == set()


SUCCEED = {
    "get": (["get", "--sim", URL], '"uuid"'),
    "demo": (["demo", "--fast"], "every byte as expected"),
    "boards": (["boards", "list"], "ESP32_GENERIC_C3"),
    "check": (["boards", "check"], "problems: none"),
    "flash": (["flash", "--port", "/dev/ttyX", "--board", "ESP32_GENERIC"], "micropython.org"),
    "size": (["size"], "Budget"),
    "package": (["package", "-o", "made.package"], "made.package: "),
}


@pytest.mark.parametrize("what", SUCCEED)
def test_commands_work(user: Place, what: str) -> None:
    arguments, told = SUCCEED[what]
    done = user.espat(*arguments)
    assert done.returncode == 0, done.stdout[-1000:] + done.stderr[-3000:]
    assert told in done.stdout
    assert {path.name for path in user.folder.iterdir()} - {"made.package"} == set(OWN_FILES)
    assert {path.name for path in user.home.iterdir()} <= {"Library"}


def test_a_terminal(user: Place) -> None:
    done = user.espat("term", "--sim", "-q", stdin="AT\nAT+GMR\n")
    assert done.returncode == 0, done.stderr[-3000:]
    assert "Bin version:espat" in done.stdout


def test_a_dialogue(user: Place) -> None:
    shutil.copy(TRANSCRIPTS / "1_head.at", user.folder)
    done = user.espat("play", "--sim", "1_head.at")
    assert done.returncode == 0, done.stdout[-1000:] + done.stderr[-3000:]


def test_deploying_to_a_bare_board(user: Place) -> None:
    with running(user, "--repl", "repl", "--link", "at"):
        done = user.espat(
            *("deploy", "--port", "repl", "--board", "ESP32_GENERIC", "--at-port", "at")
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert "the AT port says ready" in done.stdout
        found = user.espat("get", "--port", "at", "--ssid", "espressif", "--password", "1234567890",
                           "http://nowhere.invalid/")  # fmt: skip
        assert found.returncode == 6, found.stderr


def test_a_board_for_programs(user: Place) -> None:
    program = (
        "from espat_host import Board\n"
        "with Board.open('at') as board:\n"
        "    board.join('espressif', '1234567890')\n"
        f"    print(board.get('{URL}').size)\n"
    )
    with running(user, "--servers", "--link", "at"):
        done = user.program(program)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) == 53


def test_a_board_that_is_none(user: Place) -> None:
    done = user.espat("sim", "--board", "NOSUCH")
    assert done.returncode == 1
    assert "ESP32_GENERIC" in done.stderr
    assert "__pycache__" not in done.stderr


def test_esptool_is_found_beside_files_of_the_user(user: Place) -> None:
    done = user.run([str(user.python), "-c", flash.ESPTOOL, "version"])
    assert done.returncode == 0, done.stdout + done.stderr
    assert "esptool" in done.stdout
    assert "file of the user" not in done.stdout + done.stderr


def test_what_needs_the_sources_says_so(user: Place) -> None:
    generate = user.espat("generate")
    assert generate.returncode == 1
    assert "needs the source folder" in generate.stderr
    for module in ("espat_host.bench", "espat_host.bench.weigh32"):
        done = user.program(f"import runpy\nrunpy.run_module({module!r}, run_name='__main__')\n")
        assert done.returncode == 1
        assert "needs the source folder" in done.stderr
    build = user.espat("boards", "build", "ESP32_GENERIC", "--micropython", "nowhere")
    assert build.returncode == 1
    assert "no MicroPython source tree" in build.stderr


def test_a_home_with_a_long_name(user: Place) -> None:
    """The simulated board keeps names of its modules on its heap, with the path to them."""
    home = user.home / "of_somebody_with_a_long_name" / "and_a_long_way_to_it"
    home.mkdir(parents=True)
    user = replace(user, home=home, cache=None)
    with running(user, "--bare"), running(user):
        pass
    assert {path.name for path in home.iterdir()} in ({".cache"}, {"Library"})


def test_a_home_in_which_nobody_can_write(user: Place) -> None:
    done = replace(user, cache=None).espat("get", "--sim", URL, HOME="/dev/null")
    assert done.returncode == 0, done.stderr
    assert '"uuid"' in done.stdout


def test_a_repository_around_it_is_not_taken_for_its_own(user: Place) -> None:
    """Environments lie in the folders of other projects."""
    program = "from espat_host.build import firmware\nprint(firmware.build_info())\n"
    done = user.program(program, GIT_DIR=str(ROOT / ".git"))
    assert 'HASH = "unknown"' in done.stdout
