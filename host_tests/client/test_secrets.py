"""What is shown and written has no passwords: in every place where one may stand."""

import pytest

from espat_host import AtCommandError, BadRequest, Board, NoAnswer
from espat_host.client.events import Chunk, Line
from espat_host.client.http.headers import header_lines
from espat_host.client.http_lines import Request, plan
from espat_host.client.secrets import basic, is_secret, masked, without_user
from espat_host.dialogues import shown
from host_tests.client.esp_at import OK, EspAt, Script, Taking

# A text, and what it becomes. The secret is always "s3cret".
TEXTS = {
    'AT+CWJAP="net","s3cret"': "AT+CWJAP=***",
    'at+cwsap="net","s3cret",1,3': "at+cwsap=***",
    '+CWSAP:"net","s3cret",1,3,4,0': "+CWSAP:***",
    'AT+SYSMFG=2,"client_key","s3cret",8,3': "AT+SYSMFG=***",
    'AT+HTTPCGET="http://ann:s3cret@example.com/x"': 'AT+HTTPCGET="http://***@example.com/x"',
    "https://s3cret@example.com/": "https://***@example.com/",
    'AT+HTTPCLIENT=5,0,"http://e/",,,1,"Authorization: Basic s3cret","A: b"': (
        'AT+HTTPCLIENT=5,0,"http://e/",,,1,"Authorization: ***","A: b"'
    ),
    "Proxy-Authorization: Bearer s3cret": "Proxy-Authorization: ***",
    "Cookie: session=s3cret; a=b": "Cookie: ***",
    "+HTTPCLIENT:25,Set-Cookie: id=s3cret": "+HTTPCLIENT:25,Set-Cookie: ***",
    "X-Api-Key: s3cret": "X-Api-Key: ***",
    "X-Auth-Token: s3cret": "X-Auth-Token: ***",
    "http://e/?api_key=s3cret&a=1": "http://e/?api_key=***&a=1",
    "http://e/?access_token=s3cret": "http://e/?access_token=***",
    "password=s3cret&name=ann": "password=***&name=ann",
    'b\'AT+CWJAP="net","s3cret"\\r\\n\\r\\nOK\\r\\n\'': "b'AT+CWJAP=***\\r\\n\\r\\nOK\\r\\n'",
}
PLAIN = [
    'AT+HTTPCGET="http://example.com/a@b?x=y"',
    "+HTTPCLIENT:16, Server: gunicorn",
    "AT+CWMODE=1",
    "WIFI GOT IP",
]


@pytest.mark.parametrize("text", TEXTS)
def test_secrets_are_stars(text: str) -> None:
    assert masked(text) == TEXTS[text]
    assert shown.command(text.encode()) == TEXTS[text] if not text.startswith("b'") else True
    assert is_secret(text) or text.startswith(("b'", "+CWSAP", "X-A"))


@pytest.mark.parametrize("text", PLAIN)
def test_the_rest_stays(text: str) -> None:
    assert masked(text) == text
    assert not is_secret(text)


def test_keys_are_not_shown_as_they_come() -> None:
    """Neither the begin of one that is read back, nor a header in an answer."""
    key = Chunk(b"SYSMFG", b'+SYSMFG:"client_key","k",8,10,', b"s3cret-key", b"\r\n")
    assert shown.event(key) == '+SYSMFG:"client_key","k",8,10,(10 bytes)'
    assert shown.event(Line(b"+HTTPCLIENT:20,Set-Cookie: s3cret")).endswith("Set-Cookie: ***")


@pytest.mark.parametrize(
    ("url", "plain", "user"),
    [
        ("http://ann:s3cret@e:8080/x?y@z", "http://e:8080/x?y@z", b"ann:s3cret"),
        ("https://ann@e/", "https://e/", b"ann:"),
        ("http://a%40b:c%3ad@e/", "http://e/", b"a@b:c:d"),
        ("http://e/a@b", "http://e/a@b", None),
        ("nonsense@", "nonsense@", None),
    ],
)
def test_user_and_password_of_a_url(url: str, plain: str, user: bytes | None) -> None:
    assert without_user(url) == (plain, None if user is None else basic(user))


def test_they_become_a_header() -> None:
    made = plan(Request("DELETE", "http://ann:s3cret@e.de/"))
    assert made.line == (
        b'AT+HTTPCLIENT=5,0,"http://e.de/",,,1,"Authorization: Basic YW5uOnMzY3JldA=="'
    )
    made = plan(Request("GET", "http://ann:s3cret@e.de/"))
    assert made.line == b'AT+HTTPCGET="http://e.de/"'
    assert made.headers == (b"Authorization: Basic YW5uOnMzY3JldA==",)
    headers = header_lines({"authorization": "x"})
    with pytest.raises(BadRequest, match="leave one of them out"):
        plan(Request("GET", "http://ann:s3cret@e.de/", headers))


@pytest.mark.parametrize("url", ["ftp://ann:s3cret@e.de/", "http://ann:s3cret@e.de:0/"])
def test_a_url_that_is_none_is_told_without_them(url: str) -> None:
    with pytest.raises(BadRequest) as caught:
        plan(Request("GET", url))
    assert "s3cret" not in str(caught.value)


def test_evidence_has_none() -> None:
    """The board's echo of a command is among the last bytes."""
    script: Script = {b"AT+CWJAP=": lambda peer: None}
    with EspAt(script) as peer, Board(peer.port, timeout=3) as board:
        board.ask("ATE1")
        with pytest.raises(NoAnswer, match=r"last bytes: .*AT\+CWJAP=\*\*\*") as caught:
            board.ask('AT+CWJAP="net","s3cret"')
        assert "s3cret" not in str(caught.value)


def test_an_answer_has_none() -> None:
    script: Script = {b"AT+HTTPCGET=": b"+HTTPCGET:2,hi\r\n" + OK, b"AT+HTTPCHEAD=": Taking(OK)}
    with EspAt({**script, b"AT+HTTPCHEAD=0": OK}) as peer, Board.open(peer.port) as board:
        answer = board.get("http://ann:s3cret@example.com/")
        assert answer.url == "http://example.com/"
        assert peer.data == [b"Authorization: Basic YW5uOnMzY3JldA=="]


def test_a_parameter_is_named() -> None:
    error = AtCommandError("AT+HTTPCLIENT", 0x01070002, [])
    assert error.reason == "the url is out of its range, left out, or otherwise wrong"
    assert "a header" in AtCommandError("AT+HTTPCPOST", 0x01040009, []).reason
    assert AtCommandError("AT+OTHER", 0x01080002, []).reason == "parameter 2 cannot be read"
