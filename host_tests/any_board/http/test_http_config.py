"""AT+HTTPCFG: its parameters, and what is not stored."""

import pytest

from espat_host.client.board import Board
from host_tests.any_board.http.tls_bench import ERROR, OK, store

MISSING = {
    "AT+HTTPCFG=1": b"NO CERT FOUND\r\n",
    "AT+HTTPCFG=2": b"NO CA FOUND\r\n",
    "AT+HTTPCFG=3": b"NO CERT FOUND\r\n",
    "AT+HTTPCFG=2,0,1": b"NO CA FOUND\r\n",
}


@pytest.mark.parametrize("line", MISSING)
def test_nothing_stored(dut: Board, line: str) -> None:
    assert dut.ask(line) == MISSING[line] + ERROR


def test_the_key_is_missing(dut: Board) -> None:
    store(dut, "https_cert", b"x")
    assert dut.ask("AT+HTTPCFG=1") == b"NO PRVT_KEY FOUND\r\n" + ERROR
    store(dut, "https_key", b"x")
    assert dut.ask("AT+HTTPCFG=1") == OK
    assert dut.ask("AT+HTTPCFG=3") == b"NO CA FOUND\r\n" + ERROR


WRONG = {
    "AT+HTTPCFG": 0x010C0000,
    "AT+HTTPCFG?": 0x010C0000,
    "AT+HTTPCFG=": 0x01070000,
    "AT+HTTPCFG=4": 0x01070000,
    "AT+HTTPCFG=-1": 0x01070000,
    'AT+HTTPCFG="2"': 0x01050000,
    "AT+HTTPCFG=2,-1": 0x01070001,
    "AT+HTTPCFG=2,0,10000": 0x01070002,
    "AT+HTTPCFG=2,0,0,0": 0x01060304,
}


@pytest.mark.parametrize("line", WRONG)
def test_wrong_parameters(asked_dut: Board, line: str) -> None:
    asked_dut.ask("AT+SYSLOG=1")
    assert asked_dut.ask(line) == b"ERR CODE:0x%08x\r\n" % WRONG[line] + ERROR


@pytest.mark.sim_only
def test_a_refused_one_changes_nothing(dut: Board) -> None:
    store(dut, "https_ca", b"x")
    assert dut.ask("AT+HTTPCFG=2") == OK
    assert dut.ask("AT+HTTPCFG=1") == b"NO CERT FOUND\r\n" + ERROR
    assert dut.ask("AT+SYSLOG=1") == OK
    # Still verifying: no clock, no connection.
    dut.join("espressif", "1234567890")
    answer = dut.ask('AT+HTTPCLIENT=2,0,"https://127.0.0.1:9/",,,2')
    assert answer == b"ERR CODE:0x010a7018\r\n" + ERROR
