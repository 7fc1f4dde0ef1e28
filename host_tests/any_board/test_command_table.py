"""docs/commands.md has every command of four families, and tells of each what the board does."""

import re

import pytest

from espat_host.build.checkout import ROOT
from espat_host.client.board import Board

DOCUMENT = ROOT / "docs" / "commands.md"
ROW = re.compile(r"^\| (`[^|]+) \| ([^|]+?) \|(.*)\|$", re.MULTILINE)
HERE = ("works", "partly")
ABSENT = ("not here", "not on MicroPython")
# What the chip cannot do although AT+CMD? lists it, with a line that is right in form.
REFUSED = {
    "AT+SLEEPWKCFG": "AT+SLEEPWKCFG=2,4,0",
    "AT+CIPSSLCALPN": 'AT+CIPSSLCALPN=1,"h2"',
    "AT+CIPSSLCPSK": 'AT+CIPSSLCPSK="key","hint"',
    "AT+CIPSSLCPSKHEX": 'AT+CIPSSLCPSKHEX="6b","hint"',
    "AT+CIPSSLCCIPHER": "AT+CIPSSLCCIPHER=1,0xc02f",
}
# ESP-AT's documentation, version 5.0 (wire.md 1.6 and 10); with the + of the name left out.
FAMILIES = {
    "Basic": """
        RST GMR CMD GSLP RESTORE SAVETRANSLINK TRANSINTVL UART_CUR UART_DEF SLEEP SYSRAM
        SYSMSG SYSMSGFILTER SYSMSGFILTERCFG SYSFLASH SYSMFG RFPOWER RFCAL SYSROLLBACK
        SYSTIMESTAMP SYSLOG SLEEPWKCFG SYSSTORE SYSREG SYSTEMP UART SYSLSP SYSLSPCFG
    """,
    "Wi-Fi": """
        CWINIT CWMODE CWBANDWIDTH CWSTATE CWCONFIG CWJAP CWRECONNCFG CWLAPOPT CWLAP CWQAP
        CWSAP CWLIF CWQIF CWDHCP CWDHCPS CWAUTOCONN CWAPPROTO CWSTAPROTO CIPSTAMAC CIPAPMAC
        CIPSTA CIPAP CWSTARTSMART CWSTOPSMART WPS CWJEAP CWHOSTNAME CWCOUNTRY CWBANDMODE
    """,
    "TCP/IP": """
        CIPV6 CIPSTATE CIPDOMAIN CIPSTART CIPSTARTEX CIPSEND CIPSENDL CIPSENDLCFG CIPSENDEX
        CIPCLOSE CIFSR CIPMUX CIPSERVER CIPSERVERMAXCONN CIPMODE CIPSTO CIPSNTPCFG
        CIPSNTPTIME CIPSNTPINTV CIPFWVER CIUPDATE CIPDINFO CIPSSLCCONF CIPSSLCCN CIPSSLCSNI
        CIPSSLCALPN CIPSSLCPSK CIPSSLCPSKHEX CIPSSLCCIPHER CIPRECONNINTV CIPRECVTYPE
        CIPRECVDATA CIPRECVLEN PING CIPDNS MDNS CIPTCPOPT CIPCONNPERSIST CIPSTATUS
        CIPRECVMODE
    """,
    "HTTP": "HTTPCLIENT HTTPGETSIZE HTTPCGET HTTPCPOST HTTPCPUT HTTPURLCFG HTTPCHEAD HTTPCFG",
}
NAMELESS = {"Basic": {"AT", "ATE0", "ATE1"}, "TCP/IP": {"+++"}}


def documented(section: str | None = None) -> dict[str, tuple[str, str]]:
    """Command -> (what it is here, the note), of one section or of all."""
    text = DOCUMENT.read_text()
    if section:
        text = text.partition(f"## {section}\n")[2].partition("\n## ")[0]
    return {
        name: (status, note.strip())
        for names, status, note in ROW.findall(text)
        for name in re.findall(r"`([^`]+)`", names)
    }


@pytest.mark.parametrize("family", FAMILIES)
def test_the_families_are_whole(family: str) -> None:
    wanted = {f"AT+{name}" for name in FAMILIES[family].split()} | NAMELESS.get(family, set())
    assert documented(family).keys() == wanted


def test_every_row_says_what_and_why() -> None:
    for name, (status, note) in documented().items():
        assert status in HERE + ABSENT, name
        assert note or status == "works", name


def test_the_table_tells_what_the_board_tells(dut: Board) -> None:
    table = documented()
    known = set(re.findall(r'"(AT[^"]*)"', dut.ask("AT+CMD?").decode()))
    here = {name for name, (status, _) in table.items() if status in HERE and name != "+++"}
    assert known == here | REFUSED.keys()


def test_what_cannot_be_done_is_refused(dut: Board) -> None:
    dut.ask("AT+SYSLOG=1")
    for name, (status, _) in documented().items():
        if status in ABSENT and name.startswith("AT"):
            code = b"010a7013" if name in REFUSED else b"01090000"
            assert dut.ask(REFUSED.get(name, name)).startswith(b"ERR CODE:0x" + code), name
