"""The reply reader, in every split: bodies are taken by their length, whatever they hold."""

import pytest

from espat_host.client.events import NO_FRAMES, frames_of
from espat_host.client.replies import ProtocolError, ReplyReader

TRAP = b"\r\nOK\r\n+HTTPCLIENT:3,\r\nERROR\r\n"
CHUNKED = b"+HTTPCLIENT:%d,%s\r\n+HTTPCLIENT:3,abc\r\n\r\nOK\r\n" % (len(TRAP), TRAP)
HEADERS = b"+HTTPCLIENT:35, Date: Sun, 26 Sep 2021 06:59:13 GMT\r\n\r\nOK\r\n"


def read_in_steps(data: bytes, step: int, reader: ReplyReader | None = None) -> ReplyReader:
    reader = reader or ReplyReader()
    for start in range(0, len(data), step):
        reader.feed(data[start : start + step])
    return reader


@pytest.mark.parametrize("step", [1, 2, 3, 7, 1000])
@pytest.mark.parametrize("trailing", [b"", b"\r\nready\r\n"])
def test_body_in_every_split(step: int, trailing: bytes) -> None:
    reader = read_in_steps(CHUNKED + trailing, step)
    assert reader.done
    assert reader.reply.raw == CHUNKED
    assert reader.reply.chunks == [TRAP, b"abc"]
    assert reader.reply.sizes == [len(TRAP), 3]
    assert reader.reply.body == TRAP + b"abc"
    assert (reader.reply.result, reader.reply.ok) == (b"OK", True)
    assert bytes(reader.rest) == trailing


@pytest.mark.parametrize("step", [1, 5, 1000])
def test_header_lines_of_a_head_are_lines(step: int) -> None:
    assert frames_of(b'AT+HTTPCLIENT=1,0,"http://h/",,,1') is NO_FRAMES
    reader = read_in_steps(HEADERS, step, ReplyReader(frames=NO_FRAMES))
    assert reader.reply.lines == [HEADERS.split(b"\r\n")[0]]


@pytest.mark.parametrize(
    "result", [b"OK", b"ERROR", b"SEND OK", b"SEND FAIL", b"SET OK", b"busy p..."]
)
def test_every_result_code_ends_a_reply(result: bytes) -> None:
    reply = read_in_steps(b"+CWMODE:1\r\n\r\n" + result + b"\r\n", 4).reply
    assert (reply.result, reply.lines) == (result, [b"+CWMODE:1"])


def test_sink_gets_the_body_and_the_reply_stays_small() -> None:
    pieces: list[bytes] = []
    reader = read_in_steps(CHUNKED, 6, ReplyReader(sink=pieces.append))
    assert pieces == [TRAP, b"abc"]
    assert reader.reply.chunks == []
    assert reader.reply.sizes == [len(TRAP), 3]
    assert TRAP not in reader.reply.raw


def test_chunk_longer_than_it_says_is_a_fault() -> None:
    with pytest.raises(ProtocolError, match="2 bytes"):
        read_in_steps(b"+HTTPCLIENT:2,abc\r\n\r\nOK\r\n", 100)


def test_line_without_end_is_a_fault() -> None:
    with pytest.raises(ProtocolError, match="more than"):
        read_in_steps(b"x" * 20_000, 4096)
