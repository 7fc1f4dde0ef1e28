"""The event reader: every byte ends up in an event, in every split."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from espat_host.client.events import (
    HTTP_FRAMES,
    NO_FRAMES,
    Chunk,
    Event,
    EventReader,
    Frames,
    Line,
    Prompt,
    ProtocolError,
    Result,
    frames_of,
    is_unsolicited,
)

OK: list[Event] = [Line(b""), Result(b"OK")]
EVENTS: dict[str, tuple[bytes, bytes, list[Event]]] = {
    # the command, what comes, the events
    "lines": (b"AT+GMR", b"a\r\n\r\nOK\r\n", [Line(b"a"), *OK]),
    "an echo": (b"AT", b"AT\r\n\r\nOK\r\n", [Line(b"AT"), *OK]),
    "a body": (
        b'AT+HTTPCGET="http://h/"',
        b"+HTTPCGET:4,\r\nOK\r\n\r\nOK\r\n",
        [Chunk(b"HTTPCGET", b"+HTTPCGET:4,", b"\r\nOK", b"\r\n"), *OK],
    ),
    "header lines": (
        b'AT+HTTPCLIENT=1,0,"http://h/"',
        b"+HTTPCLIENT:4,A: b\r\n\r\nOK\r\n",
        [Line(b"+HTTPCLIENT:4,A: b"), *OK],
    ),
    "a prompt": (
        b"AT+HTTPCHEAD=4",
        b"\r\nOK\r\n\r\n>\r\nOK\r\n",
        [*OK, Line(b""), Prompt(), *OK],
    ),
    "a file": (
        b'AT+FS=1,2,"f",0,9',
        b"+FS:3,\r\n>\r\nOK\r\n",
        [Chunk(b"FS", b"+FS:3,", b"\r\n>", b"\r\n"), Result(b"OK")],
    ),
    "the space for files": (b"AT+FS=1,6", b"+FS:3,5\r\n\r\nOK\r\n", [Line(b"+FS:3,5"), *OK]),
    "a value": (
        b'AT+SYSMFG=1,"ns","k"',
        b'+SYSMFG:"ns","k",8,2,\r\n\r\n\r\nOK\r\n',
        [Chunk(b"SYSMFG", b'+SYSMFG:"ns","k",8,2,', b"\r\n", b"\r\n"), *OK],
    ),
    "the keys of values": (
        b'AT+SYSMFG=1,"ns"',
        b'+SYSMFG:"ns","k",8\r\n\r\nOK\r\n',
        [Line(b'+SYSMFG:"ns","k",8'), *OK],
    ),
    "memory in pieces": (
        b"AT+USERRAM=3,5",
        b"+USERRAM:4,abcd+USERRAM:1,e\r\nOK\r\n",
        [
            Chunk(b"USERRAM", b"+USERRAM:4,", b"abcd", b""),
            Chunk(b"USERRAM", b"+USERRAM:1,", b"e", b"\r\n"),
            Result(b"OK"),
        ],
    ),
    "the data of a link": (
        b"AT+CIPRECVDATA=0,9",
        b"+CIPRECVDATA:4,\r\nOK\r\nOK\r\n",
        [Chunk(b"CIPRECVDATA", b"+CIPRECVDATA:4,", b"\r\nOK", b"\r\n"), Result(b"OK")],
    ),
    "the same with its sender": (
        b"AT+CIPRECVDATA=0,9",
        b'+CIPRECVDATA:2,"1.2.3.4",80,ab\r\nOK\r\n+CIPRECVDATA:19,"1.2.3.4",80,\r\nOK\r\n7890123456789'
        b"\r\nOK\r\n",
        [
            Chunk(b"CIPRECVDATA", b'+CIPRECVDATA:2,"1.2.3.4",80,', b"ab", b"\r\n"),
            Result(b"OK"),
            Chunk(
                b"CIPRECVDATA",
                b'+CIPRECVDATA:19,"1.2.3.4",80,',
                b"\r\nOK\r\n7890123456789",
                b"\r\n",
            ),
            Result(b"OK"),
        ],
    ),
    "data that begins like a sender": (
        b"AT+CIPRECVDATA=0,20",
        b'+CIPRECVDATA:15,"1.2.3.4",80,ab\r\nOK\r\n',
        [
            Chunk(b"CIPRECVDATA", b"+CIPRECVDATA:15,", b'"1.2.3.4",80,ab', b"\r\n"),
            Result(b"OK"),
        ],
    ),
    "the data of links that comes unasked, in every form": (
        b"AT",
        b"+IPD,4:\r\nOK\r\n+IPD,1,2:\r\n\r\n"
        b'+IPD,5,"1.2.3.4",80:0,1:x\r\n+IPD,1,1,"1.2.3.4",80:>\r\n\r\nOK\r\n',
        [
            Chunk(b"IPD", b"+IPD,4:", b"\r\nOK", b"\r\n"),
            Chunk(b"IPD", b"+IPD,1,2:", b"\r\n", b"\r\n"),
            Chunk(b"IPD", b'+IPD,5,"1.2.3.4",80:', b"0,1:x", b"\r\n"),
            Chunk(b"IPD", b'+IPD,1,1,"1.2.3.4",80:', b">", b"\r\n"),
            *OK,
        ],
    ),
    "the same of older ESP-AT, without an end": (
        b"AT",
        b"\r\n+IPD,4:abcd\r\n+IPD,0,2:ef\r\nOK\r\n",
        [
            Line(b""),
            Chunk(b"IPD", b"+IPD,4:", b"abcd", b"\r\n"),
            Chunk(b"IPD", b"+IPD,0,2:", b"ef", b"\r\n"),
            Result(b"OK"),
        ],
    ),
    "what is called off": (
        b"AT+CIPSEND=4",
        b"\r\nSEND Canceled\r\n\r\nSEND CANCELLED\r\n",
        [Line(b""), Result(b"SEND Canceled"), Line(b""), Result(b"SEND CANCELLED")],
    ),
    "what waits on links": (
        b"AT",
        b"\r\n+IPD,0,5\r\n+IPD,12\r\n\r\nOK\r\n",
        [Line(b""), Line(b"+IPD,0,5"), Line(b"+IPD,12"), *OK],
    ),
}


def read(data: bytes, step: int, frames: Frames, prompts: bool = True) -> list[Event]:
    reader = EventReader(frames=frames, prompts=prompts)
    events: list[Event] = []
    for start in range(0, len(data), step):
        reader.feed(data[start : start + step])
        events += reader
    assert b"".join(event.raw for event in events) + reader.rest == data
    return events


@pytest.mark.parametrize("step", [1, 2, 3, 7, 1000])
@pytest.mark.parametrize("name", EVENTS)
def test_events_in_every_split(name: str, step: int) -> None:
    command, data, events = EVENTS[name]
    assert read(data, step, frames_of(command)) == events


PIECES = [b"\r\n", b"+HTTPCGET:", b"3,", b"1", b"abc", b"OK\r\n", b">", b"\xff", b"busy p...\r\n"]


@given(st.lists(st.sampled_from(PIECES)), st.integers(1, 9), st.booleans())
def test_no_byte_is_lost_and_splits_do_not_matter(
    pieces: list[bytes], step: int, prompts: bool
) -> None:
    data = b"".join(pieces)
    for frames in (HTTP_FRAMES, NO_FRAMES):
        try:
            whole = read(data, max(1, len(data)), frames, prompts)
        except ProtocolError:
            with pytest.raises(ProtocolError):
                read(data, step, frames, prompts)
        else:
            assert read(data, step, frames, prompts) == whole


def test_no_prompt_where_none_can_be() -> None:
    assert read(b"> a\r\n", 1, HTTP_FRAMES, prompts=False) == [Line(b"> a")]


@pytest.mark.parametrize(
    ("line", "unasked"),
    [
        (b"ready", True),
        (b"WIFI DISCONNECT", True),
        (b"WIFI GOT IPv6 LL", True),
        (b"+TIME_UPDATED", True),
        (b"0,CLOSED", True),
        (b"+IPD,0,5", True),
        (b"+IPD,5", True),
        (b'+STA_CONNECTED:"aa:bb:cc:dd:ee:ff"', True),
        (b"+CWJAP:1", False),
        (b"ready steady", False),
        (b"", False),
    ],
)
def test_what_a_board_says_by_itself(line: bytes, unasked: bool) -> None:
    assert is_unsolicited(line) == unasked
