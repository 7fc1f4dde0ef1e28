"""The access point's settings that last: over a reset and a new start, and what is not sound."""

import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from espat_host.client.board import Board
from espat_host.sim import SimBoard
from host_tests.sim_only.wifi.access_point_answers import OK, address

pytestmark = pytest.mark.sim_only

SAVED = {
    # set: (query, its answer)
    'AT+CWSAP="ESP","1234567890",5,3': (
        "AT+CWSAP?",
        b'+CWSAP:"ESP","1234567890",5,3,4,0\r\n' + OK,
    ),
    'AT+CWSAP="\\"a\\,b\\" \xe9","password",13,4,10,1': (
        "AT+CWSAP?",
        b'+CWSAP:""a,b" \xe9","password",13,4,10,1\r\n' + OK,
    ),
    'AT+CIPAP="192.168.5.1","192.168.5.2","255.255.0.0"': (
        "AT+CIPAP?",
        address(b"192.168.5.1", b"192.168.5.2", b"255.255.0.0"),
    ),
    'AT+CIPAPMAC="02:11:22:33:44:66"': (
        "AT+CIPAPMAC?",
        b'+CIPAPMAC:"02:11:22:33:44:66"\r\n' + OK,
    ),
    "AT+CWAPPROTO=3": ("AT+CWAPPROTO?", b"+CWAPPROTO:3" + OK),
}


def stored(state: Path) -> dict[str, Path]:
    """The files of the settings, by key; without the mode."""
    files = {path.name: path for path in (state / "nvs" / "espat").iterdir()}
    files.pop("cwmode")
    return files


def ask(board: Board, line: str) -> bytes:
    return board.ask(line.encode("latin-1"))


@pytest.mark.parametrize("command", SAVED)
class TestSaving:
    def test_across_a_reset(self, access_point: Board, command: str) -> None:
        query, shown = SAVED[command]
        assert access_point.ask(query) != shown
        assert ask(access_point, command) == OK
        assert access_point.ask(query) == shown
        access_point.restart()
        assert access_point.ask(query) == shown

    def test_across_a_new_start(
        self,
        boot: Callable[..., SimBoard],
        connect: Callable[..., Board],
        tmp_path: Path,
        command: str,
    ) -> None:
        query, shown = SAVED[command]
        first = boot(state=tmp_path)
        board = connect(first)
        assert board.ask("AT+CWMODE=2") == OK
        assert ask(board, command) == OK
        first.stop()
        assert connect(boot(state=tmp_path)).ask(query) == shown

    def test_over_a_time_without_the_access_point(self, access_point: Board, command: str) -> None:
        query, shown = SAVED[command]
        assert access_point.ask("AT+SYSSTORE=0") == OK
        assert ask(access_point, command) == OK
        for mode in (0, 2, 1, 3):
            assert access_point.ask(f"AT+CWMODE={mode}") == OK
        assert access_point.ask(query) == shown

    def test_from_a_boot_without_the_access_point(self, access_point: Board, command: str) -> None:
        query, shown = SAVED[command]
        assert ask(access_point, command) == OK
        assert access_point.ask("AT+CWMODE=1") == OK
        access_point.restart()
        assert access_point.ask("AT+CWMODE=2") == OK
        assert access_point.ask(query) == shown

    def test_not_without_sysstore(self, access_point: Board, command: str) -> None:
        query, shown = SAVED[command]
        before = access_point.ask(query)
        assert access_point.ask("AT+SYSSTORE=0") == OK
        assert ask(access_point, command) == OK
        assert access_point.ask(query) == shown
        access_point.restart()
        assert access_point.ask(query) == before

    def test_restore(self, access_point: Board, command: str) -> None:
        query, _ = SAVED[command]
        before = access_point.ask(query)
        assert ask(access_point, command) == OK
        access_point.restart(b"AT+RESTORE")
        assert access_point.ask("AT+CWMODE?") == b"+CWMODE:1\r\n" + OK
        assert access_point.ask("AT+CWMODE=3") == OK
        assert access_point.ask(query) == before

    def test_a_damaged_value_does_not_stop_the_boot(
        self,
        boot: Callable[..., SimBoard],
        connect: Callable[..., Board],
        tmp_path: Path,
        command: str,
    ) -> None:
        query, shown = SAVED[command]
        first = boot(state=tmp_path)
        board = connect(first)
        assert board.ask("AT+CWMODE=3") == OK
        before = board.ask(query)
        assert ask(board, command) == OK
        first.stop()
        values = stored(tmp_path)
        assert values
        for value in values.values():
            kind = value.read_bytes()[:1]
            value.write_bytes(kind + (b"\xff\xfe,?" if kind == b"b" else b"\xff\xff\xff\x7f"))
        assert connect(boot(state=tmp_path)).ask(query) == before != shown

    def test_written_only_when_it_changes(
        self,
        boot: Callable[..., SimBoard],
        connect: Callable[..., Board],
        tmp_path: Path,
        command: str,
    ) -> None:
        board = connect(boot(state=tmp_path))
        assert board.ask("AT+CWMODE=2") == OK
        assert ask(board, command) == OK
        (written,) = stored(tmp_path).values()
        before = written.stat()
        assert ask(board, command) == OK
        after = written.stat()  # a new file in the old one's place, if it was written
        assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


DAMAGED = {
    # key: values that make no sense, or that the driver refuses
    "cwsap": [
        b"b" + blob
        for blob in (
            b"",
            b",,1,0,4,0",
            b"4553,,1,0,4",
            b"4553,,1,1,4,0",
            b"4553,3132,1,3,4,0",
            b"4553,,15,0,4,0",
            b"4553,,1,0,11,0",
            b"4553,,1,0,4,2",
            b"455,,1,0,4,0",
            b"4553,,x,0,4,0",
            b"45" * 33 + b",,1,0,4,0",
        )
    ],
    "cipap": [
        b"b" + blob
        for blob in (
            b"192.168.5.1",
            b"192.168.5.256,255.255.255.0,192.168.5.1",
            b"192.168.5.1,255.0.255.0,192.168.5.1",
            b"192.168.5.0,255.255.255.0,192.168.5.1",
        )
    ],
    "cipapmac": [b"b\x03\x11\x22\x33\x44\x55", b"b\x02\x11"],
    "cwapproto": [b"i" + struct.pack("<i", value) for value in (0, -1, 2, 32)],
}


@pytest.mark.parametrize(
    ("key", "value"), [(key, value) for key, values in DAMAGED.items() for value in values]
)
def test_a_value_without_sense_is_passed_over(
    boot: Callable[..., SimBoard],
    connect: Callable[..., Board],
    tmp_path: Path,
    key: str,
    value: bytes,
) -> None:
    queries = ("AT+CWSAP?", "AT+CIPAP?", "AT+CIPAPMAC?", "AT+CWAPPROTO?")
    first = boot(state=tmp_path)
    board = connect(first)
    assert board.ask("AT+CWMODE=2") == OK
    defaults = [board.ask(query) for query in queries]
    first.stop()
    (tmp_path / "nvs" / "espat" / key).write_bytes(value)
    board = connect(boot(state=tmp_path))
    assert [board.ask(query) for query in queries] == defaults
