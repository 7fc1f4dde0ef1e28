"""The update package as the PC makes it, and as the firmware's pure floor reads it."""

import hashlib
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from espat.pure import package
from espat.pure.errors import Failure
from espat_host.build import firmware, update_package
from espat_host.build.checkout import ROOT
from espat_host.build.update_package import PackageError
from host_tests.build import updates

MODULE = updates.compiled("x.py", "x = 1")
FILES = {"espat/run.mpy": MODULE, "espat/pure/x.mpy": MODULE * 900}
ESPAT = [sys.executable, "-c", "from espat_host.cli import main; main(prog_name='espat')"]
DIGEST = "0123456789abcdef" * 4


def test_the_firmware_reads_what_the_pc_makes() -> None:
    first, rest = update_package.build(FILES, "1.2.3-x", "bench").split(b"\n", 1)
    blocks = 1 + -(-len(MODULE) * 900 // 4096)
    assert package.header(first) == (b"bench", MODULE[1], 2, blocks)
    assert first.split(b" ")[2] == b"1.2.3-x"
    seen = first + b"\n"
    for path, data in FILES.items():
        line, rest = rest.split(b"\n", 1)
        assert package.entry(line) == (len(data), hashlib.sha256(data).digest(), path)
        assert rest[: len(data)] == data
        seen, rest = seen + line + b"\n" + data, rest[len(data) :]
    assert package.end(rest.rstrip(b"\n")) == hashlib.sha256(seen).digest()


def test_it_holds_the_package_and_not_what_stays() -> None:
    paths = set(update_package.firmware_files())
    assert {"espat/run.mpy", "espat/units.pack"} <= paths
    assert all(package.entry(f"1 {DIGEST} {path}".encode())[2] == path for path in paths)
    board = ROOT / "boards" / "sim"
    stay = set(firmware.files(board)) - {f"lib/{path}" for path in paths}
    starters = {f"lib/espat_{name}.mpy" for name in ("start", "rescue")}
    assert stay == starters | {"main.py", "board.py"}


Reader = Callable[[bytes], object]
READERS: tuple[Reader, ...] = (package.header, package.entry, package.end, package.releases)
BAD_LINES: list[tuple[Reader, bytes]] = [
    (package.header, b""),
    (package.header, b"espat-package 1 v * 6 1"),
    (package.header, b"espat-package 1 v * 6 1 1 1"),
    (package.header, b"espat-package 1  * 6 1 1"),
    (package.header, b"espat-package 1 v/w * 6 1 1"),
    (package.header, b"espat-package 1 v ** 6 1 1"),
    (package.header, b"espat-package 1 v * -6 1 1"),
    (package.header, b"espat-package 1 v * 6 1 123456789"),
    (package.header, b"espat-package 1 v * 6 \xb2 1"),
    (package.header, b"Espat-package 1 v * 6 1 1"),
    (package.entry, b"1 espat/x.mpy"),
    (package.entry, f"x {DIGEST} espat/x.mpy".encode()),
    (package.entry, f"1 {DIGEST.upper()} espat/x.mpy".encode()),
    (package.entry, f"1 {DIGEST}0 espat/x.mpy".encode()),
    (package.entry, f"1 {DIGEST} espat/x.mpy ".encode()),
    (package.entry, f"1 {DIGEST} espat/\xfc.mpy".encode()),
    (package.end, b"end"),
    (package.end, b"end x"),
    (package.end, f"End {DIGEST}".encode()),
    (package.end, f"1 {DIGEST} espat/x.mpy".encode()),
    (package.releases, b""),
    (package.releases, b"\r\n\n"),
    (package.releases, f"1 {DIGEST} a b".encode()),
]


@pytest.mark.parametrize(("read", "line"), BAD_LINES)
def test_bad_lines(read: Reader, line: bytes) -> None:
    with pytest.raises(Failure):
        read(line)


@given(st.binary(max_size=200), st.sampled_from(READERS))
def test_nothing_but_a_bad_package_comes_of_noise(line: bytes, read: Reader) -> None:
    with suppress(Failure):
        read(line)


def test_a_list_with_line_ends_of_any_kind() -> None:
    text = f"2 {DIGEST} b\r\n\n1 {DIGEST} a".encode()
    digest = bytes.fromhex(DIGEST)
    assert package.releases(text) == [(b"2", digest, b"b"), (b"1", digest, b"a")]


@pytest.mark.parametrize(
    ("files", "version", "board", "words"),
    [
        (FILES, "a b", None, "'a b' is no name"),
        (FILES, ".hidden", None, "is no name"),
        (FILES, "x" * 65, None, "is no name"),
        (FILES, "1", "a/b", "'a/b' is no name"),
        ({"espat/x.mpy": b"import os"}, "1", None, "espat/x.mpy is no bytecode"),
        ({"espat/x.mpy": b"M\x06\x0e\x1f" + MODULE}, "1", None, "no bytecode that every chip"),
        ({"espat/x.mpy": b"M\x06\x00\x3f" + MODULE}, "1", None, "no bytecode that every chip"),
        (FILES | {"espat/y.mpy": b"M\x05\x00\x1f"}, "1", None, r"versions \[5, 6\], not one"),
    ],
)
def test_what_makes_no_package(
    files: dict[str, bytes], version: str, board: str | None, words: str
) -> None:
    with pytest.raises(PackageError, match=words):
        update_package.build(files, version, board)


def test_the_list_has_the_newest_first_and_stays_short(tmp_path: Path) -> None:
    for number in range(40):
        data = update_package.build(FILES, f"1.{number}")
        update_package.publish(data, f"1.{number}", tmp_path)
    update_package.publish(data, "1.30", tmp_path)
    text = (tmp_path / "latest").read_bytes()
    assert len(text) <= package.LIST_LIMIT
    found = package.releases(text)
    assert [name for name, _, _ in found[:3]] == [b"1.30", b"1.39", b"1.38"]
    assert len({name for name, _, _ in found}) == len(found) > 10
    for _, digest, name in found:
        assert hashlib.sha256((tmp_path / name.decode()).read_bytes()).digest() == digest


def test_the_command(tmp_path: Path) -> None:
    out, site = tmp_path / "x.package", tmp_path / "site"
    command = [*ESPAT, "package", "-o", str(out), "--into", str(site), "--board", "sim"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=150)
    assert done.returncode == 0, done.stderr
    version = update_package.default_version()
    words = out.read_bytes().split(b"\n", 1)[0].split(b" ")
    assert words[2:4] == [version.encode(), b"sim"]
    assert (site / f"espat-{version}.package").read_bytes() == out.read_bytes()
    assert version in done.stdout


def test_the_command_knows_the_boards(tmp_path: Path) -> None:
    """No board in the field would take a package for one that is misspelt."""
    command = [*ESPAT, "package", "-o", str(tmp_path / "x"), "--board", "ESP32_GENERIK"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=150)
    assert done.returncode == 2
    assert "there is no 'ESP32_GENERIK'; there are: ESP32_GENERIC, " in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_command_wants_a_place() -> None:
    done = subprocess.run([*ESPAT, "package"], capture_output=True, text=True, timeout=150)
    assert done.returncode != 0
    assert "say where the package goes" in done.stderr
    assert "Traceback" not in done.stderr
