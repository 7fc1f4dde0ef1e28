"""Each setting that is saved: across a restart and a new start, with AT+SYSSTORE=0, after
AT+RESTORE, when the stored value is damaged, and how often the flash is written."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from espat_host.client.board import Board
from espat_host.sim import SimBoard
from host_tests.sim_only.saved_settings import ERROR, KEYS, OK, SETTINGS, files, fill_up

pytestmark = pytest.mark.sim_only

Boot = Callable[..., SimBoard]
Connect = Callable[..., Board]
FULL = b"ERR CODE:0x010a7024\r\n" + ERROR
# What a damaged record may hold behind its type: nothing, a bit, no text, numbers out of range.
DAMAGE = (b"", b"\x00", b"\xff\xfe,?", b"\xff\xff\xff\x7f", b"-1,1_0,,", b"9" * 600)
CHANGED_TYPE = b"\x01\x00\x00\x00"


def test_restore_forgets_every_key(boot: Boot, connect: Connect, tmp_path: Path) -> None:
    board = connect(boot(state=tmp_path))
    for setting in SETTINGS.values():
        setting.prepare(board)
        setting.set(board, setting.new)
    assert {path.name for path in files(tmp_path).iterdir()} == KEYS
    board.restart(b"AT+RESTORE")
    assert not list(files(tmp_path).iterdir())


@pytest.mark.parametrize("name", SETTINGS)
def test_across_a_restart_and_a_new_start(
    boot: Boot, connect: Connect, tmp_path: Path, name: str
) -> None:
    setting = SETTINGS[name]
    sim = boot(state=tmp_path)
    board = connect(sim)
    setting.prepare(board)
    default = setting.read(board)
    setting.set(board, setting.old)
    setting.set(board, setting.new)
    shown = setting.read(board)
    assert shown != default
    board.restart()
    assert setting.read(board) == shown
    sim.stop()
    assert setting.read(connect(boot(state=tmp_path))) == shown


@pytest.mark.parametrize("name", SETTINGS)
def test_sysstore_and_restore(dut: Board, name: str) -> None:
    setting = SETTINGS[name]
    default = setting.read(dut)
    setting.prepare(dut)
    setting.set(dut, setting.old)
    old = setting.read(dut)
    assert dut.ask("AT+SYSSTORE=0") == OK
    setting.set(dut, setting.new)
    new = setting.read(dut)
    dut.restart()
    assert setting.read(dut) == (new if setting.always else old)
    dut.restart(b"AT+RESTORE")
    assert setting.read(dut) == default


@pytest.mark.parametrize("name", SETTINGS)
def test_what_does_not_change_is_not_written(
    boot: Boot, connect: Connect, tmp_path: Path, name: str
) -> None:
    setting = SETTINGS[name]
    board = connect(boot(state=tmp_path))
    setting.prepare(board)
    setting.set(board, setting.new)
    setting.read(board)
    before = written(tmp_path)
    setting.set(board, setting.new)
    setting.read(board)
    board.restart()
    setting.read(board)
    assert written(tmp_path) == before
    setting.set(board, setting.old)
    changed = {path for path, write in written(tmp_path).items() if write != before.get(path)}
    assert changed == ({setting.key} if setting.old != setting.new else set())


def written(state: Path) -> dict[str, tuple[int, int]]:
    """The last write of each key: a new file in the old one's place."""
    stats = {path.name: path.stat() for path in files(state).iterdir()}
    return {key: (stat.st_ino, stat.st_mtime_ns) for key, stat in stats.items()}


@pytest.mark.soak(2, 9)  # records of each setting; together they are all of them
@pytest.mark.parametrize("name", SETTINGS)
def test_a_damaged_value_is_the_default(
    boot: Boot, connect: Connect, tmp_path: Path, name: str, amount: int
) -> None:
    setting = SETTINGS[name]
    sim = boot(state=tmp_path / "whole")
    board = connect(sim)
    setting.prepare(board)
    default = setting.read(board)
    setting.set(board, setting.new)
    if setting.key != "sysmsg":
        assert board.ask("AT+SYSMSG=3") == OK
    sim.stop()
    whole = (files(tmp_path / "whole") / setting.key).read_bytes()
    other = b"b" if whole[:1] == b"i" else b"i"
    records = [b"", b"x", other + CHANGED_TYPE, *(whole[:1] + tail for tail in DAMAGE)]
    first = amount * list(SETTINGS).index(name)
    for number in range(amount):
        record = records[(first + number) % len(records)]
        state = tmp_path / str(number)
        shutil.copytree(tmp_path / "whole" / "nvs", state / "nvs")
        shutil.copy(tmp_path / "whole" / "efuse", state)
        (files(state) / setting.key).write_bytes(record)
        sim = boot(state=state)
        board = connect(sim)
        assert setting.read(board) == default, record
        if setting.key != "sysmsg":
            assert board.ask("AT+SYSMSG?") == b"+SYSMSG:3" + OK, "others are as they were"
        setting.prepare(board)
        setting.set(board, setting.new)
        sim.stop()
        assert (files(state) / setting.key).read_bytes() == whole


class TestAFullFlash:
    @pytest.mark.parametrize("name", [n for n, s in SETTINGS.items() if s.old != s.new])
    def test_the_old_value_stays(
        self, boot: Boot, connect: Connect, tmp_path: Path, name: str
    ) -> None:
        setting = SETTINGS[name]
        board = connect(boot(state=tmp_path))
        setting.prepare(board)
        setting.set(board, setting.old)
        old = setting.read(board)
        board.ask("AT+SYSLOG=1")
        fill_up(tmp_path)
        assert board.ask(setting.new).endswith(FULL)
        assert board.ask("AT") == OK
        board.restart()
        assert setting.read(board) == old

    @pytest.mark.parametrize("name", SETTINGS)
    def test_not_even_the_namespace_fits(
        self, boot: Boot, connect: Connect, tmp_path: Path, name: str
    ) -> None:
        setting = SETTINGS[name]
        filler = fill_up(tmp_path)
        board = connect(boot(state=tmp_path))
        board.ask("AT+SYSLOG=1")
        board.ask("AT+SYSSTORE=0")
        for line in setting.before:
            board.ask(line)  # what is saved always is refused here
        board.ask("AT+SYSSTORE=1")
        assert board.ask(setting.new).endswith(FULL)
        filler.unlink()
        setting.prepare(board)
        setting.set(board, setting.new)
        shown = setting.read(board)
        board.restart()
        assert setting.read(board) == shown

    def test_restore_makes_room(self, boot: Boot, connect: Connect, tmp_path: Path) -> None:
        board = connect(boot(state=tmp_path))
        assert board.ask("AT+CWMODE=3") == OK
        fill_up(tmp_path)
        board.restart(b"AT+RESTORE")
        assert board.ask("AT+CWMODE?") == b"+CWMODE:1\r\n" + OK

    def test_restore_with_nothing_to_erase(
        self, boot: Boot, connect: Connect, tmp_path: Path
    ) -> None:
        fill_up(tmp_path)
        board = connect(boot(state=tmp_path))
        board.restart(b"AT+RESTORE")
        assert board.ask("AT") == OK
