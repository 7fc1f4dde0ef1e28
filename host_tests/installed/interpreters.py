"""Which CPythons there are on this machine."""

import functools
import os
import shutil
import subprocess
import sys
from pathlib import Path

OLDEST = (3, 10)  # requires-python in pyproject.toml
NEWEST = (3, 20)  # nobody has it yet
_PROBE = "import sys, venv, ensurepip; print(sys.implementation.name)"


@functools.cache
def found() -> dict[tuple[int, int], str]:
    """Version -> an interpreter that can make environments."""
    versions = [(3, minor) for minor in range(OLDEST[1], NEWEST[1])]
    there = {version: _find(version) for version in versions}
    return {version: path for version, path in there.items() if path}


def _find(version: tuple[int, int]) -> str | None:
    candidates = [sys.executable] if sys.version_info[:2] == version else []
    name = "python{}.{}".format(*version)
    candidates += filter(None, [shutil.which(name)])
    # What pyenv has installed, its commands show only to those who have chosen it.
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    candidates += [
        str(path) for path in sorted(pyenv.glob(f"{version[0]}.{version[1]}.*/bin/{name}"))
    ]
    return next(filter(_works, candidates), None)


def _works(interpreter: str) -> bool:
    try:
        done = subprocess.run(
            [interpreter, "-c", _PROBE], capture_output=True, text=True, timeout=60
        )
    except OSError:
        return False
    return done.returncode == 0 and done.stdout.strip() == "cpython"
