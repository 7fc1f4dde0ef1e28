"""Programs from Debian for the tests, without root: the installed one, or the package unpacked
into the venv. Nothing of it is started by itself, and nothing outside the venv is touched."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

FOLDER = Path(sys.prefix) / "debian"
# Servers are installed where an ordinary user's PATH does not lead.
_PATH = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/sbin"))
_TIME_LIMIT = 120.0


class ProgramMissing(RuntimeError):
    """The program cannot be had; the message says what to install."""


def debian_program(name: str, package: str) -> Path:
    """The path of a program: `debian_program("chronyd", package="chrony")`."""
    if installed := shutil.which(name, path=_PATH):
        return Path(installed)
    import fcntl  # Windows has none, and no Debian packages

    folder = FOLDER / package
    FOLDER.mkdir(exist_ok=True)
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # other processes of the same test run want it, too
        if not folder.exists():
            _unpack(package, folder)
    for where in ("usr/sbin", "usr/bin", "sbin", "bin"):
        if (program := folder / where / name).is_file():
            return program
    raise ProgramMissing(f"the Debian package {package} has no program {name}")


def _unpack(package: str, folder: Path) -> None:
    """Fetch and unpack beside the final place, then rename: it is there whole or not at all."""
    with tempfile.TemporaryDirectory(dir=FOLDER, prefix=".unpacking-") as scratch:
        work = Path(scratch)
        try:
            _run(package, ["apt-get", "download", package], work)
        except ProgramMissing:
            # A new machine has no package lists yet. Own ones need no root.
            options = _own_lists()
            _run(package, ["apt-get", *options, "update"], work)
            _run(package, ["apt-get", *options, "download", package], work)
        for archive in work.glob("*.deb"):
            _run(package, ["dpkg", "-x", str(archive), str(work / "root")], work)
        (work / "root").rename(folder)


def _own_lists() -> list[str]:
    lists = FOLDER / "lists"
    (lists / "partial").mkdir(parents=True, exist_ok=True)
    return ["-o", f"Dir::State::Lists={lists}", "-o", f"Dir::Cache={FOLDER / 'cache'}"]


def _run(package: str, command: list[str], folder: Path) -> None:
    advice = f"install it yourself (on Debian and Ubuntu: apt install {package}) and try again"
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=_TIME_LIMIT)
    except subprocess.CalledProcessError as error:
        words = error.stderr.decode(errors="replace").strip().splitlines()
        said = words[-1] if words else f"exit status {error.returncode}"
        raise ProgramMissing(f"{package} cannot be fetched ({said}); {advice}") from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ProgramMissing(f"{package} cannot be fetched ({error}); {advice}") from error
