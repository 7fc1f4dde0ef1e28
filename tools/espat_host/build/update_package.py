"""Update packages: the firmware in one file, and the list by which a web server offers them.

The format is described where it is read, in firmware/espat/pure/package.py. `main.py`, `board.py`
and the modules that start the package are not in it: they stay as they are on the board.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

from espat_host.build import bundle, firmware
from espat_host.build.bytecode import CompileError
from espat_host.build.checkout import FIRMWARE

BLOCK = 4096
LIST = "latest"
LIST_LIMIT = 2047  # bytes, as in firmware/espat/pure/package.py
_WORD = re.compile(r"[A-Za-z0-9_+-][A-Za-z0-9._+-]{0,63}")
_SMALL_INTEGER_BITS = 31  # of a chip


class PackageError(Exception):
    """The package cannot be made; the message says why."""


def default_version() -> str:
    """The firmware's version, and the commit where git knows it."""
    text = (FIRMWARE / "espat" / "__init__.py").read_text(encoding="utf-8")
    found = re.search(r'^__version__ = "(.+)"$', text, re.MULTILINE)
    if found is None:
        raise PackageError("firmware/espat/__init__.py has no __version__")
    commit = re.search(r'^HASH = "(.+)"$', firmware.build_info(), re.MULTILINE)
    known = commit is not None and commit[1] != "unknown"
    return f"{found[1]}-{commit[1]}" if commit and known else found[1]


def firmware_files() -> dict[str, bytes]:
    """The present firmware: path -> module."""
    try:
        return firmware.package()
    except CompileError as error:
        raise PackageError(str(error)) from error


def build(files: Mapping[str, bytes], version: str, board: str | None = None) -> bytes:
    """The package of these files, for one board or for all."""
    words = (version, board or "*", _mpy_version(files), len(files), _blocks(files))
    for word in (version, *([board] if board else [])):
        if not _WORD.fullmatch(word):
            raise PackageError(f"{word!r} is no name: letters, digits and . _ + - up to 64")
    package = bytearray(" ".join(map(str, ("espat-package", 1, *words))).encode() + b"\n")
    for path, data in files.items():
        package += f"{len(data)} {_sha256(data)} {path}\n".encode() + data
    return bytes(package) + f"end {_sha256(package)}\n".encode()


def publish(package: bytes, version: str, folder: Path) -> Path:
    """Put a package into the folder of a web server, at the head of its list. Returns its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"espat-{version}.package"
    path.write_bytes(package)
    catalogue = folder / LIST
    lines = [f"{version} {_sha256(package)} {path.name}"]
    if catalogue.is_file():
        old = catalogue.read_text().splitlines()
        lines += [line for line in old if line and line.split()[0] != version]
    while len("\n".join(lines)) >= LIST_LIMIT:
        lines.pop()
    # A board that asks just now gets the old list or the new one.
    unfinished = folder / f".{LIST}"
    unfinished.write_text("\n".join(lines) + "\n")
    unfinished.replace(catalogue)
    return path


def _mpy_version(files: Mapping[str, bytes]) -> int:
    """The one that all modules have; they must run on every chip."""
    versions = set()
    modules = {path: data for path, data in files.items() if path != bundle.PATH}
    for path, data in (modules | bundle.parts(files.get(bundle.PATH, b""))).items():
        if data[:1] != b"M" or data[2] != 0 or data[3] > _SMALL_INTEGER_BITS:
            raise PackageError(f"{path} is no bytecode that every chip runs")
        versions.add(data[1])
    if len(versions) != 1:
        raise PackageError(f"the modules have .mpy versions {sorted(versions)}, not one")
    return int(versions.pop())


def _blocks(files: Mapping[str, bytes]) -> int:
    return sum(-(-len(data) // BLOCK) for data in files.values())


def _sha256(data: bytes | bytearray) -> str:
    return hashlib.sha256(data).hexdigest()
