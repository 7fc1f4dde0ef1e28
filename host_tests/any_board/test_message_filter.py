"""AT+SYSMSGFILTER and AT+SYSMSGFILTERCFG: what the host sees, byte for byte."""

import pytest

from espat_host.client.board import PROMPT, Board
from espat_host.local_world.payload import payload
from espat_host.local_world.raw_server import RawServer, pause, read_request, send
from espat_host.local_world.servers import Servers
from espat_host.sim import SimBoard

OK = b"\r\nOK\r\n"
ERROR = b"\r\nERROR\r\n"
HEAD, TAIL = b"^+HTTPCGET:[0-9]*,", b"\r\n$"
NO_OK = b"\r\nOK\r\n$"
# A body that looks like the port's own messages from every side.
HOSTILE = b"\r\nOK\r\n+HTTPCGET:5,hello\r\n\r\nERROR\r\n,\r\n\r\n>+HTTPCGET:,"


def answer(body: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body


def configure(board: Board, operation: int, head: bytes, tail: bytes, flags: str = "") -> bytes:
    line = f"AT+SYSMSGFILTERCFG={operation},{len(head)},{len(tail)}{flags}"
    board.send_line(line)
    board.expect_prompt()
    board.write(head + tail)
    return board.read_until(b"\r\n") + board.read_until(b"\r\n")


def filtering(board: Board, *filters: tuple[bytes, bytes] | tuple[bytes, bytes, str]) -> None:
    """Have the board filter its messages by these."""
    for one in filters:
        assert configure(board, 1, *one) == OK
    assert board.ask("AT+SYSMSGFILTER=1") == OK


def documented(board: Board) -> None:
    """As in ESP-AT's "Response Message Format Control" example."""
    assert configure(board, 1, HEAD, TAIL) == OK
    assert configure(board, 1, b"", NO_OK) == OK
    assert board.ask("AT+SYSMSGFILTER=1") == OK


def test_the_documented_dialogue(joined: Board, raw_server: RawServer) -> None:
    """Step by step that of ESP-AT's "AT Response Message Format Control Examples", which has an OK
    for AT+SYSMSGFILTER=1 and for ATE0 under a filter for OK."""
    joined.ask("ATE1")
    for head, tail in ((HEAD, TAIL), (b"", NO_OK)):
        line = b"AT+SYSMSGFILTERCFG=1,%d,%d" % (len(head), len(tail))
        joined.send_line(line)
        joined.expect(line + b"\r\n" + OK + b"\r\n>")
        joined.write(head + tail)
        joined.expect(OK)
    assert joined.ask("AT+SYSMSGFILTER=1") == b"AT+SYSMSGFILTER=1\r\n" + OK
    assert joined.ask("ATE0") == b"ATE0\r\n" + OK
    raw_server.answer(answer(HOSTILE))
    joined.send_line(f'AT+HTTPCGET="{raw_server.url}",2048,2048,5000')
    joined.expect(HOSTILE)
    raw_server.answer(b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n")
    joined.send_line(f'AT+HTTPCGET="{raw_server.url}",2048,2048,5000')
    joined.expect(ERROR)
    joined.expect_silence()
    assert joined.ask("AT+SYSMSGFILTERCFG=0") == OK
    assert joined.ask("AT+SYSMSGFILTER=0") == OK
    assert joined.ask("ATE1") == OK


def test_who_answers_under_a_filter_for_ok(dut: Board) -> None:
    """The documentation's two, their other forms, and nobody else."""
    filtering(dut, (b"", NO_OK))
    for line in ("ATE0", "AT+SYSMSGFILTER=1", "ATE0", "AT+SYSMSGFILTER=0", "AT+SYSMSGFILTER=1"):
        assert dut.ask(line) == OK
    for line in ("AT", "AT+SYSLOG=0"):
        dut.send_line(line)
        dut.expect_silence()
    assert dut.ask("AT+SYSMSGFILTER=2") == ERROR


@pytest.mark.parametrize("size", [1, 511, 512, 513, 5000, 300_000])
@pytest.mark.parametrize("rx_size", [512, 2048])
def test_the_bare_body(joined: Board, servers: Servers, size: int, rx_size: int) -> None:
    documented(joined)
    url = f"{servers.http}/bytes-stream/{size}?seed=3"
    joined.send_line(f'AT+HTTPCGET="{url}",{rx_size},{rx_size}')
    assert joined.read(size, timeout=30) == b"".join(payload(size, 3))
    joined.expect_silence()
    joined.send_line("AT")
    joined.expect_silence()
    joined.send_line("AT+NONE")
    joined.expect(ERROR)


@pytest.mark.parametrize("repeat", [1, 9, 40, 500])
def test_a_body_that_looks_like_messages(joined: Board, raw_server: RawServer, repeat: int) -> None:
    documented(joined)
    body = HOSTILE * repeat
    raw_server.answer(answer(body))
    joined.send_line(f'AT+HTTPCGET="{raw_server.url}",512,512')
    assert joined.read(len(body)) == body
    joined.expect_silence()


def test_a_body_in_pieces(joined: Board, raw_server: RawServer) -> None:
    """Each piece becomes a chunk of its own length, and begins and ends where it hurts."""
    documented(joined)
    pieces = [b"\r\nOK\r\n", b"+HTTPCGET:5,", b"\r\n", b"\r", b"\n$", HOSTILE, b"+HTTPCGET:1,\r\n"]
    steps = [step for piece in pieces for step in (send(piece), pause(0.05))]
    length = sum(map(len, pieces))
    head = send(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % length)
    raw_server.script(read_request, head, *steps)
    joined.send_line(f'AT+HTTPCGET="{raw_server.url}"')
    assert joined.read(length) == b"".join(pieces)
    joined.expect_silence()


def test_errors_still_come(joined: Board, raw_server: RawServer) -> None:
    documented(joined)
    raw_server.answer(b"HTTP/1.1 404 No\r\nContent-Length: 4\r\n\r\nsad!")
    joined.send_line(f'AT+HTTPCGET="{raw_server.url}"')
    joined.expect(b"sad!" + ERROR)
    raw_server.script(read_request, send(answer(b"12345678")[:-3]))
    joined.send_line(f'AT+HTTPCGET="{raw_server.url}"')
    joined.expect(b"12345" + ERROR)
    joined.send_line("AT+SYSMSGFILTER=0")
    joined.expect(OK)
    raw_server.answer(answer(b"x"))
    assert joined.ask(f'AT+HTTPCGET="{raw_server.url}"') == b"+HTTPCGET:1,x\r\n" + OK


def test_the_error_code_is_a_message_of_its_own(dut: Board) -> None:
    dut.ask("AT+SYSLOG=1")
    filtering(dut, (b"", b"\r\nERROR\r\n$"), (b"^ERR CODE:", b"\r\n$"))
    dut.send_line("AT+NONE")
    dut.expect(b"0x01090000")
    dut.expect_silence()


def test_lines_are_cut_one_by_one(dut: Board) -> None:
    filtering(dut, (b"^+SYSSTORE:", b""), (b"^+CMD:[0-9]*,", b"\r\n$"))
    assert dut.ask("AT+SYSSTORE?") == b"1\r\n" + OK
    assert dut.ask("AT+CMD?").startswith(b'"AT",0,0,0,1"ATE0",0,0,0,1"ATE1",')


def test_the_first_filter_that_matches_wins(dut: Board) -> None:
    filtering(dut, (b"^+SYSSTORE", b""), (b"^+SYSSTORE:", b""))
    assert dut.ask("AT+SYSSTORE?") == b":1\r\n" + OK
    assert configure(dut, 2, b"^+SYSSTORE", b"") == OK
    assert dut.ask("AT+SYSSTORE?") == b"1\r\n" + OK


@pytest.mark.parametrize(
    ("head", "tail", "flags", "left"),
    [
        (b"^+sysstore", b"", ",2", b":1\r\n"),
        (b"^+sysstore", b"", "", b"+SYSSTORE:1\r\n"),
        (b"^\\+(CW|SYS)STORE:", b"[0-9]+", ",1", b""),
        (b"SYS", b"\r\n", "", b"STORE:1"),
        (b"^+SYSSTORE:1$", b"", ",4", b"+SYSSTORE:1\r\n"),  # a line ends at LF, CR belongs to it
        (b"^+SYSSTORE:1.$", b"", ",4", b"\n"),
        (b"", b"^+", "", b""),
        (b"1", b"S", "", b""),
        (b"^+SYSSTORE", b"no", "", b"+SYSSTORE:1\r\n"),
    ],
)
def test_what_remains(dut: Board, head: bytes, tail: bytes, flags: str, left: bytes) -> None:
    filtering(dut, (head, tail, flags))
    assert dut.ask("AT+SYSSTORE?") == left + OK


def test_a_counted_part_hides_the_message_ends(joined: Board, raw_server: RawServer) -> None:
    """A head must not match up to the end with $, a tail not from the beginning with ^."""
    filtering(joined, (b"^+HTTPCGET:[0-9]*,$", b""), (b"", b"^\r\n$"))
    raw_server.answer(answer(b"x"))
    assert joined.ask(f'AT+HTTPCGET="{raw_server.url}"') == b"+HTTPCGET:1,x\r\n" + OK


def test_busy_and_reports_are_messages_too(
    dut: Board, sim: SimBoard, raw_server: RawServer
) -> None:
    filtering(dut, (b"^WIFI ", b""), (b"", b"^\r\nbusy p...\r\n$"))
    dut.ask("AT+CWMODE=1")
    assert dut.ask('AT+CWJAP="espressif","1234567890"') == b"CONNECTED\r\nGOT IP\r\n" + OK
    raw_server.script(read_request, pause(2), send(answer(b"x")))
    dut.send_line(f'AT+HTTPCGET="{raw_server.url}"')
    dut.expect_silence()
    dut.send_line("AT")
    dut.expect(b"+HTTPCGET:1,x\r\n" + OK)


def test_query_and_removal(dut: Board) -> None:
    assert dut.ask("AT+SYSMSGFILTER?") == b"+SYSMSGFILTER:0\r\n" + OK
    assert dut.ask("AT+SYSMSGFILTERCFG?") == OK
    assert configure(dut, 1, HEAD, TAIL) == OK
    assert configure(dut, 1, b"", b"x+", ",7") == OK
    dut.send_line("AT+SYSMSGFILTERCFG?")
    dut.expect(b'+SYSMSGFILTERCFG:0,"%s","\r\n$",0\r\n+SYSMSGFILTERCFG:1,"","x+",7\r\n' % HEAD + OK)
    assert configure(dut, 2, b"", b"x+") == ERROR  # other flags, another filter
    assert configure(dut, 2, HEAD, TAIL) == OK
    assert dut.ask("AT+SYSMSGFILTERCFG?") == b'+SYSMSGFILTERCFG:0,"","x+",7\r\n' + OK
    assert dut.ask("AT+SYSMSGFILTERCFG=0") == OK
    assert dut.ask("AT+SYSMSGFILTERCFG?") == OK


def test_nothing_is_saved(dut: Board) -> None:
    filtering(dut, (b"^+SYSSTORE:", b""))
    assert dut.ask("AT+SYSMSGFILTER?") == b"+SYSMSGFILTER:1\r\n" + OK
    dut.restart()
    assert dut.ask("AT+SYSMSGFILTER?") == b"+SYSMSGFILTER:0\r\n" + OK
    assert dut.ask("AT+SYSMSGFILTERCFG?") == OK


@pytest.mark.parametrize(
    ("head", "tail", "flags", "code"),
    [
        (b"[", b"x", "", b"01080001"),
        (b"x", b"a**", "", b"01080002"),
        (b"(a", b"", ",1", b"01080001"),
        (b"\\(a\\)\\1", b"", "", b"01080001"),
        (b"", b"[[.x.]]", "", b"01080002"),
    ],
)
def test_bad_expressions(
    asked_dut: Board, head: bytes, tail: bytes, flags: str, code: bytes
) -> None:
    asked_dut.ask("AT+SYSLOG=1")
    assert configure(asked_dut, 1, head, tail, flags) == b"ERR CODE:0x%s\r\n\r\n" % code
    asked_dut.expect(ERROR[2:])
    assert asked_dut.ask("AT+SYSMSGFILTERCFG?") == OK


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("AT+SYSMSGFILTER=2", b"01070000"),
        ("AT+SYSMSGFILTER=", b"01070000"),
        ("AT+SYSMSGFILTER=1,1", b"01060102"),
        ("AT+SYSMSGFILTERCFG=3", b"01070000"),
        ("AT+SYSMSGFILTERCFG=0,1", b"01060102"),
        ("AT+SYSMSGFILTERCFG=1", b"01060301"),
        ("AT+SYSMSGFILTERCFG=1,0,0", b"01070001"),
        ("AT+SYSMSGFILTERCFG=1,65,0", b"01070001"),
        ("AT+SYSMSGFILTERCFG=1,0,65", b"01070002"),
        ("AT+SYSMSGFILTERCFG=1,-1,0", b"01070001"),
        ("AT+SYSMSGFILTERCFG=1,1,1,8", b"01070003"),
        ("AT+SYSMSGFILTERCFG=1,1,1,0,0", b"01060405"),
        ('AT+SYSMSGFILTERCFG=1,"a",1', b"01050001"),
        ("AT+SYSMSGFILTER", b"010c0000"),
    ],
)
def test_bad_parameters(asked_dut: Board, line: str, code: bytes) -> None:
    asked_dut.ask("AT+SYSLOG=1")
    assert asked_dut.ask(line) == b"ERR CODE:0x%s\r\n" % code + ERROR


@pytest.mark.sim_only
def test_there_is_a_limit_and_the_longest_expressions_fit(roomy: Board) -> None:
    """With memory for all of them; without, test_memory_sequences.py has what happens."""
    for number in range(8):
        assert configure(roomy, 1, b"[a-z]%d" % number + b"x*" * 29, b"\r\n" * 32) == OK
    roomy.ask("AT+SYSLOG=1")
    assert roomy.ask("AT+SYSMSGFILTERCFG=1,1,1") == b"ERR CODE:0x010a700a\r\n" + ERROR
    assert roomy.ask("AT+SYSMSGFILTER=1") == OK
    assert roomy.ask("AT") == OK


def test_the_prompt_can_be_cut(dut: Board) -> None:
    filtering(dut, (b"", b"^\r\nOK\r\n\r\n>$"))
    dut.send_line("AT+SYSMSGFILTERCFG=1,1,0")
    dut.expect_silence()
    dut.write(b"x")
    dut.expect(OK)
    assert PROMPT not in dut.last_bytes[-20:]
