"""Completion, help and the history of the terminal."""

import re
import shutil
from pathlib import Path

import pytest

from espat_host.client.board import Board
from espat_host.client.events import Chunk, Line
from espat_host.term.colon import Refused, hex_bytes, parse
from espat_host.term.command_table import ROWS
from espat_host.term.commands import Commands
from espat_host.term.history import CommandHistory
from espat_host.term.log import Log

LISTED = re.compile(rb'\+CMD:\d+,"(AT[^"]*)",0,([01]),([01]),([01])')


def test_the_table_is_what_the_board_has(dut: Board) -> None:
    listed = [match for line in dut.request("AT+CMD?").lines if (match := LISTED.match(line))]
    forms = {
        match[1].decode(): "".join(
            form for form, flag in zip("?=!", match.groups()[1:], strict=True) if flag == b"1"
        )
        for match in listed
    }
    assert {name: row_forms for name, row_forms, _, _ in ROWS} == forms
    for name, row_forms, parameters, about in ROWS:
        assert ("=" in row_forms) == bool(parameters), name
        assert about.endswith("."), name
        assert len(about) < 90, name


def test_completion() -> None:
    commands = Commands()
    found = [candidate.text for candidate in commands.complete("at+cwj")]
    assert found == ["AT+CWJAP?", "AT+CWJAP=", "AT+CWJAP"]
    assert [candidate.text for candidate in commands.complete(":p")] == [":play "]
    found = [candidate.text for candidate in commands.complete("AT+CIPRECV")]
    assert found == [
        *("AT+CIPRECVMODE?", "AT+CIPRECVMODE=", "AT+CIPRECVTYPE?", "AT+CIPRECVTYPE="),
        *("AT+CIPRECVDATA=", "AT+CIPRECVLEN?"),
    ]
    assert commands.complete("") == []
    assert commands.complete('AT+CWJAP="') == []


def test_the_board_knows_its_commands_best() -> None:
    commands = Commands()
    assert commands.learn([b'+CMD:0,"AT",0,0,0,1', b"noise", b'+CMD:1,"AT+MQTTCONN",0,1,1,0'])
    assert [one.text for one in commands.complete("AT")] == ["AT", "AT+MQTTCONN?", "AT+MQTTCONN="]
    assert commands.page("AT+MQTTCONN=1")[1:] == [
        "  This terminal has no help for it.",
        *("    AT+MQTTCONN?", "    AT+MQTTCONN=..."),
    ]
    assert not commands.learn([b"ERROR"])
    assert commands.complete("AT+MQTT")


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("AT+CWQAP", "AT+CWQAP  Leaves the access point."),
        ("at+ping=", 'AT+PING=<"host">  Pings a host.'),
        (
            "AT+CIPSEND=0,",
            'AT+CIPSEND=[<link>,]<length>[,<"host">,<port>]  AT+CIPSEND  '
            "Sends data on a link; alone it begins a passthrough, which +++ ends.",
        ),
        ("AT+CIPMUX=", "AT+CIPMUX?  AT+CIPMUX=<0|1>  One link, or up to five."),
        (":send x", ":send FILE  Sends a file as the data that the board waits for."),
        ("AT+NONE", ""),
        ("", ""),
    ],
)
def test_hints(line: str, hint: str) -> None:
    assert Commands().hint(line) == hint


def test_colon_commands() -> None:
    assert parse(":log") == ("log", "")
    assert parse(':send "a file"') == ("send", "a file")
    assert hex_bytes("00 ff0D") == b"\x00\xff\r"
    for line, why in (
        (":sned x", "there is no :sned"),
        (":send", "needs FILE"),
        (":quit now", "no argument"),
        (':send "a', "quote"),
        (":send a b", "one file"),
    ):
        with pytest.raises(Refused, match=why):
            parse(line)
    with pytest.raises(Refused, match="hex digits"):
        hex_bytes("0g")


def test_the_history_keeps_no_secrets(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "history"
    history = CommandHistory(path, lambda: True)
    secrets = [
        *('AT+CWJAP="home","wonderland"', 'at+cwsap="me","wonderland",1,3'),
        'AT+SYSMFG=2,"client_key","client_key.0",7,1700',
        'AT+CIPSSLCPSK="wonderland","hint"',
        'AT+HTTPCGET="https://me:wonderland@example.com/"',
        'AT+HTTPCLIENT=2,0,"u",,,2,"Authorization: wonderland"',
    ]
    for line in ("AT+GMR", *secrets, "AT+CWMODE?"):
        history.append_string(line)
    assert path.read_text() == "AT+GMR\nAT+CWMODE?\n"
    assert path.stat().st_mode & 0o077 == 0
    # In the same session they are an arrow key away.
    assert secrets[0] in history.get_strings()
    again = CommandHistory(path, lambda: False)
    again.append_string("data for the board")
    assert list(again.load_history_strings()) == ["AT+CWMODE?", "AT+GMR"]


def test_a_history_that_cannot_be_kept(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    history = CommandHistory(tmp_path / "file" / "history", lambda: True)
    history.append_string("AT")
    assert history.get_strings() == ["AT"]
    assert history.load_history_strings() == []


def test_a_long_history_is_cut(tmp_path: Path) -> None:
    path = tmp_path / "history"
    path.write_text("".join(f"AT+{number}\n" for number in range(2500)))
    kept = list(CommandHistory(path, lambda: True).load_history_strings())
    assert (len(kept), kept[0]) == (1000, "AT+2499")
    assert len(path.read_text().splitlines()) == 1000


def test_a_log_has_no_secrets(tmp_path: Path) -> None:
    faults: list[str] = []
    log = Log(faults.append)
    log.sent(b"AT+GMR")
    log.open(tmp_path / "log")
    for line in (
        b'AT+CWJAP="home","wonderland"',
        b'AT+HTTPCGET="https://me:wonderland@example.com/"',
        b"AT+CWSAP?",
    ):
        log.sent(line)
    log.gave(10)
    log.heard(Line(b'+CWSAP:"me","wonderland",1,3,4,0'))
    log.heard(Line(b""))
    log.heard(Chunk(b"HTTPCGET", b"+HTTPCGET:2,", b"\x00\xff", b"\r\n"))
    assert [line[13:] for line in (tmp_path / "log").read_text().splitlines()] == [
        *("> AT+CWJAP=***", "> AT+HTTPCGET=***", "> AT+CWSAP?", "> (10 bytes)"),
        *("< +CWSAP:***", "< +HTTPCGET:2,(2 bytes: 00 ff)"),
    ]
    assert faults == []


def test_a_log_that_cannot_be_written(tmp_path: Path) -> None:
    faults: list[str] = []
    log = Log(faults.append)
    with pytest.raises(Refused, match="cannot be written"):
        log.open(tmp_path)
    (tmp_path / "folder").mkdir()
    log.open(tmp_path / "folder" / "log")
    shutil.rmtree(tmp_path / "folder")
    log.sent(b"AT")
    assert "no longer written" in faults[0]
    log.sent(b"AT")
    assert len(faults) == 1
    assert log.path is None
