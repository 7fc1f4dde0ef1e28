"""Finding a command's handler, and the error where there is none."""

import pytest

from espat.pure import errors
from espat.pure.table import Command, by_name, form, forms, split

ROWS = by_name(
    (
        Command(b"", exec="at"),
        Command(b"E0", exec="echo off"),
        Command(b"+X", query="query", set="set", exec="exec"),
        Command(b"+SETONLY", set="only"),
    )
)


def find(line):
    name, mark, rest = split(line)
    return form(ROWS[name], mark, rest)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (b"AT", ("at", None)),
        (b"ATE0", ("echo off", None)),
        (b"AT+X", ("exec", None)),
        (b"AT+X?", ("query", None)),
        (b"AT+X=", ("set", b"")),
        (b'AT+X=1,"?="', ("set", b'1,"?="')),
        (b"AT+SETONLY=?x", ("only", b"?x")),
    ],
)
def test_found(line, found):
    assert find(line) == found


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"at", errors.NO_AT),
        (b"At+X", errors.NO_AT),
        (b" AT", errors.NO_AT),
        (b"hello", errors.NO_AT),
        (b"A", errors.NO_AT),
        (b"AT+X=?", errors.OP_ERROR),
        (b"AT+X?1", errors.OP_ERROR),
        (b"AT+SETONLY", errors.OP_ERROR),
        (b"AT+SETONLY?", errors.OP_ERROR),
        (b"AT?", errors.OP_ERROR),
    ],
)
def test_errors(line, code):
    with pytest.raises(errors.AtError) as caught:
        find(line)
    assert caught.value.code == code


@pytest.mark.parametrize("line", [b"ATE", b"AT ", b"AT+X ", b"AT+x", b"AT+Y"])
def test_no_such_name(line):
    assert split(line)[0] not in ROWS


def test_forms_in_the_order_of_cmd():
    assert forms(Command(b"+X", query=1, exec=1)) == (0, 1, 0, 1)
