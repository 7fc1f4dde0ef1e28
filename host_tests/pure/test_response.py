"""The response reader: heads and bodies whole, byte by byte, in odd steps, with trailing bytes."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from espat.pure.body import Incomplete, body_of
from espat.pure.head import Malformed, ResponseHead
from host_tests.pure import cases
from host_tests.pure.cases import CHUNKED, HELLO_CHUNKS, OK


def head_of(*lines):
    head = ResponseHead()
    for line in lines:
        head.feed(line)
    head.feed(b"")
    return head


def test_status_line():
    head = head_of(b"HTTP/1.0 404 Not Found")
    assert (head.status, head.keep_alive) == (404, False)
    assert head_of(b"HTTP/1.1 200").status == 200
    assert head_of(b"HTTP/1.1 200 ").status == 200


@pytest.mark.parametrize("lines", cases.BAD_HEADS)
def test_refused_heads(lines):
    with pytest.raises(Malformed):
        head_of(*lines)


def test_fields_are_returned_as_sent():
    head = ResponseHead()
    assert head.feed(OK) is None
    assert head.feed(b"X-Thing:  a b ") == (b"X-Thing", b"a b")
    assert head.feed(b"") is None
    assert head.done


@pytest.mark.parametrize(
    ("lines", "keep"),
    [([], True), ([b"Connection: close"], False), ([b"connection: Upgrade, Close"], False)],
)
def test_keep_alive(lines, keep):
    assert head_of(OK, *lines).keep_alive is keep


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
