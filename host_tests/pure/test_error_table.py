"""The table of failure reasons in the user documentation is the one in the code."""

import re

from espat.pure import reasons
from espat_host.build.checkout import ROOT
from espat_host.client import reason_texts

DOCUMENT = ROOT / "docs" / "errors.md"
FIRST_STATUS = 0x7190


def test_documented_as_they_are() -> None:
    section = DOCUMENT.read_text().partition("## Why an HTTP command failed")[2]
    rows = re.findall(r"^\| 0x010a([0-9a-f]{4}) \| (.+) \|$", section, re.MULTILINE)
    assert [(int(number, 16), text) for number, text in rows] == sorted(reason_texts.TABLE)


def test_each_number_has_one_meaning() -> None:
    numbers = [number for number, _ in reason_texts.TABLE]
    assert len(set(numbers)) == len(numbers)
    assert all(0x7000 <= number < FIRST_STATUS for number in numbers)


def test_every_reason_is_in_the_table() -> None:
    named = {
        value
        for name, value in vars(reasons).items()
        if name.isupper() and isinstance(value, int) and name not in ("HTTP_STATUS", "ANSWERED")
    }
    assert named == {number for number, _ in reason_texts.TABLE}
