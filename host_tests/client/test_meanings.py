"""What ERR CODE means is told in the library as in docs/errors.md."""

import re

import pytest

from espat_host.build.checkout import ROOT
from espat_host.client.meanings import UNKNOWN, http_status, meaning, reason_number

DOCUMENT = ROOT / "docs" / "errors.md"
# The documentation has the letters that the numbers stand for.
SAMPLES = {"0x0104000i": 0x01040002, "0x0105000i": 0x01050002, "0x0106nngg": 0x01060203} | {
    "0x0107000i": 0x01070002,
    "0x0108000i": 0x01080002,
}


def rows() -> list[tuple[str, str]]:
    section = DOCUMENT.read_text().partition("## Why an HTTP")[0]
    found = re.findall(r"^\| (0x01\w{6}) \| (.+) \|$", section, re.MULTILINE)
    assert len(found) >= 10
    return found


@pytest.mark.parametrize(("code", "text"), rows())
def test_told_as_documented(code: str, text: str) -> None:
    told = meaning(SAMPLES.get(code) or int(code, 16))
    wanted = re.sub(r"`| \(.*?\)", "", text)
    for letters, number in ((r"\bi\b", "2"), (r"\bnn\b", "2"), (r"\bgg\b", "3")):
        wanted = re.sub(letters, number, wanted)
    assert re.split("[,;]", told)[0] == re.split("[,;]", wanted)[0]


@pytest.mark.parametrize(
    ("code", "text", "status"),
    [
        (0x010A7194, "HTTP status 404", 404),
        (0x010A71F7, "HTTP status 503", 503),
        (0x010A7001, "the host name could not be resolved", 0),
        (None, UNKNOWN, 0),
        (0x7FFFFFFF, UNKNOWN, 0),
    ],
)
def test_http(code: int | None, text: str, status: int) -> None:
    assert (meaning(code), http_status(code)) == (text, status)


def test_numbers_of_the_table() -> None:
    assert reason_number(0x010A7001) == 0x7001
    assert reason_number(0x010A7194) is None
    assert reason_number(None) is None
