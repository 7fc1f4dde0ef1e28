"""What is made once and kept: folders named after what they were made from, which never change.
One that nobody has asked for in KEPT_DAYS goes when another is made."""

from __future__ import annotations

import atexit
import contextlib
import functools
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from platformdirs import user_cache_path

KEPT_DAYS = 14
# A path of a module is a name for MicroPython, and no name has more than 255 bytes (py/qstr.h).
MOST_PATH = 150


@functools.cache
def place() -> Path:
    """Where they are kept: in the user's cache folder, or, where nobody can write there, in one
    that goes with this process."""
    folder = user_cache_path("espat").absolute()  # the board's process runs in another folder
    if len(os.fsencode(folder)) > MOST_PATH:
        return _passing()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _locked(folder), tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError:
        return _passing()


def kept(cache: Path, name: str, make: Callable[[Path], object]) -> Path:
    """The folder of this name in the cache; `make` fills it when there is none yet."""
    folder = cache / name
    cache.mkdir(parents=True, exist_ok=True)
    if not _claim(folder):
        scratch = Path(tempfile.mkdtemp(dir=cache))
        try:
            make(scratch)
            # Another process may have been faster; its folder is the same.
            if not _claim(folder):
                scratch.rename(folder)
        except OSError:
            if not _claim(folder):
                raise
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
        _prune(cache)
    return folder


def _passing() -> Path:
    folder = tempfile.mkdtemp(prefix="espat-cache-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


def _claim(folder: Path) -> bool:
    """Whether the folder is there; if so, its days are counted from now."""
    with _locked(folder.parent):
        if folder.is_dir():
            os.utime(folder)
            return True
    return False


def _prune(cache: Path) -> None:
    """Remove the folders that nobody has asked for in days, and what broken runs have left."""
    oldest = time.time() - KEPT_DAYS * 24 * 3600
    with tempfile.TemporaryDirectory(dir=cache) as scratch, _locked(cache):
        for folder in [path for path in cache.iterdir() if path.is_dir()]:
            with contextlib.suppress(FileNotFoundError):  # scratch of another run, done with
                if folder.stat().st_mtime < oldest:
                    folder.rename(Path(scratch) / folder.name)


@contextlib.contextmanager
def _locked(cache: Path) -> Iterator[None]:
    """One process at a time: none may claim a folder that another is about to remove."""
    with (cache / "lock").open("w") as lock:
        # Windows has no fcntl, and no simulated boards, of which many start at the same time.
        with contextlib.suppress(ImportError):
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
