"""The clock and its settings, by hand; test_sntp.py has the servers."""

import time

import pytest

from espat_host.client.board import Board
from espat_host.sim import SimBoard
from host_tests.sim_only.clock_answers import NOW, OK, Y2010, shown_time, since, timestamp

pytestmark = pytest.mark.sim_only

ERROR = b"\r\nERROR\r\n"
WRONG = {
    "AT+SYSTIMESTAMP": 0x010C0000,
    "AT+SYSTIMESTAMP=": 0x01070000,
    "AT+SYSTIMESTAMP=-1": 0x01070000,
    f"AT+SYSTIMESTAMP={Y2010 - 1}": 0x01070000,
    "AT+SYSTIMESTAMP=2147483648": 0x01070000,
    'AT+SYSTIMESTAMP="1"': 0x01050000,
    f"AT+SYSTIMESTAMP={NOW},1": 0x01060102,
    "AT+CIPSNTPCFG": 0x010C0000,
    "AT+CIPSNTPCFG=2": 0x01070000,
    "AT+CIPSNTPCFG=,8": 0x01070000,
    "AT+CIPSNTPCFG=1,1260": 0x01070001,
    "AT+CIPSNTPCFG=1,1401": 0x01070001,
    "AT+CIPSNTPCFG=1,-1201": 0x01070001,
    'AT+CIPSNTPCFG=1,"8"': 0x01050001,
    'AT+CIPSNTPCFG=1,8,""': 0x01070002,
    'AT+CIPSNTPCFG=1,8,"a","b c"': 0x01070003,
    "AT+CIPSNTPCFG=1,8,7": 0x01050002,
    'AT+CIPSNTPCFG=1,8,"a","b","c","d"': 0x01060506,
    "AT+CIPSNTPTIME": 0x010C0000,
    "AT+CIPSNTPTIME=1": 0x010C0000,
    "AT+CIPSNTPINTV": 0x010C0000,
    "AT+CIPSNTPINTV=14": 0x01070000,
    "AT+CIPSNTPINTV=4294968": 0x01070000,
    "AT+CIPSNTPINTV=": 0x01070000,
    "AT+CIPSNTPINTV=15,1": 0x01060102,
}


class TestByHand:
    def test_before_it_is_set_it_is_1970(self, dut: Board) -> None:
        """ESP-AT's; hosts look for that year to see that there is no time yet."""
        assert 0 <= timestamp(dut) < 50
        assert shown_time(dut).startswith(b"Thu Jan  1 00:00:")
        assert shown_time(dut).endswith(b" 1970")
        assert dut.ask("AT+CIPSNTPCFG=0,-5") == OK
        assert shown_time(dut).startswith(b"Wed Dec 31 19:00:")
        assert shown_time(dut).endswith(b" 1969")

    @pytest.mark.parametrize("seconds", [Y2010, 1565853509, 1709208000, NOW, 0x7FFFFF00])
    def test_the_date(self, dut: Board, seconds: int) -> None:
        start = time.monotonic()
        assert dut.ask(f"AT+SYSTIMESTAMP={seconds}") == OK
        assert timestamp(dut) - seconds in since(start)
        shown = shown_time(dut)
        wanted = [time.asctime(time.gmtime(seconds + late)).encode() for late in since(start)]
        assert shown in wanted

    def test_a_reset_keeps_it_and_the_power_does_not(self, sim: SimBoard, dut: Board) -> None:
        assert dut.ask(f"AT+SYSTIMESTAMP={NOW}") == OK
        dut.restart()
        assert 0 <= timestamp(dut) - NOW < 50
        sim.reset()
        dut.synchronise()
        assert timestamp(dut) < 50

    @pytest.mark.parametrize("line", WRONG)
    def test_wrong_parameters(self, asked_dut: Board, line: str) -> None:
        asked_dut.ask("AT+SYSLOG=1")
        assert asked_dut.ask(line) == b"ERR CODE:0x%08x\r\n" % WRONG[line] + ERROR


ZONES = {
    # as given: (as shown, minutes east of UTC)
    "8": (8, 480),
    "-12": (-12, -720),
    "14": (14, 840),
    "0": (0, 0),
    "1245": (1245, 765),
    "530": (530, 330),
    "-330": (-330, -210),
    "-500": (-5, -300),
    "1400": (14, 840),
    "015": (0, 15),
}


class TestSettings:
    @pytest.mark.parametrize("given", ZONES)
    def test_zones(self, dut: Board, given: str) -> None:
        shown, minutes = ZONES[given]
        assert dut.ask(f"AT+CIPSNTPCFG=0,{given}") == OK
        assert dut.ask("AT+CIPSNTPCFG?") == b"+CIPSNTPCFG:0,%d\r\n" % shown + OK
        start = time.monotonic()
        assert dut.ask(f"AT+SYSTIMESTAMP={NOW}") == OK
        told = shown_time(dut)
        local = [NOW + minutes * 60 + late for late in since(start)]
        assert told in [time.asctime(time.gmtime(second)).encode() for second in local]

    def test_servers(self, dut: Board) -> None:
        assert dut.ask("AT+CIPSNTPCFG?") == b"+CIPSNTPCFG:0,0\r\n" + OK
        assert dut.ask("AT+CIPSNTPCFG=1,8") == OK
        defaults = b'"cn.ntp.org.cn","ntp.sjtu.edu.cn","us.pool.ntp.org"'
        assert dut.ask("AT+CIPSNTPCFG?") == b"+CIPSNTPCFG:1,8,%s\r\n" % defaults + OK
        assert dut.ask('AT+CIPSNTPCFG=1,,"a.test",,"b.test"') == OK
        assert dut.ask("AT+CIPSNTPCFG?") == b'+CIPSNTPCFG:1,8,"a.test","b.test"\r\n' + OK
        assert dut.ask("AT+CIPSNTPCFG=0") == OK
        assert dut.ask("AT+CIPSNTPCFG?") == b"+CIPSNTPCFG:0,8\r\n" + OK

    def test_the_interval(self, dut: Board) -> None:
        assert dut.ask("AT+CIPSNTPINTV?") == b"+CIPSNTPINTV:3600\r\n" + OK
        for seconds in (15, 4294967):
            assert dut.ask(f"AT+CIPSNTPINTV={seconds}") == OK
            assert dut.ask("AT+CIPSNTPINTV?") == b"+CIPSNTPINTV:%d\r\n" % seconds + OK

    def test_nothing_of_it_is_saved(self, dut: Board) -> None:
        assert dut.ask('AT+CIPSNTPCFG=1,8,"a.test"') == OK
        assert dut.ask("AT+CIPSNTPINTV=60") == OK
        dut.restart()
        assert dut.ask("AT+CIPSNTPCFG?") == b"+CIPSNTPCFG:0,0\r\n" + OK
        assert dut.ask("AT+CIPSNTPINTV?") == b"+CIPSNTPINTV:3600\r\n" + OK
