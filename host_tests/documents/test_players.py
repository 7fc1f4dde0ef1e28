"""A page that is wrong fails: in a command, in its output, in a dialogue, in a program."""

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from espat_host.client.board import Board
from host_tests.client.esp_at import OK, EspAt
from host_tests.documents import dialogue, pages, program
from host_tests.documents.likeness import MASKS, Mismatch, alike, plain
from host_tests.documents.pages import Block, Command
from host_tests.documents.shell import Shell


def block(text: str, language: str = "console") -> Block:
    return Block("a page", 1, language, (), text)


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Shell]:
    with closing(Shell(tmp_path, {"/tmp/espat": "/nowhere/port"}, {})) as running:
        yield running


def test_likeness() -> None:
    one = "43d4393e-c9e1-4d6b-97b7-7405430d31b7"
    other = "9e4292ad-baa2-4e96-813c-28f8e3ee2a00"
    assert alike(f"a  b\nuuid {one}\n", f"a b\r\nuuid {other}")
    assert alike("one\n...\nthree", "one\ntwo\n2\nthree\n")
    assert alike("copied 20 files (107,237 bytes)", "copied 21 files (99 bytes)")
    assert not alike("one\n...\nthree", "one\ntwo\n")
    assert not alike("OK", "ERROR")
    assert not alike("", "a word")
    assert not alike("+CWMODE:1", "+CWMODE:2")


@pytest.mark.parametrize("name", [name for name, _ in MASKS])
def test_a_mask_is_wanted(name: str) -> None:
    texts = (block.text for page in pages.names() for block in pages.blocks(page) if block.played)
    assert any(f"({name})" in plain(text) for text in texts)


def test_commands_and_what_they_show() -> None:
    shown = block("$ one --a \\\n    b\nx\ny\n$ two  # a note\n")
    assert pages.commands(shown) == [Command("one --a      b", "x\ny\n"), Command("two", "")]
    for text in ("one\n", "x\n$ one\n"):
        with pytest.raises(AssertionError, match="a page:1"):
            pages.commands(block(text))


def test_commands_in_this_process_and_in_a_shell(shell: Shell) -> None:
    shell.play(block("$ espat help traceback\nUsage: espat traceback ...\n"))
    shell.play(block("$ echo one > two\n$ cat two; espat --version | head -c 5\none\nespat"))
    shell.play(
        block("$ espat nothing 2>&1; echo $?\n...\n2\n$ espat ports /dev/x; echo $?\n...\n0\n")
    )
    shell.play(block("$ espat ports /tmp/espat\nport answers ...\n/tmp/espat no such port ...\n"))


@pytest.mark.parametrize(
    "text",
    [
        "$ espat help traceback\nUsage: espat sim ...\n",
        "$ espat help traceback\n",
        "$ espat nothing\n",
        "$ espat deploy --port /tmp/espat --board NOSUCH\n",
        "$ echo one\ntwo\n",
        "$ false\n",
        "$ nosuchprogram\n",
    ],
)
def test_a_command_that_does_something_else(shell: Shell, text: str) -> None:
    with pytest.raises(Mismatch, match=re.escape(f"a page:1: after {text[2:].splitlines()[0]}")):
        shell.play(block(text))


def test_a_dialogue_that_goes_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dialogue, "LIMIT", 0.3)
    with EspAt({b"AT+CWMODE?": b"+CWMODE:1\r\n" + OK}) as peer, Board(peer.port) as board:
        board.synchronise()
        dialogue.play(board, block("> AT+CWMODE?   (a note)\n< +CWMODE:1\n<\n< OK\n", "at"), {})
        for shown in ("< +CWMODE:2\n<\n< OK\n", "< +CWMODE:1\n", ""):
            with pytest.raises(Mismatch, match=r"after b?'AT\+CWMODE"):
                dialogue.play(board, block(f"> AT+CWMODE?\n{shown}", "at"), {})


@pytest.mark.parametrize("text", ["< OK\n", "AT\n", ""])
def test_what_is_no_dialogue(text: str) -> None:
    with pytest.raises(AssertionError, match="a page:1"):
        dialogue.steps(block(text, "at"))


def test_a_program(tmp_path: Path) -> None:
    program.play(block('print("/tmp/espat")  # /dev/x\n', "python"), "/dev/x", tmp_path)
    with pytest.raises(Mismatch, match="shown: 3"):
        program.play(block("print(1 + 1)  # 3\n", "python"), "/dev/x", tmp_path)
    with pytest.raises(ZeroDivisionError):
        program.play(block("1 / 0\n", "python"), "/dev/x", tmp_path)
