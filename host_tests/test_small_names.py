"""What is compiled is the firmware with short private names and its constants in place."""

import ast
from pathlib import Path

import pytest

from espat_host import constants, short_names

FIRMWARE = Path(__file__).parent.parent / "firmware"
MODULES = {
    ".".join(path.relative_to(FIRMWARE).with_suffix("").parts): path.read_text()
    for path in sorted((FIRMWARE / "espat").rglob("*.py"))
}


def inlined(**texts: str) -> dict[str, str]:
    return constants.inline({f"p.{name}": text for name, text in texts.items()})


def shortened(text: str) -> str:
    return short_names.shorten({"p": text}, closed={"p"})["p"]


def run(text: str, name: str) -> object:
    scope: dict[str, object] = {"const": lambda value: value}
    exec(text, scope)
    return scope[name]


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


def test_private_constants_used_once() -> None:
    assert inlined(a="_A = b'x'\nx = _A")["p.a"] == "_A = const(b'x')\nx = _A"
    assert inlined(a="_A = b'x'\nx = _A + _A")["p.a"] == "_A = b'x'\nx = _A + _A"


def test_names_are_short_and_mean_the_same() -> None:
    text = """
class Counter:
    step = 2
    def __init__(self, start):
        self._value = start
    def _next(self, step):
        self._value += step or self.step
        return self._value
    def take(self, count, named=0):
        return [self._next(named) for _ in range(count)]
result = Counter(5).take(3, named=4)
"""
    small = shortened(text)
    assert run(small, "result") == run(text, "result") == [9, 13, 17]
    assert "_value" not in small
    assert "_next" not in small
    assert "named" in small, "a call names it"
    assert "step = 2" in small, "an attribute, though a parameter has its name"


def test_what_getattr_finds_keeps_its_name() -> None:
    text = """
class A:
    def _get_x(self):
        return 1
    def get(self):
        return getattr(self, '_get_' + 'x')()
r = A().get()
"""
    assert run(shortened(text), "r") == 1


def test_subclasses_in_other_modules_share_names() -> None:
    begin = "class {}:\n    def __init__(self):\n        self.{} = 1\n"
    texts = {
        "p.base": begin.format("Base", "_one"),
        "p.sub": "from p import base\n" + begin.format("Sub(base.Base)", "_zero = self._one"),
    }
    small = short_names.shorten(texts, closed=set(texts))
    names = {
        node.attr for text in small.values() for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Attribute) and node.attr.startswith("_")
    }  # fmt: skip
    assert names == {"_a", "_b"}


def test_the_whole_firmware_keeps_its_lines() -> None:
    """A traceback names the line of the source."""
    small = short_names.shorten(constants.inline(MODULES), closed=set(MODULES))
    for name, text in MODULES.items():
        before, after = ast.parse(text), ast.parse(small[name])
        lines = [n.lineno for n in ast.walk(before) if isinstance(n, (ast.FunctionDef, ast.Return))]
        assert [
            n.lineno for n in ast.walk(after) if isinstance(n, (ast.FunctionDef, ast.Return))
        ] == lines, name
        assert len(text.splitlines()) == len(small[name].splitlines()), name


def test_public_functions_keep_their_names() -> None:
    small = short_names.shorten(constants.inline(MODULES), closed=set(MODULES))
    for name, text in MODULES.items():
        for node in ast.parse(text).body:
            if isinstance(node, ast.AsyncFunctionDef) and not node.name.startswith("_"):
                assert f"async def {node.name}(" in small[name], name
