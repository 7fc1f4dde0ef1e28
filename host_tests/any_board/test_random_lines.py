"""Random and mutated command lines: no hang, no missing and no second result code.

Every line but an empty one is followed by exactly one result code: a missing one is a time-out
here, and a second one puts the port out of step, which the question in between shows."""

import random
import re

import pytest

from espat_host.client.board import Board
from host_tests.any_board import maxima
from host_tests.conftest import Target

SEED = 20_261_123
ROUND = 1000  # lines; half of them with all on the board that a host can leave there
IN_STEP = b"+SYSSTORE:0\r\n\r\nOK\r\n"

# Nothing here joins a network, so no line takes long; AT+RST and AT+RESTORE have their own tests.
SOURCES = [
    b"AT",
    b"ATE0",
    b"AT+GMR",
    b"AT+CMD?",
    b"AT+SYSRAM?",
    b"AT+SYSLOG=1",
    b"AT+SYSLOG?",
    b"AT+SYSSTORE?",
    b"AT+CWMODE=1",
    b"AT+CWMODE?",
    b"AT+CWSTATE?",
    b"AT+CWJAP?",
    b"AT+CWQAP",
    b"AT+CIFSR",
    b'AT+CWJAP="",,,1,2,3',
    b'AT+HTTPCLIENT=2,0,"http://127.0.0.1/get",,,1',
    b'AT+HTTPCLIENT=3,1,"http://127.0.0.1/post",,,1,"{\\"a\\":1}","X: y"',
    b'AT+HTTPCPOST="http://127.0.0.1/post",427,2,"A: b","C: d"',
    b'AT+HTTPCPUT="http://127.0.0.1/put",5',
    b'AT+HTTPCGET="http://127.0.0.1/",2048,2048,5000',
    b'AT+HTTPGETSIZE="http://127.0.0.1/",,,1000',
    b"AT+HTTPURLCFG?",
    b"AT+HTTPCHEAD?",
    b"AT+HTTPCFG=0,0,0",
    b"AT+SYSMSGFILTER?",
    b"AT+SYSMSGFILTERCFG?",
    b"AT+SYSMFG?",
    b'AT+SYSMFG=1,"ns","key"',
    b"AT+SYSTIMESTAMP?",
    b'AT+CIPSNTPCFG=0,8,"a.example","b.example"',
    b"AT+CIPSNTPTIME?",
    b"AT+CIPSNTPINTV=3600",
    b'AT+FS=1,4,"."',
    b'AT+FS=1,3,"file"',
    b"AT+FSMOUNT=1",
]
BITS = [
    b"\r",
    b"\n",
    b"\x00",
    b"\xff",
    b'"',
    b"\\",
    b",",
    b"=",
    b"?",
    b"+",
    b"AT",
    b"-1",
    b"0x",
    b"9" * 30,
]


def mutate(line: bytes, dice: random.Random) -> bytes:
    for _ in range(dice.choice([0, 1, 1, 1, 2, 5])):
        at = dice.randrange(len(line) + 1)
        cut = dice.randrange(4)
        line = (
            line[:at] + dice.choice([b"", dice.choice(BITS), dice.randbytes(2)]) + line[at + cut :]
        )
    return line


def any_line(dice: random.Random) -> bytes:
    kind = dice.random()
    if kind < 0.1:
        return dice.randbytes(dice.randrange(20))
    if kind < 0.12:
        return dice.choice(SOURCES) + b"x" * dice.randrange(2000)
    return mutate(dice.choice(SOURCES), dice)


def lines(count: int, seed: int) -> list[bytes]:
    dice = random.Random(seed)
    # A line end inside a mutation makes two lines of it; what restarts or joins is left out.
    made = (any_line(dice).replace(b"\r\n", b"") for _ in range(20 * count))
    wanted = (line for line in made if not re.search(rb"\+RST|\+RESTORE|E1|SYSSTORE=1", line))
    wanted = (line for line in wanted if not re.search(rb'CWJAP=".|CWJAP$', line))
    return [line for line, _ in zip(wanted, range(count), strict=False)]


def check_step(dut: Board, line: bytes) -> None:
    """A question with an answer that no other line gets in this form."""
    answer = dut.ask("AT+SYSSTORE?")
    assert answer == IN_STEP, f"out of step at or shortly before {line!r}: {answer!r}"


@pytest.mark.timeout(900)
@pytest.mark.soak(1000, 10_000, real=3000)
def test_every_line_has_one_result(dut: Board, target: Target, amount: int) -> None:
    dut.ask("AT+SYSSTORE=0")
    for number, line in enumerate(lines(amount, SEED)):
        if number % ROUND == ROUND // 2:
            maxima.fill(dut)
        elif number % ROUND == 0:
            maxima.empty(dut)
        dut.write(line + b"\r\n")
        if line:
            assert dut.reply().result in (b"OK", b"ERROR"), line
        if number % 10 == 0:
            check_step(dut, line)
    dut.expect_silence()
    check_step(dut, b"the last line")
    dut.join(target.ssid, target.password)


def test_the_lines_are_many_and_varied() -> None:
    made = lines(10_000, SEED)
    assert len(made) == 10_000
    assert len(set(made)) > 5000
