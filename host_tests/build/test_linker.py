"""Many modules become few files: what a unit holds, what its names are, and the way back."""

import ast
import re
import subprocess
import textwrap
from collections import Counter
from pathlib import Path

import pytest

from espat_host.build import constants, firmware, linker
from espat_host.build.checkout import ROOT
from espat_host.build.scopes import LinkError
from espat_host.build.tracebacks import read_back
from espat_host.sim.process import micropython


def inlined(**texts: str) -> dict[str, str]:
    return constants.inline({f"p.{name}": text for name, text in texts.items()})


def linked(**texts: str) -> dict[str, str]:
    """The units of a package p whose module run starts it, by name."""
    modules = {f"p.{name}": textwrap.dedent(text) for name, text in texts.items()}
    roots = ["p.run:run"] + ["p.app:bring_up"] * ("app" in texts)
    units = linker.link(constants.inline(modules), roots, "p.units:LINKED")
    return {unit.name: unit.text for unit in units}


def output(tmp_path: Path, units: dict[str, str]) -> str:
    """What run() prints in MicroPython."""
    (tmp_path / "p").mkdir()
    for name, text in units.items():
        (tmp_path / (name.replace(".", "/") + ".py")).write_text(text)
    command = [*micropython(), "-c", "from p.run import run; run()"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=30)
    return done.stdout + done.stderr


def test_numbers_go_where_they_are_used() -> None:
    small = inlined(
        a="ONE = 1\nTWO, _THREE = ONE + 1, 3\nx = TWO * _THREE", b="from p.a import TWO\ny = TWO"
    )
    assert small["p.a"] == "pass\npass\nx = 2 * 3"
    assert small["p.b"] == "pass\ny = 2"


def test_numbers_by_the_name_of_their_module() -> None:
    small = inlined(
        a="ONE = -1\ndef f(): pass",
        b="from p import a\ny = a.ONE",
        c="from p import a\nz = a.ONE, a.f",
    )
    assert small["p.b"] == "pass\ny = (-1)"
    assert small["p.c"] == "from p import a\nz = (-1), a.f"


@pytest.mark.parametrize(
    "text", ["A = 1\nA = 2\nx = A", "A = f()\nx = A", "A = True\nx = A", "a = 1\nx = a"]
)
def test_what_is_no_constant_stays(text: str) -> None:
    assert inlined(a=text)["p.a"] == text


LOW = """
    WORD = b"a word"
    class Counter:
        step = 2
        limits = (step, 9)
        def __init__(self, start):
            self._value = start
        def _next(self, step):
            self._value += step or self.step
            return self._value
        def take(self, count, named=0):
            return [self._next(named) for _ in range(count)]
    class Below(Counter):
        def take(self, count, named=0):
            return super().take(count, named) + list(self.limits)
    def unused():
        return missing
"""
RUN = """
    import sys
    import time
    from p import low
    from p.low import Below as Taker
    from p.low import WORD
    TABLE = {1: low.Counter, 2: Taker}
    def _extra():
        __import__("p.more")
        return sys.modules["p.more"].shown(1), sys.modules["p.more"].low_word()
    def run():
        time.sleep(0)
        for number in sorted(TABLE):
            print(TABLE[number](5).take(3, named=4), WORD)
        low = sum(map(lambda one: one + 1, (1, 2)))  # a local of that name hides the module
        print(low, _extra(), _extra())
"""
MORE = """
    from p.low import WORD, Counter
    def shown(low):
        return Counter(low).take(2)
    def low_word():
        return WORD
"""


def test_a_linked_program_does_the_same(tmp_path: Path) -> None:
    units = linked(low=LOW, run=RUN, more=MORE)
    assert units.keys() == {"p.run", "p.more"}
    first = "[9, 13, 17] b'a word'\n[9, 13, 17, 2, 9] b'a word'\n"
    again = "([3, 5], b'a word')"
    assert output(tmp_path, units) == f"{first}5 {again} {again}\n"


def test_names_are_short_and_what_nobody_needs_is_left_out() -> None:
    text = linked(low=LOW, run=RUN, more=MORE)["p.run"]
    for word in ("Counter", "_value", "_next", "TABLE", "unused", "missing", "start"):
        assert word not in text, word
    assert "named" in text, "a call names it"
    assert "def run(" in text, "it is called from outside"
    assert re.search(r"^_K\d = const\(b'a word'\)$", text, re.MULTILINE)


def test_units_share_what_the_first_one_has_and_nothing_else() -> None:
    units = linked(
        low="def f():\n    return 1\ndef g():\n    return 2\n",
        one="from p.low import f, g\ndef a():\n    return f() + g()\n",
        run="""
            from p.low import f
            def run():
                print(f())
        """,
    )
    assert units["p.run"].count("return 1") == 1
    assert "return 2" not in units["p.run"]
    assert "return 1" not in units["p.one"]
    assert "return 2" in units["p.one"]


def test_what_is_always_there_may_come_in_steps(tmp_path: Path) -> None:
    units = linked(
        low="def f():\n    return 1\ndef g():\n    return 2\n",
        late="from p.low import f, g\nfrom p.app import h\ndef a():\n    return f() + g() + h()\n",
        app="""
            import sys
            from p.low import f, g
            def h():
                return 10
            def bring_up():
                __import__("p.late")
                return f() + g() + sys.modules["p.late"].a()
        """,
        run="""
            from p.low import f
            def _begun():
                from p.app import bring_up
                return bring_up()
            def run():
                print(f(), _begun())
        """,
    )
    assert units.keys() == {"p.run", "p.app", "p.late"}
    assert "return 1\n" not in units["p.app"] + units["p.late"]
    assert "return 2" not in units["p.late"]
    assert output(tmp_path, units) == "1 16\n"


