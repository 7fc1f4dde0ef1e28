"""The argument parser, under CPython, against what ESP-AT's manual says and against itself."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from espat.pure import errors
from espat.pure.args import Args, parse
from host_tests.pure import cases


@pytest.mark.parametrize(("text", "values"), cases.ARGS)
def test_values(text, values):
    assert parse(text) == values


@pytest.mark.parametrize(("text", "code"), cases.ARGS_ERRORS)
def test_errors_name_the_parameter(text, code):
    with pytest.raises(errors.AtError) as caught:
        parse(text)
    assert caught.value.code == code


def quote(value):
    for byte in (b"\\", b'"', b","):
        value = value.replace(byte, b"\\" + byte)
    return b'"' + value + b'"'


def write(value):
    if value is None:
        return b""
    return quote(value) if isinstance(value, bytes) else b"%d" % value


VALUES = st.one_of(st.none(), st.binary(), st.integers(-(2**31), 2**31 - 1))


@given(st.lists(VALUES, min_size=1))
@example([b'",\\', None, -1])
def test_what_is_written_is_read(values):
    assert parse(b",".join(map(write, values))) == values


@given(st.binary())
def test_any_bytes_are_values_or_an_at_error(text):
    code = 0
    try:
        assert len(parse(text)) >= 1
    except errors.AtError as error:
        code = error.code >> 16
    assert code in (0, 0x0107, 0x0108)


def code_of(call):
    with pytest.raises(errors.AtError) as caught:
        call()
    return caught.value.code


def test_typed_access():
    args = Args(b'7,"text",,"",99')
    assert args.number(0, 0, 9) == 7
    assert args.string(1, 4) == b"text"
    assert args.number(2, 0, 9, 3) == 3
    assert args.string(3, 4, b"default") == b""
    assert args.string(9, 4, None) is None


def test_typed_access_errors():
    args = Args(b'7,"text",')
    assert code_of(lambda: args.number(0, 0, 6)) == errors.PARA_INVALID
    assert code_of(lambda: args.string(0, 9)) == errors.PARA_TYPE
    assert code_of(lambda: args.number(1, 0, 6)) == errors.PARA_TYPE | 1
    assert code_of(lambda: args.string(1, 3)) == errors.PARA_LENGTH | 1
    assert code_of(lambda: args.number(2, 0, 6)) == errors.PARA_INVALID | 2
    assert code_of(lambda: args.count(4, 5)) == 0x01060403
    assert code_of(lambda: args.count(1, 2)) == 0x01060203
    args.count(3, 3)
