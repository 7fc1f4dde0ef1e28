"""Where the project's files lie: in the source folder, or, installed from a wheel, beside these
modules (pyproject.toml puts them there). Nothing here looks into them."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]
_DATA = _PACKAGE / "data"  # only a wheel has it
INSTALLED = _DATA.is_dir()
ROOT = _PACKAGE.parents[1]  # the source folder; what is INSTALLED has none
FIRMWARE = _DATA / "firmware" if INSTALLED else ROOT / "firmware"
BOARDS = _DATA / "boards" if INSTALLED else ROOT / "boards"
TRANSCRIPTS = _DATA / "transcripts" if INSTALLED else ROOT / "host_tests" / "transcripts"


class SourcesNeeded(Exception):
    """What was asked for works on the sources, and they are not here."""


def need_sources(what: str) -> None:
    """Raises SourcesNeeded where espat was installed without them."""
    if INSTALLED:
        raise SourcesNeeded(
            f"{what} needs the source folder of espat: get it, run `make setup` in it, and use "
            "what is in its .venv/bin"
        )
