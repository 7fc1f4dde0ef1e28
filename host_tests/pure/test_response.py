"""The response reader: heads and bodies whole, byte by byte, in odd steps, with trailing bytes."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from espat.pure.body import Incomplete, body_of
from espat.pure.errors import Failure
from espat.pure.head import Malformed, ResponseHead
from espat.pure.reasons import TOO_LARGE
from host_tests.pure import cases
from host_tests.pure.cases import CHUNKED, HELLO_CHUNKS, OK


def head_of(*lines):
    head = ResponseHead()
    cases.read_head(head, lines)
    return head


@pytest.mark.parametrize(("lines", "fields", "meaning"), cases.HEADS)
def test_heads(lines, fields, meaning):
    head = ResponseHead()
    assert cases.read_head(head, lines) == fields
    assert (head.status, head.length, head.chunked, bool(head.keep_alive)) == meaning


@pytest.mark.parametrize("lines", cases.BAD_HEADS)
def test_refused_heads(lines):
    with pytest.raises(Malformed):
        head_of(*lines)


def test_fields_are_returned_as_sent_when_the_next_line_has_come():
    head = ResponseHead()
    assert head.feed(OK) is None
    assert head.feed(b"X-Thing:  a b ") is None
    assert head.feed(b"Other: c") == (b"X-Thing", b"a b")
    assert head.feed(b"") == (b"Other", b"c")
    assert head.done


def test_what_does_not_fit_is_passed_over_unless_the_body_depends_on_it():
    head = ResponseHead()
    head.feed(OK + b" " + b"x" * 2000, True)
    assert head.feed(b"X: 1", True) is None
    assert head.feed(b" 2") is None
    assert (head.feed(b"Y: 3"), head.cut) == ((b"X", b"1"), True)
    assert (head.feed(b" " + b"y" * 3000), head.cut) == (None, False)
    assert head.feed(b" z") is None
    assert (head.feed(b"Z: 4"), head.cut) == ((b"Y", b"3 " + b"y" * 2043), True)
    assert (head.feed(b"Content-Length: 5", True), head.cut) == ((b"Z", b"4"), False)
    with pytest.raises(Failure) as caught:
        head.feed(b"")
    assert caught.value.reason == TOO_LARGE


def read(head, data, step, method=b"GET"):
    return cases.read_body(body_of(head, method), data, step)


STEPS = pytest.mark.parametrize("step", cases.STEPS)


@STEPS
@pytest.mark.parametrize("data", HELLO_CHUNKS)
def test_chunked(data, step):
    assert read(head_of(OK, CHUNKED), data + b"AT\r\n", step) == (b"hello world", b"AT\r\n")


@STEPS
@pytest.mark.parametrize("data", cases.BAD_CHUNKS)
def test_bad_chunks(data, step):
    with pytest.raises(Malformed):
        read(head_of(OK, CHUNKED), data, step)


@STEPS
@pytest.mark.parametrize("cut", range(len(HELLO_CHUNKS[1])))
def test_chunked_cut_anywhere_is_incomplete(cut, step):
    with pytest.raises(Incomplete):
        read(head_of(OK, CHUNKED), HELLO_CHUNKS[1][:cut], step)


@STEPS
def test_content_length(step):
    head = head_of(OK, b"Content-Length: 11")
    assert read(head, b"hello worldAT\r\n", step) == (b"hello world", b"AT\r\n")
    with pytest.raises(Incomplete):
        read(head, b"hello", step)


@STEPS
def test_until_close(step):
    assert read(head_of(OK), b"hello world", step) == (b"hello world", b"")


@pytest.mark.parametrize(
    ("status", "method"),
    [(b"200 OK", b"HEAD"), (b"204 No Content", b"GET"), (b"304 Not Modified", b"GET")],
)
def test_no_body(status, method):
    head = head_of(b"HTTP/1.1 " + status, b"Content-Length: 5")
    assert read(head, b"NEXT", 1, method) == (b"", b"NEXT")
    # Two lengths beside each other are no question where there is no body.
    head = head_of(b"HTTP/1.1 " + status, b"Content-Length: 5", CHUNKED)
    assert read(head, b"NEXT", 1, method) == (b"", b"NEXT")


def test_a_length_beside_chunks():
    with pytest.raises(Malformed):
        body_of(head_of(OK, b"Content-Length: 5", CHUNKED), b"GET")


@given(st.lists(st.binary(min_size=1, max_size=300)), st.integers(1, 100), st.binary())
def test_any_chunks(chunks, step, trailing):
    data = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks) + b"0\r\n\r\n"
    assert read(head_of(OK, CHUNKED), data + trailing, step) == (b"".join(chunks), trailing)


@given(st.binary(), st.integers(1, 20))
def test_any_bytes_end_or_are_refused(data, step):
    with suppress(Malformed, Incomplete):
        read(head_of(OK, CHUNKED), data, step)


@given(st.lists(st.binary(max_size=60)))
def test_any_head_ends_or_is_refused(lines):
    with suppress(Malformed):
        head_of(*lines)
