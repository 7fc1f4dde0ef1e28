"""A place where the project is installed, and what is run there: as a user would, from another
folder, with an empty home and none of the variables of these tests."""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from espat_host.build.checkout import ROOT

LIMIT = 300.0
LEFT_BY_A_BUILD = "A_BOARD_THAT_HAS_GONE"
_MADE = {".git", ".venv", ".hypothesis", "__pycache__"}  # no part of the sources
_SDIST = "import sys; from setuptools import build_meta; build_meta.build_sdist(sys.argv[1])"


@dataclass(frozen=True)
class Place:
    """An environment with the project in it, and a user's folder and home. `cache`: what the users
    of an environment share of what is compiled; without it each one compiles all of it."""

    environment: Path
    folder: Path
    home: Path
    cache: Path | None = None

    @property
    def python(self) -> Path:
        return self.environment / "bin" / "python"

    @property
    def variables(self) -> dict[str, str]:
        path = os.pathsep.join((str(self.environment / "bin"), os.defpath))
        cache = {"XDG_CACHE_HOME": str(self.cache)} if self.cache else {}
        return {"HOME": str(self.home), "PATH": path, "LANG": "C.UTF-8", "TERM": "dumb"} | cache

    def command(self, *arguments: str | Path) -> list[str]:
        """The `espat` command of this environment."""
        return [str(self.environment / "bin" / "espat"), *map(str, arguments)]

    def espat(
        self, *arguments: str | Path, stdin: str = "", **variables: str
    ) -> subprocess.CompletedProcess[str]:
        return self.run(self.command(*arguments), stdin, **variables)

    def program(self, text: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run a program of the user's."""
        path = self.folder.parent / "program.py"
        path.write_text(text, encoding="utf-8")
        return self.run([str(self.python), str(path)], **variables)

    def run(
        self, command: list[str], stdin: str = "", **variables: str
    ) -> subprocess.CompletedProcess[str]:
        """Run anything in the user's folder."""
        return subprocess.run(
            command,
            cwd=self.folder,
            env=self.variables | variables,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=LIMIT,
        )


@contextmanager
def running(user: Place, *arguments: str) -> Iterator[None]:
    """`espat sim` until the end of the `with`."""
    command = user.command("sim", *arguments)
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, cwd=user.folder, env=user.variables, stdout=pipe, text=True
    ) as process:
        try:
            assert process.stdout is not None
            while "serial port: " not in process.stdout.readline():
                assert process.poll() is None
            yield
            process.send_signal(signal.SIGTERM)
            assert process.wait(LIMIT) == 0
        finally:
            process.kill()


def make_archives(folder: Path) -> None:
    """The source distribution and the wheel that is made from it, as an index offers them; and in
    `in_place` one that is made from a source folder, in which there was an earlier build."""
    sources = folder / "sources"
    shutil.copytree(ROOT, sources, ignore=_made)
    left = sources / "build" / "lib" / "espat_host" / "data" / "boards" / LEFT_BY_A_BUILD
    left.mkdir(parents=True)
    (left / "board.py").touch()
    _check([sys.executable, "-c", _SDIST, str(folder)], sources)
    pip = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation"]
    archive = next(folder.glob("*.tar.gz"))
    for made_from, target in ((archive, folder), (sources, folder / "in_place")):
        _check([*pip, "--wheel-dir", str(target), str(made_from)], folder)


def _made(folder: str, names: list[str]) -> set[str]:
    """What tools have put into the source folder."""
    made = {name for name in names if name in _MADE or name.endswith(("cache", ".egg-info"))}
    return made | ({"build", "dist"} & set(names) if Path(folder) == ROOT else set())


def install(interpreter: str, wheel: Path, environment: Path, *more: str) -> None:
    """Make an environment with the wheel in it, and packages more."""
    _check([interpreter, "-m", "venv", "--without-pip", str(environment)], environment.parent)
    python = str(environment / "bin" / "python")
    pip = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-compile"]
    constraints = ["--constraint", str(ROOT / "constraints.txt")]
    _check([*pip, *constraints, str(wheel), *more], environment.parent)


@contextmanager
def alone(folder: Path) -> Iterator[bool]:
    """Only one of the processes that run these tests at a time; whether it is the first."""
    folder.mkdir(parents=True, exist_ok=True)
    done = folder / "done"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            for left in set(folder.iterdir()) - {folder / "lock"}:  # by one that has failed
                shutil.rmtree(left) if left.is_dir() else left.unlink()
        yield not done.exists()
        done.touch()


def _check(command: list[str], folder: Path) -> None:
    variables = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    done = subprocess.run(
        command, cwd=folder, env=variables, capture_output=True, text=True, timeout=LIMIT
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
