"""The reader of answers beside llhttp and h11: what it takes, what it refuses, and where it ends.

It takes what one of them takes, unless they read it in two ways. Where it differs
docs/http_answers.md says why, in a row for each name here."""

import random
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from host_tests.pure.answers import answers
from host_tests.pure.judges import Verdict, firmware, llhttp, of_h11

CASES, SEED = 30_000, 1
PAGE = Path(__file__).parents[2] / "docs" / "http_answers.md"

Judges = dict[str, Verdict]
Wanted = Callable[[bytes, Verdict, Judges], object]


def has(pattern: bytes) -> Wanted:
    return lambda answer, ours, judges: re.search(pattern, answer)


def refused(reason: str, pattern: bytes = b"") -> Wanted:
    return lambda answer, ours, judges: ours.reason == reason and re.search(pattern, answer)


def trailing(answer: bytes, ours: Verdict, judges: Judges) -> object:
    """The others refused the trailers: all that is before them they take."""
    end = ours.reading and ours.reading.end
    found = re.search(rb"0+[ \t]*(;[^\n]*)?\r\n(.+)$", answer[:end], re.S) if end else None
    return found and found[2] not in (b"\n", b"\r\n")


def odd_name(answer: bytes, ours: Verdict, judges: Judges) -> object:
    other = rb"\n[^\n:]*[^!#$%&'*+.^_`|~0-9A-Za-z:\n-][^\n:]*:"
    return "token" in judges["tolerant"].reason and re.search(other, answer)


# Disagreements by kind: why we refuse what others take, take what nobody else does, read otherwise.
REFUSED: dict[str, Wanted] = {
    "a bare CR": refused("a CR without LF"),
    "another coding": refused("transfer coding is not chunked"),
    "NUL in a field": refused("bad header line", b"\0"),
    "a fold of the status line": refused("bad header line", rb"HTTP/...[^\n]*\n[ \t]"),
    "a name above 2,048 bytes": refused("bad header line", rb"[^\n:]{2048}"),
    "a blank in a name": refused(
        "bad header line",
        rb"(?i)\n(content-length|transfer-encoding|connection|keep-alive)[ \t][^\n:]*:",
    ),
    "a status below 100": refused("no such status", rb"HTTP/... 0\d\d"),
    "more than 20 digits": lambda answer, ours, judges: (
        ours.reason in ("not a length", "chunk too large") and re.search(rb"[\da-fA-F]{21}", answer)
    ),
    "a length beside chunks": refused("length beside a transfer coding"),
    "line ends between chunks": lambda answer, ours, judges: (
        ours.reason in ("bad chunk size", "bad chunk framing")
        and (not judges["h11"].reading or b"\r" in answer)
    ),
}
ALONE: dict[str, Wanted] = {
    "an odd name": odd_name,
    "the same length again": has(
        rb"(?is)\ncontent-length:[^\n]*(,|\r?\n[ \t]|\n.*content-length:)"
    ),
    "what an extension says": has(rb"[0-9a-fA-F][ \t]*;"),
    "what a trailer says": trailing,
    "what was cut away": lambda answer, ours, judges: (
        any(len(value) > 1900 for _, value in ours.fields) and re.search(rb"[^\n]{2048}", answer)
    ),
}
OTHERWISE: dict[str, Wanted] = {
    "identity and a length": has(rb"(?i)\ntransfer-encoding:\s*identity"),
    "a coding before a blank": has(rb"(?i)\ntransfer-encoding:[^\n]*chunked *(\t|\r?\n[ \t])"),
}
KEPT: dict[str, Wanted] = {
    "a kept HTTP/1.0": has(rb"HTTP/(1\.0|0)"),
    "an option with a blank": has(rb"(?i)\nconnection:[^\n]*\n?[^\n]*[ \t]"),
}


def same_fields(ours: Verdict, other: Verdict) -> bool:
    """Blanks and case apart, and what we cut. h11 makes one length of several."""

    def plain(verdict: Verdict) -> list[bytes]:
        lines = (name.strip() + b": " + value.strip() for name, value in verdict.fields)
        short = (re.sub(rb"[ \t]+", b" ", line)[:1900].lower() for line in lines)
        return [line for line in short if not line.startswith(b"content-length:")]

    return plain(ours) == plain(other)


def disagreement(method: bytes, answer: bytes, seen: Counter[str]) -> str:
    """What is wrong; empty if nothing is, or if it is wanted, which is counted."""
    ours = firmware(method, answer)
    end = ours.reading.end if ours.reading else None
    judges = {
        "strict": llhttp(method, answer, False, end),
        "tolerant": llhttp(method, answer, True, end),
        "h11": of_h11(method, answer),
    }
    takers = [judge for judge in judges.values() if judge.reading]
    wanted, kind = None, ""
    if not ours.reading:
        readings = {judge.reading._replace(end=None) for judge in takers if judge.reading}
        if len(readings) == 1:
            wanted, kind = REFUSED | OTHERWISE, "refused"
    elif not takers:
        wanted, kind = ALONE, "alone"
    elif any(judge.reading != ours.reading for judge in takers):
        wanted, kind = OTHERWISE, "otherwise"
    elif not all(same_fields(ours, judge) for judge in takers):
        wanted, kind = {}, "other fields"
    elif ours.keeps and not all(
        judge.keeps for name, judge in judges.items() if judge.reading and _knows(method, name)
    ):
        wanted, kind = KEPT, "kept"
    if wanted is None:
        seen["agreed: " + ("taken" if ours.reading else "refused")] += 1
        return ""
    for name, test in wanted.items():
        if test(answer, ours, judges):
            seen[name] += 1
            return ""
    return f"{kind}: {method!r} {answer!r}\n  ours: {ours}\n  " + "\n  ".join(
        f"{name}: {judge}" for name, judge in judges.items()
    )


def _knows(method: bytes, name: str) -> bool:
    """llhttp is not told that the request was HEAD, so it waits for a body."""
    return method == b"GET" or name == "h11"


def test_no_other_disagreement() -> None:
    seen: Counter[str] = Counter()
    found = [disagreement(*case, seen) for case in answers(CASES, SEED)]
    wrong = sorted(filter(None, found), key=len)
    assert not wrong, f"{len(wrong)} of {CASES}:\n" + "\n".join(wrong[:5])
    # Neither side may be taken for granted: both are a good part of all cases.
    assert min(seen["agreed: taken"], seen["agreed: refused"]) > CASES // 4
    for name in (*REFUSED, *ALONE, *OTHERWISE, *KEPT):
        assert seen[name], f"nothing shows {name!r} any more"


def test_the_page_names_what_is_wanted() -> None:
    names = re.findall(r"^\| \*\*(.+?)\*\* \|", PAGE.read_text(), re.M)
    assert names == [*REFUSED, *ALONE, *OTHERWISE, *KEPT]


def test_every_split_reads_the_same() -> None:
    dice = random.Random(3)
    for method, answer in answers(1500, 77):
        if len(answer) < 500:
            assert firmware(method, answer, dice.choice([1, 2, 3, 7])) == firmware(method, answer)
