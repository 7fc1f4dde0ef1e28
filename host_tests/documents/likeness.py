"""Whether an output is the one that a page shows.

`...` stands for anything. What differs from run to run is alike whatever it is: MASKS. Neither
counts how many blanks stand between columns.
"""

import re

MASKS = (
    ("a UUID", r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
    ("a version and its commit", r"0\.1\.0-(?:[0-9a-f]{7,12}|source)(?:-dirty)?"),
    ("a build", r"\((?:[0-9a-f]{7,12}(?:-dirty)?|source) - \w+ - \w{3} [ \d]\d \d{4} [\d:]{8}\)"),
    ("a time of compilation", r"\((?:[0-9a-f]{7,12}|source)\):\w{3} [ \d]\d \d{4} [\d:]{8}"),
    ("a date of HTTP", r"\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT"),
    ("a MicroPython", r"MicroPython v?\d[\w.-]*"),
    ("a chip", r"Generic ESP32 module with ESP32|linux \[.*?\] version"),
    ("an amount", r"\b\d[\d,]* bytes"),
    ("the size of a certificate", r"\b\d+ ca\.pem"),
    ("files", r"\b\d+ files"),
)
_MASK = re.compile("|".join(f"({pattern})" for _, pattern in MASKS))
ANY = "..."


class Mismatch(AssertionError):
    """A page shows something else than comes."""

    def __init__(self, place: str, after: str, shown: str, came: str) -> None:
        super().__init__(f"{place}: after {after}\nshown: {plain(shown)}\ncame: {plain(came)}")


def plain(text: str) -> str:
    """The text with what may differ replaced by its name."""
    masked = _MASK.sub(_name, text.replace("\r\n", "\n"))
    lines = (re.sub(r"(?<=\S)[ \t]+", " ", line).rstrip() for line in masked.splitlines())
    return "\n".join(lines).strip("\n")


def alike(shown: str, came: str) -> bool:
    """Whether what came is what the page shows."""
    pieces = (re.escape(piece) for piece in plain(shown).split(ANY))
    return re.fullmatch(".*?".join(pieces), plain(came), re.DOTALL) is not None


def _name(found: "re.Match[str]") -> str:
    names = (name for name, pattern in MASKS if re.fullmatch(pattern, found[0]))
    return f"({next(names)})"
