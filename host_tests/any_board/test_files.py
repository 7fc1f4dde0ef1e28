"""AT+FS and AT+FSMOUNT: every operation, every refusal, and what survives."""

import hashlib
import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from espat.pure.args import Args
from espat.pure.errors import AtError
from espat.pure.file_name import argument
from espat_host.client.board import Board
from espat_host.local_world.payload import content
from espat_host.sim import SimBoard

OK = b"\r\nOK\r\n"
ERROR = b"\r\nERROR\r\n"
FULL, NOT_FOUND = 0x7020, 0x7021
# What a host may keep in RAM and this file system holds.
SIZES = [1, 2, 127, 128, 129, 2047, 2048, 2049, 4096, 5000, 20_000, 300_000]


def failure(code: int) -> bytes:
    return b"ERR CODE:0x%08x\r\n" % code + ERROR


def write(board: Board, name: str, data: bytes, offset: int = 0) -> bytes:
    """The answer after the data."""
    board.send_line(f'AT+FS=1,1,"{name}",{offset},{len(data)}')
    board.expect(b">")
    board.write(data)
    return board.reply().raw


def read(board: Board, name: str, offset: int = 0, length: int = 2**31 - 1) -> bytes:
    reply = board.request(f'AT+FS=1,2,"{name}",{offset},{length}')
    assert reply.raw == b"+FS:%d," % len(reply.body) + reply.body + OK
    return reply.body


def names(board: Board) -> list[bytes]:
    answer = board.ask('AT+FS=1,4,"."')
    assert answer.startswith(b"+FS:")
    assert answer.endswith(OK)
    return answer[4 : -len(OK)].split()


def space(board: Board) -> tuple[int, int]:
    found = re.fullmatch(rb"\+FS:(\d+),(\d+)\r\n\r\nOK\r\n", board.ask("AT+FS=1,6"))
    assert found is not None
    return int(found[1]), int(found[2])


@pytest.fixture
def empty(dut: Board) -> Board:
    """A board without files that tells reasons."""
    for name in names(dut):
        dut.ask(b'AT+FS=1,0,"%s"' % name)
    dut.ask("AT+SYSLOG=1")
    return dut


@pytest.mark.parametrize("size", SIZES)
def test_write_and_read_back(empty: Board, size: int) -> None:
    data = content(size)
    assert write(empty, "foo.bin", data) == OK
    assert empty.ask('AT+FS=1,3,"foo.bin"') == b"+FS:%d\r\n" % size + OK
    assert empty.ask('AT+FS=1,5,"foo.bin"') == (
        b"+FS:%s\r\n" % hashlib.md5(data).hexdigest().encode() + OK
    )
    assert read(empty, "foo.bin") == data
    assert names(empty) == [b"foo.bin"]
    assert empty.ask('AT+FS=1,0,"foo.bin"') == OK
    assert names(empty) == []


def test_data_that_looks_like_commands(empty: Board) -> None:
    data = b"\r\nAT+RST\r\nOK\r\n>\x00\xff" * 500
    assert write(empty, "f", data) == OK
    assert read(empty, "f") == data
    empty.expect_silence()


@pytest.mark.parametrize(
    ("size", "offset", "count"),
    [
        (10_000, 0, 10),
        (10_000, 5000, 1),
        (10_000, 9990, 10),
        (10_000, 9990, 3000),
        (10_000, 10_000, 5000),
        (10_000, 12_345, 100),
        (0, 5000, 10),
        (100, 50, 20),
        (200_000, 3, 4096),
    ],
)
def test_write_at_an_offset(empty: Board, size: int, offset: int, count: int) -> None:
    old, new = content(size, 1), content(count, 2)
    if size:
        assert write(empty, "f", old) == OK
    assert write(empty, "f", new, offset) == OK
    assert read(empty, "f") == old[:offset].ljust(offset, b"\0") + new + old[offset + count :]


