"""Finding a command's handler, and the error where there is none."""

import pytest

from espat.pure import errors
from espat.pure.table import Command, Table

TABLE = Table(
    (Command(b"", exec="at"), Command(b"E0", exec="echo off")),
    (Command(b"+X", query="query", set="set", exec="exec"), Command(b"+SETONLY", set="only")),
)


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
    assert TABLE.find(line) == found


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"at", errors.NO_AT),
        (b"At+X", errors.NO_AT),
        (b" AT", errors.NO_AT),
        (b"hello", errors.NO_AT),
        (b"A", errors.NO_AT),
        (b"ATE", errors.UNSUPPORTED),
        (b"AT ", errors.UNSUPPORTED),
        (b"AT+X ", errors.UNSUPPORTED),
        (b"AT+x", errors.UNSUPPORTED),
        (b"AT+Y", errors.UNSUPPORTED),
        (b"AT+X=?", errors.OP_ERROR),
        (b"AT+X?1", errors.OP_ERROR),
        (b"AT+SETONLY", errors.OP_ERROR),
        (b"AT+SETONLY?", errors.OP_ERROR),
        (b"AT?", errors.OP_ERROR),
    ],
)
def test_errors(line, code):
    with pytest.raises(errors.AtError) as caught:
        TABLE.find(line)
    assert caught.value.code == code


def test_forms_in_the_order_of_cmd():
    assert Command(b"+X", query=1, exec=1).forms() == (0, 1, 0, 1)
