"""The pages, and what a test can do with each of their blocks.

A block between ``` has a language: `console` is for commands of a PC, `at` for a dialogue with a
board, `python` for programs. A word behind it says why a block is not played: LEFT_OUT has them.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from espat_host.build.checkout import ROOT

LEFT_OUT = {
    "board": "needs a real board",
    "setup": "changes this PC, or needs sources and hours",
    "long": "is a test, or takes minutes",
    "pytest": "is a file of tests, which those of the pytest plugin run",
}
PLAYED = ("console", "at", "python")
_BLOCK = re.compile(r"^( *)```(\w*)([^\n]*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
_COMMAND = re.compile(r"^\$ ((?:.*\\\n)*.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """One block of a page; `line` is where it begins."""

    page: str
    line: int
    language: str
    words: tuple[str, ...]
    text: str

    @property
    def played(self) -> bool:
        return self.language in PLAYED and not self.words

    @property
    def place(self) -> str:
        return f"{self.page}:{self.line}"


@dataclass(frozen=True)
class Command:
    """A command of a console block, and what the page shows as its output."""

    line: str
    output: str


def names() -> list[str]:
    """Every page, but those that are made from the help of the commands."""
    folders = (ROOT, ROOT / "docs", ROOT / "boards", ROOT / "host_tests" / "transcripts")
    found = sorted(path.relative_to(ROOT) for folder in folders for path in folder.glob("*.md"))
    return [str(path) for path in found if path != Path("CHANGELOG.md")]


def blocks(page: str) -> list[Block]:
    """The blocks of a page in order."""
    text = (ROOT / page).read_text(encoding="utf-8")
    return [
        Block(page, _line(one), one[2], tuple(one[3].split()), _inner(one))
        for one in _BLOCK.finditer(text)
    ]


def _line(block: "re.Match[str]") -> int:
    return 1 + block.string.count("\n", 0, block.start())


def _inner(block: "re.Match[str]") -> str:
    """The lines between the marks, without the indentation of a list."""
    return re.sub(f"^{block[1]}", "", block[4], flags=re.MULTILINE)


def prose(page: str) -> str:
    """The page without its blocks."""
    return _BLOCK.sub("", (ROOT / page).read_text(encoding="utf-8"))


def commands(block: Block) -> list[Command]:
    """What a console block shows to type, in order."""
    found = list(_COMMAND.finditer(block.text))
    assert found, f"{block.place}: no line begins with `$ `"
    assert found[0].start() == 0, f"{block.place}: begins with an output"
    ends = [after.start() for after in found[1:]] + [len(block.text)]
    return [
        Command(_joined(one[1]), block.text[one.end() + 1 : end])
        for one, end in zip(found, ends, strict=True)
    ]


def _joined(line: str) -> str:
    """One line, without the comment that a reader gets."""
    return re.sub(r"\s+# .*$", "", line.replace("\\\n", " "))
