"""The help of every command: with its exit codes, as a page in docs/espat/, and in the shell."""

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.shell_completion import BashComplete
from click.testing import CliRunner
from serial.tools import list_ports
from serial.tools.list_ports_common import ListPortInfo

from espat_host.build import written
from espat_host.build.checkout import ROOT
from espat_host.cli import main
from espat_host.cli.exit_codes import BY_COMMAND
from espat_host.reference import pages
from host_tests.cli.process import ESPAT, LIMIT, espat

PAGE = (ROOT / "docs" / "shell.md").read_bytes()


def leaves(group: click.Group, above: str = "") -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from leaves(command, f"{above}{name} ")
        else:
            yield f"{above}{name}", command


def run(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, words, prog_name="espat")
    return done.exit_code, done.output


def test_every_command_has_its_exit_codes_and_a_guide() -> None:
    assert set(BY_COMMAND) == {path for path, _ in leaves(main)}
    assert set(pages.GUIDES) == set(main.commands)
    missing = [guide for guide in pages.GUIDES.values() if not (ROOT / "docs" / guide).is_file()]
    assert missing == []


@pytest.mark.parametrize("path", sorted(BY_COMMAND))
def test_help_tells_them(path: str) -> None:
    code, told = run(*path.split(), "--help")
    assert code == 0
    numbers = re.findall(r"^ +(\d+)  \w", told.partition("Exit codes:")[2], re.MULTILINE)
    assert list(map(int, numbers)) == sorted(BY_COMMAND[path])
    assert run("help", *path.split()) == (0, told)


def test_every_option_says_what_it_is_for() -> None:
    options = [
        (path, option)
        for path, command in leaves(main)
        for option in command.params
        if isinstance(option, click.Option) and not option.hidden
    ]
    assert [f"{path} {option.opts[-1]}" for path, option in options if not option.help] == []


def test_help_of_all_and_of_nothing() -> None:
    assert run("help") == run("--help")
    code, told = run("help", "wifi", "fly")
    assert code == 2
    assert "there is no command espat wifi fly; `espat help` lists them" in told


def test_the_pages_are_not_stale() -> None:
    due = written.stale(pages.made(main, BY_COMMAND))
    assert due == [], "run .venv/bin/espat generate and commit what it changes"


def test_a_page_that_is_changed_or_left_over_is_due(tmp_path: Path) -> None:
    shutil.copytree(ROOT / pages.FOLDER, tmp_path / pages.FOLDER)
    made = pages.made(main, BY_COMMAND)
    (tmp_path / pages.FOLDER / "old.md").write_text("")
    page = tmp_path / pages.FOLDER / "get.md"
    page.write_text(page.read_text().replace("--json", "--yaml"))
    due = [pages.FOLDER / "get.md", pages.FOLDER / "old.md"]
    assert written.stale(made, tmp_path) == due
    assert written.write(made, tmp_path) == due
    assert written.stale(made, tmp_path) == []


def test_a_page_has_options_and_exit_codes_of_each_command() -> None:
    text = (ROOT / pages.FOLDER / "wifi.md").read_text()
    assert re.findall("^## (.+)", text, re.MULTILINE) == [f"espat {one}" for one in WIFI]
    assert text.count("| `-h, --help` | Show this message and exit. |") == len(WIFI)
    assert text.count("| 130 | Control-C, SIGTERM or SIGHUP |") == len(WIFI)


WIFI = ("wifi join", "wifi scan", "wifi status")


def completed(*words: str) -> list[str]:
    complete = BashComplete(main, {}, "espat", "_ESPAT_COMPLETE")
    return [item.value for item in complete.get_completions(list(words[:-1]), words[-1])]


def test_the_shell_completes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(list_ports, "comports", lambda: [ListPortInfo("/dev/ttyUSB7")])
    assert completed("p") == ["package", "play", "ports", "post", "put"]
    assert completed("wifi", "") == ["join", "scan", "status"]
    assert completed("get", "--ti") == ["--timeout"]
    assert completed("deploy", "--board", "ESP32_GENERIC_C") == [
        *("ESP32_GENERIC_C2", "ESP32_GENERIC_C3", "ESP32_GENERIC_C5", "ESP32_GENERIC_C6")
    ]
    for words in (("get", "--port"), ("deploy", "--at-port"), ("term",), ("ports",)):
        assert completed(*words, "/dev") == ["/dev/ttyUSB7"]
    assert completed("help", "de") == ["delete", "demo", "deploy"]
    assert completed("help", "wifi", "s") == ["scan", "status"]
    assert completed("help", "get", "") == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_scripts_of_the_shells(shell: str) -> None:
    """docs/shell.md names these three."""
    done = espat(_ESPAT_COMPLETE=f"{shell}_source")
    assert done.returncode == 0
    assert f"_ESPAT_COMPLETE={shell}_complete".encode() in done.stdout
    assert f"`_ESPAT_COMPLETE={shell}_source".encode() in PAGE.replace(b'eval "$(', b"")


def test_bash_completes(tmp_path: Path) -> None:
    """What docs/shell.md puts into ~/.bashrc, in a Bash."""
    (tmp_path / "espat").write_text(f'#!/bin/sh\nexec {shlex.join(ESPAT)} "$@"\n')
    (tmp_path / "espat").chmod(0o755)
    asked = (
        'eval "$(_ESPAT_COMPLETE=bash_source espat)"; COMP_WORDS=(espat wifi s); COMP_CWORD=2; '
        '_espat_completion espat s wifi; echo "${COMPREPLY[@]}"'
    )
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", asked],
        capture_output=True,
        text=True,
        timeout=LIMIT,
        env=os.environ | {"PATH": path},
    )
    assert (done.stdout, done.stderr) == ("scan status\n", "")