@pytest.mark.parametrize(
    ("offset", "length", "got"), [(0, 1, 1), (99, 1, 1), (90, 50, 10), (100, 1, 0), (10, 90, 90)]
)
def test_read_a_part(empty: Board, offset: int, length: int, got: int) -> None:
    data = content(100)
    write(empty, "f", data)
    assert read(empty, "f", offset, length) == data[offset : offset + got]
    empty.send_line(f'AT+FS=1,2,"f",{offset},{length}')
    empty.expect(b"+FS:%d," % got + data[offset : offset + got] + OK)
    empty.expect_silence()


def test_names(empty: Board) -> None:
    wanted = {b"a", b"index.html", b".hidden", "grüße".encode(), b"x" * 64}
    for name in wanted:
        assert write(empty, name.decode(), b"1") == OK
    assert set(names(empty)) == wanted


def test_a_long_list(empty: Board) -> None:
    wanted = [f"{number:03}-{'x' * 50}" for number in range(60)]
    for name in wanted:
        assert write(empty, name, b"1") == OK
    assert sorted(names(empty)) == [name.encode() for name in wanted]


@pytest.mark.parametrize(
    "name",
    ["", ".", "..", "a/b", "../x", "/x", "a\\\\b", "a\rb", "x" * 65, "a\x01", "a\x7f", "a:b"],
)
@pytest.mark.parametrize("line", ['0,"{}"', '1,"{}",0,1', '2,"{}",0,1', '3,"{}"', '5,"{}"'])
def test_names_that_are_none(asked_dut: Board, line: str, name: str) -> None:
    asked_dut.ask("AT+SYSLOG=1")
    assert asked_dut.ask("AT+FS=1," + line.format(name)) == failure(0x01070002)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("0,6", 0x01070000),
        ("2,6", 0x01070000),
        ("1,7", 0x01070001),
        ("1,-1", 0x01070001),
        ("1", 0x01070001),
        ('1,6,"."', 0x01060203),
        ('1,0,"f",0', 0x01060304),
        ("1,0", 0x01060302),
        ('1,1,"f",0', 0x01060504),
        ('1,1,"f",0,0', 0x01070004),
        ('1,1,"f",-1,5', 0x01070003),
        ('1,1,"f",0,"5"', 0x01050004),
        ('1,1,"f",0,2000000000', 0x010A0000 | FULL),
        ('1,1,"f",2000000000,1', 0x010A0000 | FULL),
        ('1,0,"f"', 0x010A0000 | NOT_FOUND),
        ('1,2,"f",0,5', 0x010A0000 | NOT_FOUND),
        ('1,3,"f"', 0x010A0000 | NOT_FOUND),
        ('1,5,"f"', 0x010A0000 | NOT_FOUND),
        ('1,2,"there",4,1', 0x01070003),
        ('1,2,"there",0,0', 0x01070004),
        ('1,4,"folder"', 0x01070002),
        ("1,4", 0x01060302),
        ("1,3,5", 0x01050002),
    ],
)
def test_refusals(empty: Board, line: str, code: int) -> None:
    write(empty, "there", b"abc")
    assert empty.ask("AT+FS=" + line) == failure(code)
    empty.expect_silence()
    assert names(empty) == [b"there"]
    assert empty.ask("AT") == OK


def test_mounting(empty: Board) -> None:
    write(empty, "f", b"abc")
    assert empty.ask("AT+FSMOUNT=0") == OK
    assert read(empty, "f") == b"abc"
    assert empty.ask("AT+FSMOUNT=1") == OK
    assert empty.ask("AT+FSMOUNT=1") == OK
    assert read(empty, "f") == b"abc"
    assert empty.ask("AT+FSMOUNT=2") == failure(0x01070000)
    assert empty.ask("AT+FSMOUNT") == failure(0x010C0000)


def test_space(empty: Board) -> None:
    free, total = space(empty)
    assert 0 < free < total
    write(empty, "f", content(100_000))
    less, same = space(empty)
    assert same == total
    assert 100_000 <= free - less < 120_000
    empty.ask('AT+FS=1,0,"f"')
    assert space(empty)[0] == free


