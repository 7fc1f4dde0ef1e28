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
    folder = FOLDER / package
    if not folder.exists():
        _unpack(package, folder)
    for where in ("usr/sbin", "usr/bin", "sbin", "bin"):
        if (program := folder / where / name).is_file():
            return program
    raise ProgramMissing(f"the Debian package {package} has no program {name}")


def _unpack(package: str, folder: Path) -> None:
    """Fetch and unpack beside the final place, then rename: another test run may do the same."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=FOLDER, prefix=".unpacking-") as scratch:
        work = Path(scratch)
        _run(package, ["apt-get", "download", package], work)
        for archive in work.glob("*.deb"):
            _run(package, ["dpkg", "-x", str(archive), str(work / "root")], work)
        try:
            (work / "root").rename(folder)
        except OSError:
            if not folder.exists():
                raise


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
