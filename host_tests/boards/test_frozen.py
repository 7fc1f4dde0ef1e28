"""Images with the firmware inside: what the manifests name, and the build that is given them."""

import os
import runpy
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from espat_host.boards import frozen
from espat_host.boards.data import read_all
from espat_host.build import firmware
from espat_host.build.checkout import ROOT

BOARDS = [board for board in read_all() if board.real]
COMMAND = "from espat_host.cli import main; main(prog_name='espat')"


class Manifest:
    """Evaluates a manifest as MicroPython's tools/manifestfile.py does, as far as ours go:
    include, freeze and module, with paths relative to the manifest that names them."""

    def __init__(self, path: Path) -> None:
        self.included: list[str] = []
        self.files: list[tuple[str, Path]] = []  # name on the board -> file, as often as named
        self._run(path)

    def _run(self, path: Path) -> None:
        here = path.parent

        def include(target: str) -> None:
            if target.startswith("$("):
                self.included.append(target)
            else:
                self._run((here / target).resolve())

        def freeze(target: str) -> None:
            base = (here / target).resolve()
            for file in sorted(base.rglob("*.py")):
                self.files.append((file.relative_to(base).as_posix(), file))

        def module(name: str, base_path: str = ".") -> None:
            file = (here / base_path / name).resolve()
            assert file.is_file(), f"{path} names {file}, which is not there"
            self.files.append((name, file))

        runpy.run_path(str(path), {"include": include, "freeze": freeze, "module": module})


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.name)
def test_a_manifest_names_every_module_once(board) -> None:
    manifest = Manifest(board.folder / "manifest.py")
    wanted = {
        path.relative_to(ROOT / "firmware").as_posix(): path
        for path in (ROOT / "firmware").rglob("*.py")
    } | {"board.py": board.folder / "board.py"}
    names = [name for name, _ in manifest.files]
    assert len(names) == len(set(names))
    assert dict(manifest.files) == wanted
    assert manifest.included == ["$(PORT_DIR)/boards/manifest.py"]


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.name)
def test_what_is_built_is_the_same_but_stamped(board, tmp_path: Path) -> None:
    files = dict(Manifest(frozen.stage(board, tmp_path / "stage")).files)
    originals = dict(Manifest(board.folder / "manifest.py").files)
    assert set(files) == set(originals)
    for name, path in files.items():
        assert path.is_relative_to(tmp_path)
        if name == "espat/build_info.py":
            assert path.read_text() == firmware.build_info() != originals[name].read_text()
        else:
            assert path.read_bytes() == originals[name].read_bytes()


def build(board: str, tree: Path, path: str, *options: str) -> subprocess.CompletedProcess[str]:
    """`make firmware` without its make, with `path` as the only place of programs."""
    arguments = ["boards", "build", board, "--micropython", str(tree), *options]
    # As `make firmware BOARD=...` leaves it for what it starts.
    environment = os.environ | {"PATH": path, "MAKEFLAGS": f" -- BOARD={board}"}
    return subprocess.run(
        [sys.executable, "-c", COMMAND, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=150,
    )


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """What the build uses of a MicroPython tree; its make writes down what it was asked for and
    makes an image of the manifest's text."""
    port, cross = tmp_path / "mp/ports/esp32", tmp_path / "mp/mpy-cross"
    for folder in (port, cross, tmp_path / "mp/tools"):
        folder.mkdir(parents=True)
    (tmp_path / "mp/tools/makemanifest.py").write_text("")
    (cross / "Makefile").write_text("all:\n\t@echo mpy-cross\n")
    (port / "Makefile").write_text(
        "all:\n\t@echo board $(BOARD) variant $(BOARD_VARIANT)\n"
        "\t@mkdir -p $(BUILD)\n\t@cp $(FROZEN_MANIFEST) $(BUILD)/firmware.bin\n"
        "submodules:\n\t@echo submodules of $(BOARD)\n"
    )
    return tmp_path / "mp"


@pytest.fixture
def with_idf(tmp_path: Path) -> str:
    """A PATH that has an idf.py as well."""
    program = tmp_path / "bin" / "idf.py"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return f"{program.parent}{os.pathsep}{os.environ['PATH']}"


@pytest.mark.parametrize(
    ("options", "variant"), [((), ""), (("--variant", "SPIRAM"), "SPIRAM")], ids=["plain", "spiram"]
)
def test_the_port_is_built_with_the_manifest(
    tree: Path, with_idf: str, options: tuple[str, ...], variant: str
) -> None:
    done = build("ESP32_WROVER", tree, with_idf, *options)
    assert done.returncode == 0, done.stderr
    lines = [line for line in done.stdout.splitlines() if not line.startswith("make")]
    # MicroPython's name of the board, not the one that MAKEFLAGS carries.
    *said, built = lines
    assert said == [
        "mpy-cross",
        "submodules of ESP32_GENERIC",
        f"board ESP32_GENERIC variant {variant}".strip(),
    ]
    image = Path(built.removeprefix("image: "))
    assert image.read_text() == (ROOT / "boards/ESP32_WROVER/manifest.py").read_text()


def test_make_hands_its_variables_on() -> None:
    script = (ROOT / "Makefile").read_text()
    assert 'boards build "$(BOARD)" --micropython "$(MICROPYTHON_DIR)"' in script


@pytest.mark.parametrize(
    ("board", "missing", "sentence"),
    [
        ("ESP32_GENERIC", "ports/esp32/Makefile", "is no MicroPython source tree"),
        ("ESP32_GENERIC", "tools/makemanifest.py", "is no MicroPython source tree"),
        ("NOWHERE", "", "there is no board 'NOWHERE' to build; there are: ESP32_GENERIC, "),
        ("sim", "", "there is no board 'sim' to build"),
    ],
)
def test_what_cannot_be_built_is_a_sentence(
    tree: Path, with_idf: str, board: str, missing: str, sentence: str
) -> None:
    if missing:
        (tree / missing).unlink()
    done = build(board, tree, with_idf)
    assert done.returncode == 1
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_without_esp_idf_it_tells_what_to_do(tree: Path, tmp_path: Path) -> None:
    done = build("ESP32_GENERIC", tree, str(tmp_path))
    assert done.returncode == 1
    assert "idf.py is not there: run" in done.stderr
    assert "export.sh" in done.stderr


def test_a_build_that_fails_or_makes_nothing(tree: Path, with_idf: str) -> None:
    makefile = tree / "ports/esp32/Makefile"
    makefile.write_text("all submodules:\n\t@true\n")
    assert "there is no" in build("ESP32_GENERIC", tree, with_idf).stderr
    makefile.write_text("all submodules:\n\t@false\n")
    assert "the build has failed" in build("ESP32_GENERIC", tree, with_idf).stderr