def test_full(empty: Board) -> None:
    """The last of many files does not fit: refused before its data, and all others are whole."""
    data = content(60_000)
    count = 0
    while space(empty)[0] > len(data) + 4096:
        assert write(empty, f"f{count}", data) == OK
        count += 1
    assert empty.ask(f'AT+FS=1,1,"last",0,{len(data)}') == failure(0x010A0000 | FULL)
    assert len(names(empty)) == count > 2
    digest = hashlib.md5(data).hexdigest().encode()
    for number in range(count):
        assert empty.ask(f'AT+FS=1,5,"f{number}"') == b"+FS:%s\r\n" % digest + OK
    empty.restart()
    assert len(names(empty)) == count


def test_files_survive_a_reset(empty: Board) -> None:
    data = content(10_000)
    write(empty, "f", data)
    empty.restart()
    assert read(empty, "f") == data


def test_files_and_state(
    boot: Callable[..., SimBoard], connect: Callable[..., Board], tmp_path
) -> None:
    """Files stay in --state, and a restored board still has them: they are the host's."""
    data = content(10_000)
    sim = boot(state=tmp_path / "state")
    assert write(connect(sim), "f", data) == OK
    sim.stop()
    board = connect(boot(state=tmp_path / "state"))
    assert read(board, "f") == data
    board.restart(b"AT+RESTORE")
    assert read(board, "f") == data


def test_a_power_cut_while_writing(dut: Board, sim: SimBoard) -> None:
    old = content(10_000)
    write(dut, "f", old)
    for sent in (0, 100, 5000, 40_000):
        dut.send_line('AT+FS=1,1,"f",0,100000')
        dut.expect(b">")
        dut.write(content(sent, 2))
        sim.reset()
        dut.discard()
        dut.synchronise()
        assert read(dut, "f") == old


@pytest.mark.parametrize("offset", [0, 5000])
def test_a_power_cut_while_writing_a_new_file(dut: Board, sim: SimBoard, offset: int) -> None:
    free = space(dut)
    for sent in (0, 100, 5000, 40_000):
        dut.send_line(f'AT+FS=1,1,"f",{offset},100000')
        dut.expect(b">")
        dut.write(content(sent, 2))
        sim.reset()
        dut.discard()
        dut.synchronise()
        assert names(dut) == []
        assert space(dut) == free
    assert write(dut, "f", content(10_000)) == OK
    assert read(dut, "f") == content(10_000)


def test_busy_while_a_file_goes_out(empty: Board) -> None:
    """What the board has to say meanwhile waits until the counted bytes are out."""
    data = content(300_000)
    write(empty, "f", data)
    empty.send_line('AT+FS=1,2,"f",0,300000')
    empty.expect(b"+FS:300000,")
    empty.send_line("AT")
    assert empty.read(300_000) == data
    empty.read_until(OK)


@pytest.mark.timeout(300)
def test_a_restart_does_not_wait_for_a_file(
    boot: Callable[..., SimBoard], connect: Callable[..., Board]
) -> None:
    """100 KB take 9 s at 115200 baud."""
    board = connect(boot(baud_pacing=True))
    write(board, "f", content(100_000))
    board.send_line('AT+FS=1,2,"f",0,100000')
    board.expect(b"+FS:100000,")
    board.send_line("AT+RST")
    board.read_until(b"\r\nWill force to restart!!!\r\n", timeout=6)
    board.read_until(b"\r\nready\r\n", timeout=5)


def test_a_filter_sees_the_head_only(empty: Board) -> None:
    data = b"\r\n+FS:3,\r\nOK\r\n" * 300
    write(empty, "f", data)
    empty.send_line("AT+SYSMSGFILTERCFG=1,12,0")
    empty.expect_prompt()
    empty.write(b"^+FS:[0-9]*,")
    empty.expect(OK)
    assert empty.ask("AT+SYSMSGFILTER=1") == OK
    empty.send_line('AT+FS=1,2,"f",0,100000')
    empty.expect(data + OK)


@given(st.binary(max_size=70))
def test_no_name_leaves_the_folder(name: bytes) -> None:
    written = name.replace(b"\\", b"\\\\").replace(b'"', b'\\"')
    try:
        path = argument(Args(b'"%s"' % written), 0)
    except AtError:
        return
    assert 0 < len(name) <= 64
    assert path.encode() == name
    assert path not in (".", "..")
    assert not set("/\\\0\r\n") & set(path)
