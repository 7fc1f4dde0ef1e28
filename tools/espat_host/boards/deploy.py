"""The firmware's way onto a board that runs MicroPython.

Only what differs is copied, and read back. A cut at any moment leaves a board that can be deployed
again and runs no half of the firmware: when more than one file changes, main.py goes first and
comes back last, so that the board waits at its prompt meanwhile; a file that changes alone is
replaced whole. Only that one, because LittleFS reads most of a folder, and again, to rename.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from espat_host.boards.data import BoardData
from espat_host.boards.repl import BoardRefused, Repl

MAIN = "main.py"
# All that is the firmware's on a board: of the package also what an update has left for the next
# start, which would replace what is deployed now (espat_versions.py).
OURS = (
    *("lib/espat" + state for state in ("", "-part", "-new", "-old", "-gone")),
    *(f"lib/espat_{name}.mpy" for name in ("start", "rescue", "versions")),
    "board.py",
    MAIN,
)
# What the firmware needs, and what its README names: the first with .mpy 6.3.
OLDEST = (1, 24)
BLOCK_SPARE = 4  # metadata that LittleFS rewrites, and the block it copies on write

# Prints the facts, then every file and folder of ours. Where the packages lie tells where the file
# system is: the root on the chip, /flash on some other ports.
SURVEY = f"""
import sys as _sys
def _exists(path):
    try:
        return _os.stat(path)[0]
    except OSError:
        return 0
def _walk(path, kind):
    if kind & 0x4000:
        print(repr((path, None, 0)))
        for entry in _os.ilistdir(path):
            _walk(path + '/' + entry[0], entry[1])
    elif kind:
        with open(path, 'rb') as file:
            print(repr((path, _digest(file), file.tell())))
try:
    _espat = __import__('espat').__file__
except (ImportError, AttributeError, ValueError):
    _espat = ''
_lib = next((path for path in _sys.path if path.endswith('/lib')), '/lib')
_root = _lib[:-3]
_space = _os.statvfs(_root)
print(repr(dict(
    root=_root,
    mpy=getattr(_sys.implementation, '_mpy', 0),
    version=tuple(_sys.implementation.version[:3]),
    machine=getattr(_sys.implementation, '_machine', ''),
    block=_space[0],
    free=_space[3],
    imported=_espat,
    hidden_by=[path for path in (_root + 'espat', _root + 'espat.py') if _exists(path)],
)))
for _path in {OURS!r}:
    _walk(_root + _path, _exists(_root + _path))
