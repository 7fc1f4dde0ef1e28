"""Basic commands, byte for byte."""

import re

import pytest

from espat_host.client.board import Board

OK = b"\r\nOK\r\n"
ERROR = b"\r\nERROR\r\n"

COMMANDS = [
    "AT",
    "ATE0",
    "ATE1",
    "AT+RST",
    "AT+GMR",
    "AT+CMD",
    "AT+SAVETRANSLINK",
    "AT+TRANSINTVL",
    "AT+SYSTIMESTAMP",
    "AT+GSLP",
    "AT+SLEEP",
    "AT+SLEEPWKCFG",
    "AT+RESTORE",
    "AT+SYSRAM",
    "AT+SYSFLASH",
    "AT+SYSMFG",
    "AT+SYSMSGFILTER",
    "AT+SYSMSGFILTERCFG",
    "AT+RFPOWER",
    "AT+RFCAL",
    "AT+SYSMSG",
    "AT+SYSROLLBACK",
    "AT+SYSLOG",
    "AT+SYSSTORE",
    "AT+SYSREG",
    "AT+CWINIT",
    "AT+CWMODE",
    "AT+CWSTATE",
    "AT+CWCONFIG",
    "AT+CWJAP",
    "AT+CWRECONNCFG",
    "AT+CWLAP",
    "AT+CWLAPOPT",
    "AT+CWQAP",
    "AT+CWSAP",
    "AT+CWLIF",
    "AT+CWQIF",
    "AT+CWDHCP",
    "AT+CWDHCPS",
    "AT+CWSTAPROTO",
    "AT+CWAPPROTO",
    "AT+CWAUTOCONN",
    "AT+CWHOSTNAME",
    "AT+CWCOUNTRY",
    "AT+CIFSR",
    "AT+CIPSTAMAC",
    "AT+CIPAPMAC",
    "AT+CIPSTA",
    "AT+CIPAP",
    "AT+CIPV6",
    "AT+CIPDNS",
    "AT+CIPDOMAIN",
    "AT+CIPSTATUS",
    "AT+CIPSTATE",
    "AT+CIPSTART",
    "AT+CIPSTARTEX",
    "AT+CIPTCPOPT",
    "AT+CIPCLOSE",
    "AT+CIPCONNPERSIST",
    "AT+CIPSEND",
    "AT+CIPSENDL",
    "AT+CIPSENDLCFG",
    "AT+CIPSENDEX",
    "AT+CIPDINFO",
    "AT+CIPMUX",
    "AT+CIPRECVMODE",
    "AT+CIPRECVTYPE",
    "AT+CIPRECVDATA",
    "AT+CIPRECVLEN",
    "AT+CIPSERVER",
    "AT+CIPSERVERMAXCONN",
    "AT+CIPSSLCCONF",
    "AT+CIPSSLCCN",
    "AT+CIPSSLCSNI",
    "AT+CIPSSLCALPN",
    "AT+CIPSSLCPSK",
    "AT+CIPSSLCPSKHEX",
    "AT+CIPSSLCCIPHER",
    "AT+CIPMODE",
    "AT+CIPSTO",
    "AT+CIPSNTPCFG",
    "AT+CIPSNTPINTV",
    "AT+CIPSNTPTIME",
    "AT+CIPRECONNINTV",
    "AT+PING",
    "AT+HTTPCLIENT",
    "AT+HTTPGETSIZE",
    "AT+HTTPURLCFG",
    "AT+HTTPCHEAD",
    "AT+HTTPCGET",
    "AT+HTTPCPOST",
    "AT+HTTPCPUT",
    "AT+HTTPCFG",
    "AT+FS",
    "AT+FSMOUNT",
    "AT+CIUPDATE",
    "AT+CIPFWVER",
    "AT+UART",
    "AT+UART_CUR",
    "AT+UART_DEF",
    "AT+USERRAM",
    "AT+USEROTA",
    "AT+HTTPGET_TO_FS",
    "AT+FS_TO_HTTP_SERVER",
    "AT+HTTPREQ",
    "AT+HTTPREPORT",
    "AT+HTTPREDIRECT",
    "AT+HTTPTIMEOUT",
    "AT+HTTPABORT",
    "AT+HTTPPULL",
    "AT+HTTPREAD",
]


def test_at(dut: Board) -> None:
    assert dut.ask("AT") == OK


def test_echo_comes_with_the_line_and_goes_with_ate0(dut: Board) -> None:
    assert dut.ask("ATE1") == OK
    assert dut.ask("AT") == b"AT\r\n" + OK
    assert dut.ask("AT+NONSENSE") == b"AT+NONSENSE\r\n" + ERROR
    assert dut.ask("ATE0") == b"ATE0\r\n" + OK
    assert dut.ask("AT") == OK


@pytest.mark.parametrize("line", ["at", "aT", "At", "ate0", "at+syslog=0", "At+SysLog=0"])
def test_small_letters(dut: Board, line: str) -> None:
    """ESP-AT's objects take them for capitals, against its documentation (docs/wire.md 1.2)."""
    assert dut.ask(line) == OK


def test_small_letters_in_a_string_stay(dut: Board) -> None:
    assert dut.ask('at+cwhostname="MyName"') == OK
    assert dut.ask("at+cwhostname?") == b"+CWHOSTNAME:MyName\r\n" + OK


SOCKET_MODES = {  # as ESP-AT answers before anything is set: docs/wire.md 6.1, 6.9, 6.11, 6.8
    "CIPMUX": b"+CIPMUX:0\r\n" + OK,
    "CIPMODE": b"+CIPMODE:0\r\n" + OK,
    "CIPDINFO": b"+CIPDINFO:false" + OK,
    "CIPRECVMODE": b"+CIPRECVMODE:0\r\n" + OK,
}