def test_a_linked_program_knows_it(tmp_path: Path) -> None:
    units = linked(
        units="LINKED = False\n",
        run="from p.units import LINKED\ndef run():\n    print(LINKED)\n",
    )
    assert output(tmp_path, units) == "True\n"


def test_units_share_long_texts(tmp_path: Path) -> None:
    units = linked(
        low=f"SHORT = b'{'s' * 255}'\nLONG = b'{'x' * 256}'\n",
        more="from p.low import LONG, SHORT\ndef a():\n    return len(LONG) + len(SHORT)\n",
        run="""
            import sys
            from p.low import LONG, SHORT
            def run():
                __import__("p.more")
                print(len(LONG), len(SHORT), sys.modules["p.more"].a())
        """,
    )
    assert output(tmp_path, units) == "256 255 511\n"
    assert ["sss" in text for text in units.values()] == [True, True]
    assert ["xxx" in text for text in units.values()] == [True, False]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("from p import low\ndef run():\n    return low\n", "used as a value"),
        ("from p import low\ndef run():\n    return low.nothing\n", "has no nothing"),
        ("print(1)\ndef run():\n    pass\n", "when it is imported"),
        ("def run():\n    from p.low import f\n    f()\n", "imports what is not always there"),
    ],
)
def test_what_cannot_be_linked_is_said(text: str, words: str) -> None:
    with pytest.raises(LinkError, match=rf"p\.run:\d.*{words}"):
        linked(low="def f(): pass\n", run=text)


def test_what_getattr_finds_keeps_its_name(tmp_path: Path) -> None:
    units = linked(
        run="""
            class A:
                def get_x(self):
                    return 1
            def run():
                print(getattr(A(), 'get_x')())
        """
    )
    assert output(tmp_path, units) == "1\n"


def test_several_at_once_make_no_tuple(tmp_path: Path) -> None:
    units = linked(
        run="""
            import micropython
            class Three:
                a = b = c = 1
                def turn(self):
                    self.a, self.b, self.c = self.b, self.c, self.a
            def run():
                three = Three()
                three.turn()
                before = micropython.mem_total()
                three.turn()
                print(micropython.mem_total() - before)
            """
    )
    assert output(tmp_path, units) == "0\n"


def test_no_exception_is_in_two_units() -> None:
    """One that is raised by one unit and caught by another must be the same in both."""
    units = [unit for unit in firmware.units() if unit.name.startswith("espat.")]
    modules = {unit.name: {m for m, line in unit.lines if line} for unit in units}
    kinds: Counter[str] = Counter()
    for unit in units:
        for node in ast.walk(ast.parse(unit.text)):
            if isinstance(node, ast.ClassDef) and any(
                "Exception" in ast.unparse(b) for b in node.bases
            ):
                kinds[unit.lines[node.lineno - 1][0] + f":{unit.lines[node.lineno - 1][1]}"] += 1
    assert modules["espat.session"] > {"espat.session", "espat.commands.http"}
    assert modules["espat.app"] > {"espat.services.station", "espat.edges.tls"}
    # What a file of updates or a filter says of itself is caught where it is raised.
    assert {place for place, count in kinds.items() if count > 1} == set()


def test_reasons_are_read_back() -> None:
    log = "failed: 0x7002 [Errno 111] ECONNREFUSED\nupdate failed: 0x7194 \n"
    assert read_back(log) == (
        "failed: 0x7002 (the server refused the connection) [Errno 111] ECONNREFUSED\n"
        "update failed: 0x7194 (HTTP status 404) \n"
    )


def place(unit: linker.Unit, module: str, text: str) -> tuple[int, int]:
    """Where a line of a module stands in a unit, and where in its file."""
    path = ROOT / "firmware" / (module.replace(".", "/") + ".py")
    lines = [line.strip() for line in path.read_text().splitlines()]
    wanted = lines.index(text) + 1
    return unit.lines.index((module, wanted)) + 1, wanted


def test_a_traceback_is_read_back() -> None:
    units = {unit.name: unit for unit in firmware.units()}
    first, begun = place(units["espat_start"], "espat_start", "run(board, Start())")
    last, ended = place(units["espat.app"], "espat.services.exchange", "return head.status")
    saved, failed = place(units["espat_rescue"], "espat_versions", "return os.listdir(_LIB[:-1])")
    top, stood = place(units["espat.session"], "espat.session", "class Session:")
    log = (
        f'Traceback:\n  File "espat_start", line {first}, in sin\n'
        f'  File "espat.app", line {last}, in aB\n  File "main.py", line 3, in x\n'
        f'  File "espat_rescue", line {saved}, in cos\n'
        f'  File "espat.session", line {top}, in <module>\n'
    )
    assert re.sub(r"(\d+)-\d+", r"\1-", read_back(log)) == (
        f'Traceback:\n  File "firmware/espat_start.py", lines {begun}-, in _run\n'
        f'  File "firmware/espat/services/exchange.py", lines {ended}-, in Exchange._run\n'
        f'  File "main.py", line 3, in x\n'
        f'  File "firmware/espat_versions.py", lines {failed}-, in _folders\n'
        f'  File "firmware/espat/session.py", line {stood}, in <module>\n'
    )
