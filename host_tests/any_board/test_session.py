"""The dialogue: what happens to input at odd times and in odd pieces."""

import pytest

from espat_host.client.board import Board
from espat_host.local_world.raw_server import RawServer, pause, read_request, send

OK = b"\r\nOK\r\n"
ERROR = b"\r\nERROR\r\n"
BUSY = b"\r\nbusy p...\r\n"
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
CHUNK = b"+HTTPCLIENT:2,hi\r\n"


def get(server: RawServer) -> bytes:
    return b'AT+HTTPCLIENT=2,0,"%s/",,,1' % server.url.encode()


@pytest.mark.parametrize("step", [1, 2, 3, 5])
def test_a_line_may_come_in_pieces(dut: Board, step: int) -> None:
    line = b"AT+SYSLOG?\r\n"
    for start in range(0, len(line), step):
        dut.write(line[start : start + step])
    dut.expect(b"+SYSLOG:0\r\n" + OK)


def test_the_echo_comes_with_each_piece(dut: Board) -> None:
    dut.ask("ATE1")
    dut.write(b"A")
    dut.expect(b"A")
    dut.write(b"T\r")
    dut.expect(b"T\r")
    dut.write(b"\n")
    dut.expect(b"\n" + OK)


def test_empty_lines_are_ignored(dut: Board) -> None:
    dut.write(b"\r\n\r\n\r\nAT\r\n\r\n")
    dut.expect(OK)
    dut.expect_silence()


def test_quick_commands_in_one_write_are_all_answered(dut: Board) -> None:
    dut.write(b"AT\r\nAT+SYSLOG?\r\nAT+NONSENSE\r\nAT\r\n")
    dut.expect(OK + b"+SYSLOG:0\r\n" + OK + ERROR + OK)


def test_cr_alone_does_not_end_a_line(dut: Board) -> None:
    dut.write(b"AT\rAT\r\n")
    dut.expect(ERROR)
    assert dut.ask("AT") == OK


def test_the_longest_line_and_one_byte_more(dut: Board) -> None:
    """256 bytes with CR LF. What is longer ESP-AT takes apart, and the rest has no AT: that code is
    in public logs, too (docs/wire.md 1.2)."""
    longest = b"AT+SYSLOG=" + b"0" * 244
    assert len(longest) == 254
    assert dut.ask(longest[:-198]) == ERROR  # too many digits for a number, but a line
    dut.ask("AT+SYSLOG=1")
    assert dut.ask(longest) == b"ERR CODE:0x01070000\r\n" + ERROR
    assert dut.ask(longest + b"0") == b"ERR CODE:0x01030000\r\n" + ERROR
    assert dut.ask("AT") == OK


def test_a_flood_without_line_end_is_one_error(dut: Board) -> None:
    dut.write(b"x" * 20000)
    dut.expect_silence()
    dut.write(b"\r\n")
    dut.expect(ERROR)
    assert dut.ask("AT") == OK


def test_busy(joined: Board, raw_server: RawServer) -> None:
    raw_server.script(read_request, pause(2), send(ANSWER))
    joined.send_line(get(raw_server))
    joined.write(b"AT\r\n\r\nnonsense\r\n")
    joined.expect(BUSY + BUSY)
    joined.expect(CHUNK + OK)
    joined.expect_silence()
    assert joined.ask("AT") == OK


def test_busy_has_its_code(joined: Board, raw_server: RawServer) -> None:
    joined.ask("AT+SYSLOG=1")
    raw_server.script(read_request, pause(2), send(ANSWER))
    joined.send_line(get(raw_server))
    joined.write(b"AT\r\n")
    joined.expect(b"ERR CODE:0x010b0000\r\n" + BUSY + CHUNK + OK)


def test_busy_lines_are_not_echoed(joined: Board, raw_server: RawServer) -> None:
    joined.ask("ATE1")
    raw_server.script(read_request, pause(2), send(ANSWER))
    line = get(raw_server)
    joined.send_line(line)
    joined.expect(line + b"\r\n")
    joined.write(b"AT+CWMODE?\r\n")
    joined.expect(BUSY + CHUNK + OK)


@pytest.mark.parametrize("line", [b"AT+RST", b"at+rst"])
def test_rst_is_obeyed_while_busy(joined: Board, raw_server: RawServer, line: bytes) -> None:
    raw_server.script(read_request, pause(20), send(ANSWER))
    joined.send_line(get(raw_server))
    joined.write(line + b"\r\n")
    joined.expect(b"\r\nWill force to restart!!!\r\n")
    joined.expect(b"\r\nready\r\n")
    joined.synchronise()


