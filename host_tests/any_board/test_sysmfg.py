"""AT+SYSMFG: values by namespace and key, in files that survive what happens to a board."""

import pytest

from espat_host.client.board import Board
from espat_host.sim import SimBoard

OK = b"\r\nOK\r\n"
ERROR = b"\r\nERROR\r\n"
PROMPT = b"\r\nOK\r\n\r\n>"
LARGEST = 8192


@pytest.fixture(autouse=True)
def nothing_stored(dut: Board) -> None:
    """A real board keeps these values through everything that could clear them."""
    for line in dut.request("AT+SYSMFG?").lines:
        assert dut.ask(b"AT+SYSMFG=0," + line.partition(b":")[2]) == OK


def write(board: Board, namespace: str, key: str, kind: int, data: bytes) -> None:
    line = f'AT+SYSMFG=2,"{namespace}","{key}",{kind},{len(data)}'
    assert board.request(line, data).raw == OK


def read(board: Board, namespace: str, key: str, rest: str = "") -> bytes:
    """The value; the line around it is checked."""
    reply = board.request(f'AT+SYSMFG=1,"{namespace}","{key}"{rest}')
    line = f'+SYSMFG:"{namespace}","{key}",%d,{len(reply.body)},'
    wanted = [(line % kind).encode() + reply.body + b"\r\n" + OK for kind in range(1, 9)]
    assert reply.raw in wanted
    return reply.body


NUMBERS = {
    # type: (value as it is written, as it is read back)
    1: ("255", b"255"),
    2: ("-128", b"-128"),
    3: ("0xFFFF", b"65535"),
    4: ("-32768", b"-32768"),
    5: ("-1", b"4294967295"),
    6: ("-2147483648", b"-2147483648"),
}


@pytest.mark.parametrize("kind", NUMBERS)
def test_numbers(dut: Board, kind: int) -> None:
    given, shown = NUMBERS[kind]
    assert dut.ask(f'AT+SYSMFG=2,"factory_param","n",{kind},{given}') == OK
    line = b'+SYSMFG:"factory_param","n",%d,%d,%s\r\n' % (kind, len(shown), shown)
    assert dut.ask('AT+SYSMFG=1,"factory_param","n"') == line + OK


@pytest.mark.parametrize("kind", [7, 8])
@pytest.mark.parametrize("size", [1, 511, 512, 513, LARGEST])
def test_bytes(dut: Board, kind: int, size: int) -> None:
    data = (bytes(range(256)) * 33)[:size]
    write(dut, "blobs", "b", kind, data)
    assert read(dut, "blobs", "b") == data
    assert dut.ask('AT+SYSMFG=1,"blobs"') == b'+SYSMFG:"blobs","b",%d\r\n' % kind + OK


def test_a_part_of_the_value(dut: Board) -> None:
    write(dut, "ns", "k", 8, b"0123456789")
    assert read(dut, "ns", "k", ",2,3") == b"234"
    assert read(dut, "ns", "k", ",8,100") == b"89"
    assert read(dut, "ns", "k", ",10,1") == b""


def test_what_looks_like_an_answer_is_data(dut: Board) -> None:
    data = b"\r\nOK\r\nAT+RST\r\n\r\nERROR\r\n>"
    write(dut, "ns", "k", 7, data)
    assert read(dut, "ns", "k") == data
    assert dut.ask("AT") == OK


def test_listing_and_erasing(dut: Board) -> None:
    assert dut.ask("AT+SYSMFG?") == OK
    write(dut, "https_ca", "https_ca.1", 8, b"b")
    write(dut, "https_ca", "https_ca.0", 8, b"a")
    assert dut.ask('AT+SYSMFG=2,"a","n",1,1') == OK
    assert dut.ask("AT+SYSMFG?") == b'+SYSMFG:"a"\r\n+SYSMFG:"https_ca"\r\n' + OK
    assert dut.ask("AT+SYSMFG=1") == b'+SYSMFG:"a"\r\n+SYSMFG:"https_ca"\r\n' + OK
    both = b'+SYSMFG:"https_ca","https_ca.0",8\r\n+SYSMFG:"https_ca","https_ca.1",8\r\n'
    assert dut.ask('AT+SYSMFG=1,"https_ca"') == both + OK
    assert dut.ask('AT+SYSMFG=0,"https_ca","https_ca.0"') == OK
    assert dut.ask('AT+SYSMFG=1,"https_ca","https_ca.0"') == ERROR
    assert dut.ask('AT+SYSMFG=0,"https_ca"') == OK
    assert dut.ask("AT+SYSMFG?") == b'+SYSMFG:"a"\r\n' + OK


def test_a_value_is_replaced_with_its_type(dut: Board) -> None:
    write(dut, "ns", "k", 7, b"a long text")
    assert dut.ask('AT+SYSMFG=2,"ns","k",2,-5') == OK
    assert dut.ask('AT+SYSMFG=1,"ns"') == b'+SYSMFG:"ns","k",2\r\n' + OK
    assert read(dut, "ns", "k") == b"-5"


@pytest.mark.parametrize(
    "line",
    [
        'AT+SYSMFG=1,"none"',
        'AT+SYSMFG=1,"none","k"',
        'AT+SYSMFG=0,"none"',
        'AT+SYSMFG=0,"none","k"',
        'AT+SYSMFG=0,"ns","none"',
        'AT+SYSMFG=1,"ns","none"',
    ],
)
def test_what_is_not_there(dut: Board, line: str) -> None:
    assert dut.ask('AT+SYSMFG=2,"ns","k",1,1') == OK
    assert dut.ask("AT+SYSLOG=1") == OK
    assert dut.ask(line) == b"ERR CODE:0x010a7021\r\n" + ERROR