@pytest.mark.parametrize("name", SOCKET_MODES)
def test_the_defaults_of_sockets(dut: Board, name: str) -> None:
    """Six host programs send them when they set up, though they only want HTTP."""
    assert dut.ask(f"AT+{name}=0") == OK
    assert dut.ask(f"AT+{name}?") == SOCKET_MODES[name]
    assert dut.ask("AT+SYSLOG=1") == OK
    for value, code in (("2", "01070000"), ("", "01070000"), ("0,0", "01060102")):
        answer = b"ERR CODE:0x%s\r\n" % code.encode() + ERROR
        assert dut.ask(f"AT+{name}={value}") == answer, value


def test_gmr(dut: Board) -> None:
    lines = dut.ask("AT+GMR")
    assert re.fullmatch(
        rb"AT version:5\.0\.0\.0\(\w+ - ESP32\w* - (\w{3} \d\d \d{4} \d\d:\d\d:\d\d)\)\r\n"
        rb"SDK version:MicroPython v\d+\.\d+\.\d+\r\n"
        rb"compile time\(\w+\):\1\r\n"
        rb"Bin version:espat v\d+\.\d+\.\d+\(\w+\)\r\n"
        rb"\r\nOK\r\n",
        lines,
    ), lines


def test_cmd_lists_every_command_in_order(dut: Board) -> None:
    lines = dut.request("AT+CMD?").lines
    names = []
    for index, line in enumerate(lines):
        found = re.fullmatch(rb'\+CMD:(\d+),"(AT[^"]*)",([01]),([01]),([01]),([01])', line)
        assert found, line
        assert int(found[1]) == index
        names.append(found[2].decode())
    assert names == COMMANDS


def test_cmd_tells_the_forms(dut: Board) -> None:
    lines = dut.request("AT+CMD?").lines
    assert b'+CMD:0,"AT",0,0,0,1' in lines
    assert any(line.endswith(b'"AT+CWJAP",0,1,1,1') for line in lines)


def test_a_form_that_is_not_there_is_an_error(dut: Board) -> None:
    """Every command with every form that AT+CMD? denies; the code says so, too."""
    dut.ask("AT+SYSLOG=1")
    denied = 0
    for line in dut.request("AT+CMD?").lines:
        _, name, *forms = line.split(b",")
        for form, there in zip((b"=?", b"?", b"=1", b""), forms, strict=True):
            command = name.strip(b'"') + form
            if there == b"0":
                assert dut.ask(command) == b"ERR CODE:0x010c0000\r\n" + ERROR, command
                denied += 1
    assert denied > len(COMMANDS)


@pytest.mark.parametrize("name", ["SYSLOG", "SYSSTORE"])
def test_switches(dut: Board, name: str) -> None:
    for value in (1, 0, 1):
        assert dut.ask(f"AT+{name}={value}") == OK
        assert dut.ask(f"AT+{name}?") == b"+%s:%d\r\n\r\nOK\r\n" % (name.encode(), value)
    dut.ask("AT+SYSLOG=0")
    for bad in ("2", "-1", '"1"', "", "1,1", "x"):
        assert dut.ask(f"AT+{name}={bad}") == ERROR, bad


def test_sysram_has_no_line_end_of_its_own(dut: Board) -> None:
    found = re.fullmatch(rb"\+SYSRAM:(\d+),(\d+)\r\nOK\r\n", dut.ask("AT+SYSRAM?"))
    assert found
    assert 0 < int(found[2]) <= int(found[1])


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("a", "01030000"),
        ("hello", "01030000"),
        ("AT+NONSENSE", "01090000"),
        ("AT+SYSLOG=?", "010c0000"),
        ("AT+GMR?", "010c0000"),
        ("AT+SYSLOG=2", "01070000"),
        ("AT+SYSLOG=", "01070000"),
        ('AT+SYSLOG="1"', "01050000"),
        ("AT+SYSLOG=1,2", "01060102"),
        ("AT+SYSLOG=x", "01080000"),
        ('AT+CWJAP="' + "s" * 33 + '"', "01040000"),
        ('AT+CWJAP="s","' + "p" * 65 + '"', "01040001"),
        ('AT+CWJAP="s","password","nonsense"', "01070002"),
        ('AT+CWJAP="s","password",,17', "01070003"),
        ('AT+CWJAP="s","password",,,7201', "01070004"),
        ('AT+CWJAP="s","password",,,,101', "01070005"),
        ('AT+CWJAP="s","password",,,,,2', "01070006"),
        ('AT+CWJAP="s","password",,,,,,2', "01070007"),
        ('AT+CWJAP="s","password",,,,,,,4', "01070008"),
        ('AT+CWJAP="s","password",,,,,,,1,1', "0106090a"),
        ("AT" + "x" * 253, "01030000"),
    ],
)
def test_error_codes_with_syslog(dut: Board, line: str, code: str) -> None:
    assert dut.ask("AT+SYSLOG=1") == OK
    assert dut.ask(line) == b"ERR CODE:0x%s\r\n" % code.encode() + ERROR
    assert dut.ask("AT+SYSLOG=0") == OK
    assert dut.ask(line) == ERROR


def test_rst_says_ok_then_ready(dut: Board) -> None:
    assert dut.ask("AT+RST") == OK
    dut.expect(b"\r\nready\r\n")
    assert dut.ask("AT") == b"AT\r\n" + OK  # echo is on after a restart