"""


class DeployError(Exception):
    """The firmware cannot go onto this board; the message says what to do."""


@dataclass(frozen=True)
class Survey:
    """What was found on a board. Paths are relative to the root of its file system."""

    root: str
    mpy: int
    version: tuple[int, ...]
    machine: str
    block: int
    free: int
    hidden_by: list[str]
    imported: str
    hashes: dict[str, str] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    folders: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        version = ".".join(map(str, self.version))
        return f"MicroPython {version} on {self.machine or 'a board without a name'}"


@dataclass(frozen=True)
class Plan:
    """What has to be done, in this order. `keep` counts the files that stay; `alone`: one file
    changes, and the board can start meanwhile."""

    remove: list[str]
    empty: list[str]
    folders: list[str]
    copy: dict[str, bytes]
    keep: int
    alone: bool

    @property
    def size(self) -> int:
        return sum(map(len, self.copy.values()))

    @property
    def nothing(self) -> bool:
        return not self.copy and not self.remove


def survey(repl: Repl) -> Survey:
    """Look at the board, in one go."""
    facts, *entries = repl.values(SURVEY)
    found = Survey(**facts)
    for path, digest, size in entries:
        name = path[len(found.root) :]
        if digest is None:
            found.folders.append(name)
        else:
            found.hashes[name], found.sizes[name] = digest, size
    return found


def plan(files: dict[str, bytes], found: Survey) -> Plan:
    """What differs between the board and `files`."""
    copy = {path: data for path, data in files.items() if found.hashes.get(path) != _sha(data)}
    remove = [path for path in found.hashes if path not in files]
    if (len(copy) > 1 or remove) and MAIN in found.hashes:
        remove.insert(0, MAIN)
        copy[MAIN] = copy.pop(MAIN, files[MAIN])  # the last one
    wanted = {str(parent) for path in files for parent in Path(path).parents if str(parent) != "."}
    return Plan(
        remove=remove,
        empty=sorted((path for path in found.folders if path not in wanted), reverse=True),
        folders=sorted(path for path in wanted if path not in found.folders),
        copy=copy,
        keep=len(files) - len(copy),
        alone=MAIN in found.hashes and MAIN not in remove,
    )


def check(files: dict[str, bytes], board: BoardData, found: Survey) -> None:
    """Raise DeployError where the firmware would not run on what was found."""
    flash = f"flash a newer MicroPython: espat flash --board {board.name}"
    if found.version < OLDEST:
        oldest = ".".join(map(str, OLDEST))
        raise DeployError(f"{found.name} is too old; the firmware needs {oldest}: {flash}")
    for path, data in files.items():
        if path.endswith(".mpy"):
            _check_mpy(path, data, found, flash)
    chip = str(board.fields["CHIP"])
    actual = found.machine.rpartition(" with ")[2] if " with " in found.machine else ""
    if actual.startswith("ESP32") and _bare_name(actual) != _bare_name(chip):
        raise DeployError(f"this board is an {actual}, and {board.name} is for {chip}; see --board")
    if found.imported.startswith(".frozen"):
        raise DeployError(
            "this board's image has the firmware inside, and that is what runs, not the files: "
            "flash a new image (docs/frozen_and_mip.md), or MicroPython's own to deploy files"
        )
    if found.hidden_by:
        paths = " and ".join(found.hidden_by)
        raise DeployError(
            f"the board has {paths}, which would be loaded instead of {found.root}lib/espat; "
            f"remove it: mpremote connect PORT rm -r :{found.hidden_by[0]}"
        )


def check_space(steps: Plan, found: Survey) -> None:
    """Raise DeployError where the flash is too full, before anything was changed."""
    blocks = {path: _blocks(len(data), found.block) for path, data in steps.copy.items()}
    gone = {path for path in [*steps.remove, *steps.copy] if path in found.sizes}
    freed = sum(_blocks(found.sizes[path], found.block) for path in gone)
    # A file is there twice until its successor is complete, and a folder takes a pair of blocks.
    beside = max(blocks.values(), default=0) + 2 * len(steps.folders) + BLOCK_SPARE
    needed = sum(blocks.values()) - freed + beside
    if steps.copy and needed > found.free:
        missing = (needed - found.free) * found.block
        raise DeployError(
            f"the flash is too full: {missing:,} bytes more are needed. Nothing was changed; "
            "remove files of your own (mpremote connect PORT ls)"
        )


def carry_out(repl: Repl, steps: Plan, found: Survey, advance: Callable[[str, int], None]) -> None:
    """Do it. `advance` is told of every piece: the file and its bytes."""
    try:
        for path in steps.remove:
            repl.run(f"_os.remove({found.root + path!r})")
        for path in steps.empty:
            repl.run(f"_os.rmdir({found.root + path!r})")
        for path in steps.folders:
            repl.run(f"_exists({found.root + path!r}) or _os.mkdir({found.root + path!r})")
        for path, data in steps.copy.items():

            def advance_file(size: int, path: str = path) -> None:
                advance(path, size)

            write = repl.replace_file if steps.alone else repl.write_file
            write(found.root + path, data, _sha(data), advance_file)
    except BoardRefused as error:
        raise DeployError(
            f"the board stopped at {path}: {error}. Its firmware is not complete and does not "
            "start; when the cause is mended, deploy again (ENOSPC: the flash is full; "
            "EIO and files that differ: erase it with `espat flash --erase`)"
        ) from error


def _check_mpy(path: str, data: bytes, found: Survey, flash: str) -> None:
    """As py/persistentcode.c does: the version, the architecture of native code, small integers."""
    version, arch = data[1], data[2] >> 2
    if version != found.mpy & 0xFF:
        raise DeployError(
            f"{found.name} loads .mpy version {found.mpy & 0xFF or 'none'}, and the firmware is "
            f"version {version}: {flash}"
        )
    if arch and arch != found.mpy >> 10:
        raise DeployError(f"{path} has native code for another processor than {found.machine}'s")


def _blocks(size: int, block: int) -> int:
    return -(-size // block)


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _bare_name(chip: str) -> str:
    return chip.replace("-", "").upper()
