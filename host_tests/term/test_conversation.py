"""The model of the terminal: bytes in, lines out, whatever way they are cut."""

import pytest

from espat_host.term import words
from espat_host.term.colon import Refused
from espat_host.term.conversation import Conversation, Heard
from espat_host.term.data_commands import wanted

PROMPT = b"\r\nOK\r\n\r\n>"
ANSWER = (
    b'AT+HTTPCGET="u"\r\nWIFI DISCONNECT\r\n+HTTPCGET:6,OK\r\n\xc3\xa4\r\n+HTTPCGET:4,\x00\r\n>\r\n'
    b"ERR CODE:0x010a7194\r\n\r\nERROR\r\n"
)
SHOWN = [
    [("report", "WIFI DISCONNECT")],
    [("head", "+HTTPCGET:6,"), ("", "OK\nä")],
    [("head", "+HTTPCGET:4,"), ("data", "(4 bytes: \\x00\\r\\n>)")],
    [("error", "ERR CODE:0x010a7194"), ("note", "  HTTP status 404")],
    [("error", "ERROR")],
]


def lines(heard: list[Heard]) -> list[str]:
    return [words.plain(one.shown) for one in heard if one.shown]


def started(command: bytes) -> Conversation:
    conversation = Conversation()
    assert conversation.send(command) == command + b"\r\n"
    return conversation


@pytest.mark.parametrize("step", [1, 2, 3, 7, len(ANSWER)])
def test_an_answer_in_every_split(step: int) -> None:
    conversation = started(b'AT+HTTPCGET="u"')
    heard: list[Heard] = []
    for start in range(0, len(ANSWER), step):
        assert conversation.running
        heard += conversation.feed(ANSWER[start : start + step])
    assert [one.shown for one in heard if one.shown] == SHOWN
    assert not conversation.running


@pytest.mark.parametrize("step", [1, 2, len(PROMPT)])
def test_a_prompt_takes_the_announced_bytes(step: int) -> None:
    conversation = started(b'AT+HTTPCPOST="u,v",5')
    heard: list[Heard] = []
    for start in range(0, len(PROMPT), step):
        heard += conversation.feed(PROMPT[start : start + step])
    assert lines(heard) == [
        "OK",
        "> the board waits for 5 bytes: a line, :send FILE or :hex 00ff",
    ]
    with pytest.raises(Refused, match="5 bytes, these are 6"):
        conversation.offer(6)
    conversation.offer(3)
    conversation.gave(3)
    assert (conversation.takes_data, conversation.missing) == (True, 2)
    conversation.gave(2)
    assert not conversation.takes_data
    assert conversation.running
    assert lines(conversation.feed(b"\r\n>quoted\r\n\r\nSEND OK\r\n")) == [">quoted", "SEND OK"]
    assert not conversation.running


def test_a_board_that_gives_the_upload_up() -> None:
    conversation = started(b"AT+HTTPCHEAD=5")
    conversation.feed(PROMPT)
    assert conversation.takes_data
    assert lines(conversation.feed(b"WIFI DISCONNECT\r\n")) == ["WIFI DISCONNECT"]
    assert conversation.takes_data
    conversation.feed(b"\r\nERROR\r\n")
    assert not conversation.takes_data
    with pytest.raises(Refused, match="no data"):
        conversation.offer(1)


def test_a_command_of_unknown_length_takes_data_until_its_result() -> None:
    conversation = started(b"AT+MQTTPUBRAW=0,4")
    conversation.feed(PROMPT)
    assert conversation.missing is None
    conversation.offer(1000)
    conversation.gave(4)
    assert conversation.takes_data
    conversation.feed(b"\r\n+MQTTPUB:OK\r\n\r\nOK\r\n")
    assert not conversation.takes_data


LINK = b"+IPD,0,6:\r\nOK\r\n\r\n+IPD,1,5\r\n0,CLOSED\r\n"


@pytest.mark.parametrize("step", [1, 2, 3, len(LINK)])
def test_what_links_say_ends_no_command(step: int) -> None:
    conversation = started(b"AT+CWMODE?")
    heard: list[Heard] = []
    for start in range(0, len(LINK), step):
        heard += conversation.feed(LINK[start : start + step])
    assert conversation.running
    assert [one.shown for one in heard if one.shown] == [
        [("head", "+IPD,0,6:"), ("", "\nOK")],
        [("report", "+IPD,1,5")],
        [("report", "0,CLOSED")],
    ]


