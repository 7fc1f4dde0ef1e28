"""The pictures in the documentation are made by a command, which works."""

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from espat_host.build.checkout import ROOT

IMAGES = ROOT / "docs" / "images"
# What must be readable in each.
WORDS = {
    "term": ("espat term --sim", "WIFI GOT IP", "HTTP status 404", "Posts data."),
    "get": ("espat get", "GET", "kB/s"),
}


def text_of(path: Path) -> str:
    """Everything that the picture says. Raises ParseError for what is no XML."""
    root = ElementTree.parse(path).getroot()
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    return " ".join("".join(root.itertext()).replace("\xa0", " ").split())


@pytest.mark.sim_only
@pytest.mark.timeout(400)
def test_the_command_makes_those_that_are_shown(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "espat_host.dialogues.pictures", tmp_path], check=True)
    assert {path.stem for path in tmp_path.iterdir()} == set(WORDS)
    for name, words in WORDS.items():
        made = tmp_path / f"{name}.svg"
        assert all(word in text_of(made) for word in words)
        assert made.read_text() == (IMAGES / f"{name}.svg").read_text()


@pytest.mark.parametrize("name", WORDS)
def test_those_that_are_shown(name: str) -> None:
    path = IMAGES / f"{name}.svg"
    assert all(word in text_of(path) for word in WORDS[name])
    assert "url(http" not in path.read_text()
    assert f"docs/images/{name}.svg" in (ROOT / "README.md").read_text()
