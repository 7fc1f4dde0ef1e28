"""Line assembly in every split."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from espat.pure.lines import LineAssembler
from host_tests.pure import cases

LIMIT = cases.LINE_LIMIT


def lines_of(data, step, limit=LIMIT):
    """All finished lines when `data` arrives in pieces of `step` bytes."""
    assembler, lines = LineAssembler(limit), []
    for start in range(0, len(data), step):
        piece = data[start : start + step]
        at = 0
        while at < len(piece):
            at = assembler.feed(piece, at, len(piece))
            if assembler.done:
                lines.append(assembler.take())
    return lines


@pytest.mark.parametrize("step", [1, 2, 3, 7, 1000])
@pytest.mark.parametrize(("data", "lines"), cases.LINES)
def test_lines_in_every_split(data, lines, step):
    assert lines_of(data, step) == lines


@given(st.lists(st.binary(max_size=2 * LIMIT).filter(lambda b: b"\r" not in b)), st.integers(1, 9))
def test_any_lines(lines, step):
    data = b"".join(line + b"\r\n" for line in lines)
    wanted = [line if len(line) + 2 <= LIMIT else None for line in lines]
    assert lines_of(data, step) == wanted