WRONG = {
    "AT+SYSMFG": 0x010C0000,
    "AT+SYSMFG=": 0x01070000,
    "AT+SYSMFG=3": 0x01070000,
    "AT+SYSMFG=0": 0x01060201,
    'AT+SYSMFG=0,""': 0x01070001,
    'AT+SYSMFG=0,"a","k",1': 0x01060304,
    'AT+SYSMFG=1,"a","k",0': 0x01060504,
    'AT+SYSMFG=1,"a","k",0,1,1': 0x01060506,
    "AT+SYSMFG=1,a": 0x01080001,
    'AT+SYSMFG=1,"1234567890123456"': 0x01070001,
    'AT+SYSMFG=1,"."': 0x01070001,
    'AT+SYSMFG=1,".."': 0x01070001,
    'AT+SYSMFG=0,"../nvs"': 0x01070001,
    'AT+SYSMFG=1,"a/b"': 0x01070001,
    'AT+SYSMFG=1,"a\0b"': 0x01070001,
    'AT+SYSMFG=1,"a\\\\b"': 0x01070001,
    'AT+SYSMFG=1,"a","../b"': 0x01070002,
    'AT+SYSMFG=2,"a","..",1,1': 0x01070002,
    'AT+SYSMFG=2,"a","k",0,1': 0x01070003,
    'AT+SYSMFG=2,"a","k",9,1': 0x01070003,
    'AT+SYSMFG=2,"a","k",1,256': 0x01070004,
    'AT+SYSMFG=2,"a","k",1,-1': 0x01070004,
    'AT+SYSMFG=2,"a","k",2,128': 0x01070004,
    'AT+SYSMFG=2,"a","k",3,65536': 0x01070004,
    'AT+SYSMFG=2,"a","k",4,32768': 0x01070004,
    'AT+SYSMFG=2,"a","k",1,"x"': 0x01050004,
    'AT+SYSMFG=2,"a","k",7,0': 0x01070004,
    'AT+SYSMFG=2,"a","k",8,8193': 0x01070004,
    'AT+SYSMFG=2,"a","k",8,-1': 0x01070004,
    'AT+SYSMFG=2,"a","k",8': 0x01060504,
    'AT+SYSMFG=2,"a","k",8,1,1': 0x01060506,
}


@pytest.mark.parametrize("line", WRONG)
def test_wrong_parameters(asked_dut: Board, line: str) -> None:
    asked_dut.ask("AT+SYSLOG=1")
    assert asked_dut.ask(line) == b"ERR CODE:0x%08x\r\n" % WRONG[line] + ERROR
    assert asked_dut.ask("AT+SYSMFG?") == OK


def test_an_offset_beyond_the_end(dut: Board) -> None:
    write(dut, "ns", "k", 8, b"abc")
    dut.ask("AT+SYSLOG=1")
    assert dut.ask('AT+SYSMFG=1,"ns","k",4,1') == b"ERR CODE:0x01070003\r\n" + ERROR


def test_the_end_of_the_line_is_not_counted(dut: Board) -> None:
    dut.send_line('AT+SYSMFG=2,"ns","k",8,3')
    dut.expect_prompt()
    dut.write(b"abc\r\n")  # the CR LF that hosts send by habit is no line
    dut.expect(OK)
    dut.expect_silence()
    assert dut.ask("AT") == OK


def test_values_survive_a_restore(dut: Board) -> None:
    write(dut, "ns", "k", 8, b"kept")
    dut.restart(b"AT+RESTORE")
    assert read(dut, "ns", "k") == b"kept"


def test_a_power_cut_leaves_the_old_value(sim: SimBoard, dut: Board) -> None:
    """In the middle of the data, and before its first byte; and the rest of it is forgotten."""
    write(dut, "ns", "k", 8, b"old")
    for sent in (b"", b"n" * 1000):
        dut.send_line('AT+SYSMFG=2,"ns","k",8,2000')
        dut.expect_prompt()
        dut.write(sent)
        sim.reset()
        dut.synchronise()
        assert dut.ask("AT+SYSMFG?") == b'+SYSMFG:"ns"\r\n' + OK
        assert read(dut, "ns", "k") == b"old"
    write(dut, "ns", "k", 8, b"n" * 2000)
    assert read(dut, "ns", "k") == b"n" * 2000


@pytest.mark.sim_only
def test_a_full_file_system(dut: Board) -> None:
    """What does not fit is swallowed and told; what was there stays, and the port is in step."""
    data = b"x" * LARGEST
    write(dut, "ns", "k", 8, b"old")
    dut.ask("AT+SYSLOG=1")
    for number in range(200):
        answer = dut.request(f'AT+SYSMFG=2,"fill","{number}",8,{LARGEST}', data).raw
        if answer != OK:
            break
    assert answer == b"ERR CODE:0x010a7020\r\n" + ERROR
    assert dut.request(f'AT+SYSMFG=2,"ns","k",8,{LARGEST}', data).raw == answer
    assert dut.ask("AT") == OK
    assert read(dut, "ns", "k") == b"old"
    assert read(dut, "fill", "0") == data
    assert dut.ask('AT+SYSMFG=0,"fill"') == OK
    write(dut, "ns", "k", 8, data)


def test_memory_is_steady(dut: Board) -> None:
    data = b"x" * LARGEST
    write(dut, "ns", "k", 8, data)
    begin = dut.free_memory()
    for _ in range(20):
        write(dut, "ns", "k", 8, data)
        assert read(dut, "ns", "k") == data
    assert abs(dut.free_memory() - begin) < 1024
