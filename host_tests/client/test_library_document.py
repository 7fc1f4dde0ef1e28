"""docs/library.md explains every exception. Its examples run with those of all pages, in
host_tests/documents."""

import re

from espat_host.build.checkout import ROOT
from espat_host.client import board as board_module

DOCUMENT = ROOT / "docs" / "library.md"


def test_every_exception_is_explained() -> None:
    rows = re.findall(r"^\| `(\w+)` \|", DOCUMENT.read_text(), re.MULTILINE)
    kinds = {
        name
        for name in board_module.__all__
        if isinstance(found := getattr(board_module, name), type) and issubclass(found, Exception)
    }
    assert set(rows) == kinds
