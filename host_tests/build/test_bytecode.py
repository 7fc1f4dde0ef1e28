"""The cache of compiled trees: what is used stays, what nobody asks for goes."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from espat_host.build import cache as cache_module
from espat_host.build.bytecode import CompileError, compiled

LONG_AGO = time.time() - (cache_module.KEPT_DAYS + 1) * 24 * 3600


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "tree").mkdir()
    return tmp_path / "tree"


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def make(tree: Path, cache: Path, text: str) -> Path:
    (tree / "module.py").write_text(text)
    return compiled(tree, cache)


def trees(cache: Path) -> set[Path]:
    return {path for path in cache.iterdir() if path.is_dir()}


def test_a_tree_is_made_once(tree: Path, cache: Path) -> None:
    folder = make(tree, cache, "x = 1\n")
    made = (folder / "module.mpy").stat().st_mtime_ns
    assert make(tree, cache, "x = 1\n") == folder
    assert (folder / "module.mpy").stat().st_mtime_ns == made
    assert make(tree, cache, "x = 2\n") != folder
    assert len(trees(cache)) == 2


def test_a_change_is_seen(tree: Path, cache: Path) -> None:
    """Also in a file that has been as it was for so long that it is not read again each time."""
    first = make(tree, cache, "x = 1\n")
    os.utime(tree / "module.py", (LONG_AGO, LONG_AGO))
    assert compiled(tree, cache) == first == compiled(tree, cache)
    second = make(tree, cache, "x = 2\n")
    assert second != first
    (tree / "more.py").touch()
    os.utime(tree / "more.py", (LONG_AGO, LONG_AGO))
    assert compiled(tree, cache) not in (first, second)


def test_what_nobody_asks_for_goes(tree: Path, cache: Path) -> None:
    old, used, left = (
        make(tree, cache, "x = 1\n"),
        make(tree, cache, "x = 2\n"),
        cache / "tmp_of_a_broken_run",
    )
    left.mkdir()
    for folder in (old, used, left):
        os.utime(folder, (LONG_AGO, LONG_AGO))
    make(tree, cache, "x = 2\n")
    assert trees(cache) == {old, used, left}  # nothing was made, so nothing was cleared away
    new = make(tree, cache, "x = 3\n")
    assert trees(cache) == {used, new}


def test_a_mistake_leaves_nothing(tree: Path, cache: Path) -> None:
    with pytest.raises(CompileError, match=r"module\.py"):
        make(tree, cache, "x = = 1\n")
    assert trees(cache) == set()


def test_a_cache_that_cannot_be_written_is_a_sentence(tree: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CompileError, match="cannot be written"):
        make(tree, tmp_path / "file" / "cache", "x = 1\n")


WORKER = """
import os, sys
from pathlib import Path
from espat_host.build.bytecode import compiled
tree, cache, number = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
for turn in range(20):
    own = compiled(tree, cache, {"module.py": f"x = '{number} {turn}'"})
    os.utime(own, (0, 0))
    shared = compiled(tree, cache)
    assert (shared / "module.mpy").is_file()
"""


def test_parallel_runs_do_not_take_trees_from_each_other(tree: Path, cache: Path) -> None:
    """Each makes trees that are old at once, so that all prune all the time; one tree is used by
    all, and not young in the beginning."""
    shared = make(tree, cache, "x = 0\n")
    os.utime(shared, (LONG_AGO, LONG_AGO))
    command = [sys.executable, "-c", WORKER, str(tree), str(cache)]
    runs = [subprocess.Popen([*command, str(number)]) for number in range(3)]
    assert [run.wait(150) for run in runs] == [0, 0, 0]
    assert shared in trees(cache)
    assert len(trees(cache)) < 10


def test_it_is_in_the_folder_of_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    folder = cache_module.place.__wrapped__()
    assert folder.is_dir()
    assert tmp_path in folder.parents
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", "here")
    assert cache_module.place.__wrapped__().is_absolute()


@pytest.mark.parametrize("home", ["a_file", "much_too_long_" * 15])
def test_where_it_cannot_be_it_goes_with_the_process(tree: Path, tmp_path: Path, home: str) -> None:
    (tmp_path / "a_file").touch()
    (tmp_path / "temporary").mkdir()
    folders = {"HOME": str(tmp_path / home), "TMPDIR": str(tmp_path / "temporary")}
    environment = {k: v for k, v in os.environ.items() if k != "XDG_CACHE_HOME"} | folders
    (tree / "module.py").touch()
    program = (
        "from pathlib import Path\nfrom espat_host.build import bytecode, cache\n"
        f"print(cache.place(), bytecode.compiled(Path({str(tree)!r}), cache.place()))"
    )
    told = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, check=True
    ).stdout.decode()
    assert str(tmp_path / "temporary") in told
    assert list((tmp_path / "temporary").iterdir()) == []
