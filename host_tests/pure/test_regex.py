"""POSIX regular expressions of AT+SYSMSGFILTERCFG, in MicroPython by device/regex.py."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from espat.pure.regex import Regex
from espat.pure.regex_program import BadRegex
from espat.pure.regex_syntax import compiled
from host_tests.pure import regex_cases as cases

ALPHABET = b"ab\n-"
LONGEST = 64


@pytest.mark.parametrize(("expression", "flags", "text", "match"), cases.MATCHES)
def test_matches(expression, flags, text, match):
    assert Regex(*compiled(expression, flags)).search(text) == match


@pytest.mark.parametrize(("expression", "flags"), cases.BAD)
def test_errors(expression, flags):
    with pytest.raises(BadRegex):
        Regex(*compiled(expression, flags))


@pytest.mark.parametrize(("expression", "flags"), cases.SLOW)
def test_no_expression_is_slow(expression, flags):
    begin = time.process_time()  # this process's own: not that of others on a busy PC
    assert Regex(*compiled(expression, flags)).search(b"a" * 512) is None
    assert time.process_time() - begin < 3


def test_ends_of_a_part_are_not_ends_of_the_message():
    assert Regex(*compiled(b"a$")).search(b"a", ends=False) is None
    assert Regex(*compiled(b"^a")).search(b"a", begins=False) is None
    assert Regex(*compiled(b"\r\n$")).search(b"\r\n", begins=False) == (0, 2)


def is_expression_or_error(expression, flags, text):
    try:
        regex = Regex(*compiled(expression, flags))
    except BadRegex:
        return
    match = regex.search(text)
    assert match is None or 0 <= match[0] <= match[1] <= len(text)


@given(st.binary(max_size=LONGEST), st.integers(0, 7), st.binary(max_size=40))
def test_any_bytes_are_an_expression_or_an_error(expression, flags, text):
    is_expression_or_error(expression, flags, text)


@given(st.text("ab*.[]^$\\(){}|+?,12-", max_size=24), st.integers(0, 7), st.binary(max_size=12))
def test_any_mix_of_special_bytes_too(expression, flags, text):
    is_expression_or_error(expression.encode(), flags, text)


# Expressions as trees, each written down three times: basic, extended, and in Python's words.


def written(basic, extended, python):
    return basic.encode(), extended.encode(), python.encode()


def literal(byte):
    plain = chr(byte)
    return written(plain, plain, re.escape(plain))


def bracket(members, inverted):
    inside = ("^" if inverted else "") + members
    return written(f"[{inside}]", f"[{inside}]", f"[{inside}]")


def in_a_row(parts):
    return tuple(b"".join(column) for column in zip(*parts, strict=True))


def starred(one):
    return b"\\(%s\\)*" % one[0], b"(%s)*" % one[1], b"(?:%s)*" % one[2]


def bounded(one, low, more):
    counts = low, low + more
    return (
        b"\\(%s\\)\\{%d,%d\\}" % (one[0], *counts),
        b"(%s){%d,%d}" % (one[1], *counts),
        b"(?:%s){%d,%d}" % (one[2], *counts),
    )


ATOMS = st.one_of(
    st.sampled_from(ALPHABET[:3]).map(literal),
    st.builds(bracket, st.sampled_from(["a", "ab", "a-b", "b-"]), st.booleans()),
    st.just(written(".", ".", "(?s:.)")),
)
TREES = st.recursive(
    ATOMS,
    lambda trees: st.one_of(
        st.lists(trees, min_size=1, max_size=3).map(in_a_row),
        trees.map(starred),
        st.builds(bounded, trees, st.integers(0, 2), st.integers(0, 2)),
    ),
    max_leaves=5,
)
TEXTS = st.lists(st.sampled_from(ALPHABET), max_size=10).map(bytes)


def longest_leftmost(python, text):
    """POSIX's match by Python's engine, which by itself takes the first alternative."""
    for start in range(len(text) + 1):
        for end in range(len(text), start - 1, -1):
            rest = len(text) - end
            if re.compile(rb"(?:%s)(?=(?s:.){%d}\Z)" % (python, rest)).match(text, start):
                return start, end
    return None


@given(TREES, st.booleans(), st.booleans(), TEXTS)
def test_like_pythons_engine(tree, at_start, at_end, text):
    basic, extended, python = tree
    head, tail = b"^" * at_start, b"$" * at_end
    wanted = longest_leftmost(rb"\A" * at_start + python + rb"\Z" * at_end, text)
    for expression, flags in ((basic, 0), (extended, 1)):
        try:
            regex = Regex(*compiled(head + expression + tail, flags))
        except BadRegex as error:
            assert "too many groups" in str(error) or "too large" in str(error)  # noqa: PT017
            continue
        assert regex.search(text) == wanted


@given(st.lists(TREES, min_size=1, max_size=3), TEXTS)
def test_alternatives_like_pythons_engine(trees, text):
    extended = b"|".join(tree[1] for tree in trees)
    python = b"|".join(b"(?:%s)" % tree[2] for tree in trees)
    try:
        regex = Regex(*compiled(extended, 1))
    except BadRegex:
        return
    assert regex.search(text) == longest_leftmost(python, text)


@given(TREES, TEXTS)
def test_newline_flag_like_pythons_engine(tree, text):
    basic, _, python = tree
    python = python.replace(b"(?s:.)", b"[^\n]").replace(b"[^", b"[^\n")
    wanted = longest_leftmost(rb"(?:\A|(?<=\n))%s(?=\n|\Z)" % python, text)
    try:
        regex = Regex(*compiled(b"^%s$" % basic, cases.NEWLINE))
    except BadRegex:
        return
    assert regex.search(text) == wanted
