"""What no player plays is looked at: commands in the text, links, blocks that are left out."""

import json
import re
import shlex
from pathlib import Path

import click
import pytest

from espat_host.build.checkout import ROOT
from espat_host.cli import main
from espat_host.reference.pages import FOLDER
from host_tests.documents import pages

GENERATED = sorted(str(path.relative_to(ROOT)) for path in (ROOT / FOLDER).glob("*.md"))
ALL = [*pages.names(), *GENERATED]
PROGRAMS = "espat|make|mpremote|esptool|openssl|python3?|pip|sudo|git|curl|npm"
LANGUAGES = {*pages.PLAYED, "", "text", "json", "ini", "csv"}
# Blocks that no test plays, by page and why.
LEFT_OUT: dict[str, list[str]] = {
    "CONTRIBUTING.md": [
        "board: make hil PORT=/dev/ttyUSB0",
    ],
    "README.md": [
        "long: make demo",
        "long: make test",
        "board: espat flash --port /dev/ttyUSB0 --board ESP32_GENERIC --erase --image FILE.bin",
        "board: espat deploy --port /dev/ttyUSB0 --board ESP32_GENERIC",
    ],
    "docs/frozen_and_mip.md": [
        "setup: . ../esp-idf/export.sh",
        "setup: make firmware BOARD=ESP32_GENERIC MICROPYTHON_DIR=../micropython",
        "board: esptool write-flash 0x1000 "
        "../micropython/ports/esp32/build-espat-ESP32_GENERIC/firmware.bin",
        "board: mpremote mip install github:OWNER/REPOSITORY",
        "board: mpremote mip install ./package.json",
        "board: mpremote cp firmware/main.py boards/ESP32_GENERIC/board.py :",
        "board: mpremote reset",
    ],
    "docs/install.md": [
        "setup: make setup",
        'setup: export PATH="$PWD/.venv/bin:$PATH"',
        "board: espat ports",
    ],
    "docs/library.md": [
        "pytest: def test_the_clock(board):",
        "board: pytest --espat-port=/dev/ttyUSB0 --espat-ssid=NAME --espat-password=SECRET",
    ],
    "docs/migration.md": [
        "board: esptool --port /dev/ttyUSB0 read-flash 0 ALL esp-at-backup.bin",
        "board: espat flash --port /dev/ttyUSB0 --board ESP32_GENERIC --erase --image FILE.bin",
        "board: espat deploy --port /dev/ttyUSB0 --board ESP32_GENERIC",
        "board: esptool --port /dev/ttyUSB0 erase-flash",
        "board: esptool --port /dev/ttyUSB0 write-flash 0 esp-at-backup.bin",
    ],
}
MOST_LEFT_OUT = 22
_INLINE = re.compile(r"`(?:\.venv/bin/)?((?:espat|make) [^`]+)`")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_TYPED = re.compile(rf"^(?:\$ |AT[+E]|(?:\.venv/bin/)?(?:{PROGRAMS}) [\w-])", re.MULTILINE)
_INDENTED = re.compile(rf"^(?: {{4,}}|\t)(?:\$ )?(?:\.venv/bin/)?(?:{PROGRAMS}|AT\+\w+) ?.*$", re.M)


def left_out(page: str) -> list[str]:
    return [
        f"{' '.join(block.words)}: {line}"
        for block in pages.blocks(page)
        if block.words
        for line in lines(block)
    ]


def lines(block: pages.Block) -> list[str]:
    """The commands of the block; a program is its first line."""
    if block.language == "console":
        return [one.line for one in pages.commands(block)]
    return block.text.splitlines()[:1]


def test_what_is_not_played_is_listed() -> None:
    found = {page: commands for page in pages.names() if (commands := left_out(page))}
    assert found == LEFT_OUT
    assert sum(map(len, LEFT_OUT.values())) <= MOST_LEFT_OUT


@pytest.mark.parametrize("page", pages.names())
def test_a_block_says_what_it_is(page: str) -> None:
    for block in pages.blocks(page):
        assert block.language in LANGUAGES, block.place
        assert set(block.words) <= set(pages.LEFT_OUT), block.place
        if block.language not in pages.PLAYED:
            assert not _TYPED.findall(block.text), f"{block.place}: what is typed has a language"
        if block.language == "json":
            json.loads(block.text)
    assert _INDENTED.findall(pages.prose(page)) == [], "commands stand between ```"


@pytest.mark.parametrize("page", pages.names())
def test_commands_in_the_text_exist(page: str) -> None:
    told = _INLINE.findall(pages.prose(page))
    left = [line for one in pages.blocks(page) if one.words for line in lines(one)]
    for line in [*told, *left]:
        program, *words = shlex.split(line)
        if program == "espat":
            check_espat(words, page)
        elif program == "make":
            check_make(words, page)


def check_espat(words: list[str], page: str) -> None:
    command: click.Command = main
    while isinstance(command, click.Group) and words and words[0].islower():
        assert words[0] in command.commands, f"{page}: espat has no {words[0]}"
        command = command.commands[words.pop(0)]
    known = {option for param in command.params for option in param.opts} | {"--help"}
    for word in words:
        if re.match("--?[a-z]", word, re.IGNORECASE) and command is not main:
            assert word.partition("=")[0] in known, f"{page}: espat {command.name} has no {word}"


def check_make(words: list[str], page: str) -> None:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    named = [word for word in words if "=" not in word]
    assert set(named[:1]) <= set(targets), f"{page}: make has no {named}"


@pytest.mark.parametrize("page", ALL)
def test_links_lead_somewhere(page: str) -> None:
    text = (ROOT / page).read_text()
    for link in _LINK.findall(re.sub(r"`[^`\n]*`", "", text)):
        if re.match(r"\w+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (ROOT / page).parent / path if path else ROOT / page
        assert target.exists(), f"{page}: {link}"
        assert not anchor or anchor in anchors(target), f"{page}: {link}"


def anchors(page: Path) -> set[str]:
    """As GitHub makes them of headings."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_the_index_has_every_page() -> None:
    index = set(_LINK.findall((ROOT / "docs" / "README.md").read_text()))
    docs = {path.name for path in (ROOT / "docs").glob("*.md")} - {"README.md"}
    assert docs | {"espat/README.md"} <= index