def test_what_is_typed_into_a_command_does_not_change_it() -> None:
    """A HEAD's lines look like counted data to any other command."""
    conversation = started(b'AT+HTTPCLIENT=1,0,"u",,,1')
    conversation.send(b"AT")
    answer = b"\r\nbusy p...\r\n+HTTPCLIENT:16, Server: gunicorn\r\n"
    assert lines(conversation.feed(answer)) == ["busy p...", "+HTTPCLIENT:16, Server: gunicorn"]
    assert conversation.running
    conversation.feed(b"\r\nOK\r\n")
    assert not conversation.running


def test_ready_ends_everything() -> None:
    conversation = started(b"AT+HTTPCHEAD=5")
    conversation.feed(PROMPT)
    assert lines(conversation.feed(b"\r\nready\r\n")) == ["ready"]
    assert not conversation.takes_data
    assert not conversation.running


def test_noise_is_shown_and_passed_over() -> None:
    conversation = started(b'AT+HTTPCGET="u"')
    noise = conversation.feed(b"+HTTPCGET:3,abcdefgh")
    assert lines(noise) == [
        "+HTTPCGET:3,abcdefgh  (20 bytes: a chunk of 3 bytes ends in b'de', not in CRLF)"
    ]
    assert lines(conversation.feed(b"\xff\xfe\x00\r\n\r\nOK\r\n")) == ["\\xff\\xfe\\x00", "OK"]


def test_what_has_no_end_is_shown_after_a_while() -> None:
    conversation = Conversation()
    assert conversation.feed(b"MicroPython\r\n>>> ")[0].shown == [("", "MicroPython")]
    assert conversation.silent_for(0.1) == []
    assert lines(conversation.silent_for(1.5)) == [">>> "]
    assert conversation.silent_for(1.5) == []
    conversation.feed(b"+HTTPCGET:500,\x00\x01")
    assert conversation.silent_for(1.5) == []
    assert lines(conversation.silent_for(11)) == [
        "+HTTPCGET:500,\\x00\\x01  (16 bytes: counted data that does not end)"
    ]
    assert lines(conversation.feed(b"\r\nready\r\n")) == ["ready"]


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", ""),
        (b"plain\r\n\ttext", "plain\r\n\ttext"),
        ("häß".encode()[:-1], "hä"),
        ("äh".encode()[1:], "h"),
        (b"\x1b[2J", None),
        (b"a\x00b", None),
        (b"\xff\xd8\xff\xe0", None),
    ],
)
def test_text_is_told_from_other_data(data: bytes, text: str | None) -> None:
    assert words.text_of(data) == text


def test_control_characters_do_not_reach_the_screen() -> None:
    conversation = Conversation()
    attack = b"\x1b[2J\x9b31m\r\n+HTTPCGET:8,a\xe2\x80\xaeb\r\nc\r\n"
    for text in lines(conversation.feed(attack)):
        assert all(c.isprintable() or c == "\n" for c in text)


def test_a_key_is_never_shown_as_text() -> None:
    conversation = started(b'AT+SYSMFG=1,"client_key","client_key.0"')
    key = b"-----BEGIN PRIVATE KEY-----\nMIIEv"
    head = b'+SYSMFG:"client_key","client_key.0",7,%d,' % len(key)
    assert "MIIE" not in lines(conversation.feed(head + key + b"\r\n"))[0]


@pytest.mark.parametrize(
    ("command", "size"),
    [
        (b'AT+HTTPCPOST="http://h/a,b",12', 12),
        (b'AT+HTTPCPUT="http://h/\\"",0x10,1,"a: b"', 16),
        (b"AT+HTTPCHEAD=35", 35),
        (b'AT+SYSMFG=2,"client_ca","client_ca.0",7,1200', 1200),
        (b"AT+SYSMSGFILTERCFG=1,18,3", 21),
        (b'AT+FS=0,1,"a",0,10', 10),
        (b"AT+HTTPCHEAD=", None),
        (b"AT+CIPSEND=4", 4),
        (b"AT+CIPSEND=0,4", 4),
        (b'AT+CIPSENDL=4,70000,"10.0.0.1",80', 70000),
        (b'AT+CIPSENDEX=20,"10.0.0.1",80', 20),
        (b"AT+CIPSEND", None),
    ],
)
def test_the_wanted_length(command: bytes, size: int | None) -> None:
    assert wanted(command) == size
