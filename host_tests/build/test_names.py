"""The names that a linked program gives to what is its own: such as a board knows anyway."""

import ast
import builtins
import keyword
import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path

from espat_host.build import bytecode, linker
from espat_host.build.foreign_names import foreign
from espat_host.build.known_names import CORE, KNOWN, STATIC
from espat_host.sim.process import micropython

OWN = [f"own_{number}" for number in range(500)]


def linked(text: str) -> str:
    """The unit of a program whose run() starts it."""
    (unit,) = linker.link({"p.run": textwrap.dedent(text)}, ["p.run:run"], "")
    return unit.text


def functions(names: list[str]) -> str:
    """A program of these functions."""
    made = "".join(f"def {name}(): pass\n" for name in names)
    return f"{made}def run():\n    return {', '.join(names)}\n"


def methods(names: list[str]) -> str:
    """A class of these methods, and a function that names them."""
    made = "".join(f"    def {name}(self): pass\n" for name in names)
    return f"class One:\n{made}def every(one):\n    return {', '.join(f'one.{n}' for n in names)}\n"


def defined(text: str) -> set[str]:
    """The names of functions and classes, but for run()."""
    kinds = (ast.FunctionDef, ast.ClassDef)
    return {node.name for node in ast.walk(ast.parse(text)) if isinstance(node, kinds)} - {"run"}


def test_known_names_come_first() -> None:
    assert defined(linked(functions(OWN[:200]))) < set(KNOWN)
    given = defined(linked(functions(OWN)))
    assert len(given) == 500
    assert set(KNOWN) < given
    assert min(given - set(KNOWN), key=lambda name: (len(name), name)) == "A"


def test_attributes_and_globals_share_their_names() -> None:
    """So that a unit has them once."""
    text = linked(methods(OWN[:20]) + functions(OWN[:18]).replace("return", "return every, One,"))
    assert len(defined(text)) == 20


SPELLED = """
    import acos
    from binascii import asin as atan
    def spelled(one):
        import fmod
        return one.ceil, one.cosh(erf=1), exp, "fabs", acos.unhexlify, atan, fmod, gamma
    def run():
        return spelled(more)
    def more():
"""


def test_what_the_program_spells_is_not_given() -> None:
    """However it does, and even where it would do no harm."""
    words = set(re.findall(r"\w{3,}", SPELLED)) & set(KNOWN)
    assert len(words) == 11
    body = functions(OWN).replace("run", "more")
    text = linked(textwrap.dedent(SPELLED).replace("def more():\n", body))
    assert len(defined(text)) == 502
    assert not defined(text) & words


def test_an_attribute_of_ours_is_none_of_pythons() -> None:
    """A class of ours may stand on one of MicroPython's."""
    text = linked(methods(OWN) + "def run():\n    return every(One)\n")
    (ours,) = (node for node in ast.parse(text).body if isinstance(node, ast.ClassDef))
    given = {node.name for node in ours.body if isinstance(node, ast.FunctionDef)}
    assert len(given) == 500
    assert not given & foreign()


def test_names_of_micropython_are_not_given_away() -> None:
    names = {"readinto", "write", "config", "ipconfig", "served", "sleep_ms", "ilistdir", "ipoll"}
    assert names | {"get_blob", "writeblocks", "UPLOAD_BUFFER", "set_boot"} <= foreign()
    # What only the simulated board's insides call so, no chip does.
    assert not {"byte_ns", "Filler", "discard_input", "_buf"} & foreign()


def test_what_the_program_asks_of_a_module_is_not_its_own() -> None:
    text = linked("""
        import gc
        class One:
            def ours(self): pass
            def mem_some(self): pass
            def mem_more(self): pass
        def run():
            import micropython
            gc.mem_some(), micropython.mem_more()
            return One().mem_some(), One().mem_more(), One().ours()
    """)
    assert (text.count("mem_some"), text.count("mem_more"), text.count("ours")) == (3, 3, 0)


def test_a_known_name_is_a_name() -> None:
    assert len(set(KNOWN)) == len(KNOWN)
    assert all(name.isidentifier() and name[0] != "_" for name in KNOWN)
    assert not set(KNOWN) & set(keyword.kwlist)
    # What belongs to a function alone has one or two small letters.
    assert all(len(name) > 2 or name[0].isupper() for name in KNOWN)


# What MicroPython looks up by itself: streams, file systems, block devices, generators, exceptions,
# mappings, sockets; and what its compiler makes names of.
LOOKED_UP = """
    read readinto readline write ioctl close flush seek tell fileno
    mount umount open stat statvfs ilistdir chdir getcwd mkdir remove rename rmdir
    readblocks writeblocks sync count send throw value args errno get keys irq
    accept bind connect listen setblocking setsockopt const super micropython
"""


def test_a_known_name_means_nothing_to_micropython() -> None:
    assert not set(KNOWN) & set(LOOKED_UP.split())


def test_a_known_name_is_no_exceptions() -> None:
    """A log shows those."""
    assert not [
        name for name in KNOWN if name.endswith(("Error", "Exception", "Exit", "Iteration"))
    ]
    kinds = (one for one in vars(builtins).values() if isinstance(one, type))
    assert not {one.__name__ for one in kinds if issubclass(one, BaseException)} & set(KNOWN)


def test_static_names_are_numbers(tmp_path: Path) -> None:
    source, target = tmp_path / "m.py", tmp_path / "m.mpy"
    source.write_text("def f(x):\n" + "".join(f"    x.{name}\n" for name in STATIC.split()))
    bytecode.compile_module(source, "m", target)
    code = target.read_bytes()
    assert not [name for name in STATIC.split() if name.encode() + b"\0" in code]


COUNT = """
import sys, micropython
for line in sys.stdin:
    micropython.qstr_info()
    hasattr(sys, line.strip())
micropython.qstr_info()
"""


def test_micropython_knows_them() -> None:
    """The one at hand, those that all its ports of that size have."""
    names = [*(STATIC + CORE).split(), "nobody_knows_it"]
    command = [*micropython(), "-c", COUNT]
    shown = subprocess.run(command, input="\n".join(names), capture_output=True, text=True).stdout
    counts = list(map(int, re.findall(r"n_qstr=(\d+)", shown)))
    known = zip(names, counts, counts[1:], strict=False)
    assert [name for name, before, after in known if after > before] == ["nobody_knows_it"]


def test_names_are_always_the_same() -> None:
    """Whatever the order in which Python keeps a set."""
    told = set()
    for seed in "1", "2":
        command = [sys.executable, "-c", TELL]
        env = os.environ | {"PYTHONHASHSEED": seed}
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
        told.add(done.stdout)
    assert len(told) == 1


TELL = """
import hashlib
from espat_host.build import bytecode, checkout, firmware
texts = bytecode.read_tree(checkout.FIRMWARE)
units = "".join(unit.text for unit in bytecode.linked(texts, firmware.PACKAGE))
print(len(units), hashlib.sha256(units.encode()).hexdigest())
"""
