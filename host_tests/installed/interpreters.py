"""Which CPythons there are on this machine."""

import functools
import os
import shutil
import subprocess
import sys
from pathlib import Path

OLDEST = (3, 10)  # requires-python in pyproject.toml
_VERSIONS = [(3, minor) for minor in range(OLDEST[1], 20)]
_PROBE = "import sys, venv, ensurepip; print(sys.implementation.name)"


def newest() -> tuple[int, int]:
    """The newest version of which there is one."""
    return next(version for version in reversed(_VERSIONS) if find(version))


@functools.cache
def find(version: tuple[int, int]) -> str | None:
    """An interpreter of this version that can make environments."""
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