def test_a_line_that_ends_after_the_command_is_a_command(
    joined: Board, raw_server: RawServer
) -> None:
    raw_server.script(read_request, pause(0.2), send(ANSWER))
    joined.send_line(get(raw_server))
    joined.write(b"AT+SYS")
    joined.expect(CHUNK + OK)
    joined.write(b"LOG?\r\n")
    joined.expect(b"+SYSLOG:0\r\n" + OK)


def test_data_is_counted_and_the_rest_is_a_line(joined: Board, raw_server: RawServer) -> None:
    raw_server.answer(ANSWER)
    joined.send_line(f'AT+HTTPCPOST="{raw_server.url}/",10')
    joined.expect_prompt()
    joined.write(b'\r\nAT\r\n\x00\xff"\\' + b"\r\n")
    joined.expect(b"+HTTPCPOST:2,hi\r\n\r\nSEND OK\r\n")
    assert raw_server.received[0].endswith(b'\r\n\r\n\r\nAT\r\n\x00\xff"\\')
    joined.expect_silence()
    assert joined.ask("AT") == OK


@pytest.mark.parametrize("size", [5, 700])
@pytest.mark.parametrize("before", ["AT+CWMODE?", "AT+GMR"])
def test_data_in_the_same_write(
    joined: Board, raw_server: RawServer, before: str, size: int
) -> None:
    """Whatever has to be loaded first: lines in it are no commands."""
    raw_server.answer(ANSWER)
    data, url = (b"hello AT+RST\r\n" * size)[:size], raw_server.url.encode() + b"/"
    for line, told in {
        b'AT+HTTPCPOST="%s",%d' % (url, size): b"+HTTPCPOST:2,hi\r\n\r\nSEND OK\r\n",
        b'AT+SYSMFG=2,"ns","key",8,%d' % size: OK,
        b'AT+FS=1,1,"f",0,%d' % size: OK,
        b"AT+HTTPCHEAD=%d" % (size + 2): OK,
        b'AT+HTTPCPUT="%s",%d' % (url, size): b"+HTTPCPUT:2,hi\r\n\r\nSEND OK\r\n",
    }.items():
        joined.ask(before)
        sent = b"X:" + data.replace(b"\r\n", b"..") if b"HEAD" in line else data
        joined.write(line + b"\r\n" + sent)
        joined.expect(b">" + told if b"+FS" in line else OK + b"\r\n>" + told)
        assert joined.ask("AT") == OK
    assert bytes(raw_server.received[0]).endswith(b"\r\n\r\n" + data)
    joined.ask("AT+HTTPCHEAD=0")


def test_data_is_not_echoed(joined: Board, raw_server: RawServer) -> None:
    raw_server.answer(ANSWER)
    joined.ask("ATE1")
    line = f'AT+HTTPCPOST="{raw_server.url}/",5'.encode()
    joined.send_line(line)
    joined.expect(line + b"\r\n")
    joined.expect_prompt()
    joined.write(b"hello")
    joined.expect(b"+HTTPCPOST:2,hi\r\n\r\nSEND OK\r\n")


def test_nothing_is_sent_before_the_data_is_there(joined: Board, raw_server: RawServer) -> None:
    raw_server.answer(ANSWER)
    joined.send_line(f'AT+HTTPCPOST="{raw_server.url}/",5')
    joined.expect_prompt()
    joined.write(b"hell")
    joined.expect_silence()
    assert not raw_server.received
    joined.write(b"o")
    joined.expect(b"+HTTPCPOST:2,hi\r\n\r\nSEND OK\r\n")


@pytest.mark.timeout(400)
def test_a_host_that_stops_in_the_middle_of_its_data(joined: Board, raw_server: RawServer) -> None:
    """After a minute the command is given up, and the next line is a command again."""
    joined.ask("AT+SYSLOG=1")
    joined.send_line(f'AT+HTTPCPOST="{raw_server.url}/",10')
    joined.expect_prompt()
    joined.write(b"12345")
    answer = joined.reply(timeout=90).raw
    assert answer == b"ERR CODE:0x010a700e\r\n\r\nSEND FAIL\r\n"
    assert not raw_server.received
    assert joined.ask("AT") == OK
