"""AT+USEROTA: a new firmware takes the place of the old one, and one that fails gives it back."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from espat_host.client.board import Board
from espat_host.local_world.servers import Servers
from espat_host.sim import SimBoard, SimError
from host_tests.any_board.http.tls_bench import UNKNOWN_CA, code, stranger, verify_by
from host_tests.build import updates
from host_tests.build.updates import (
    CRASHES,
    OK,
    PATIENCE,
    Site,
    free,
    hash_of,
    restarted,
    update,
    wait_until,
)

BLOCK = 4096

pytestmark = [pytest.mark.sim_only, pytest.mark.timeout(400)]


@pytest.fixture
def joined(joined: Board) -> Board:
    """It does not join by itself after a start: what that reports could come at any moment."""
    assert joined.ask("AT+CWAUTOCONN=0") == OK
    return joined


def test_a_new_firmware_takes_over(joined: Board, site: Site) -> None:
    assert hash_of(joined) != "abc0001"
    assert update(joined, site.offer("one", updates.package("abc0001"))) == OK
    restarted(joined)
    assert hash_of(joined) == "abc0001"
    assert site.requests == ["/one"]


def test_an_update_of_the_update(joined: Board, site: Site) -> None:
    """Before the first one has proved itself by time; three of them must fit, one by one."""
    for number in (1, 2, 3):
        name = f"abc000{number}"
        assert update(joined, site.offer(name, updates.package(name))) == OK
        restarted(joined)
        assert hash_of(joined) == name
        joined.join("espressif", "1234567890")
    joined.restart()
    assert hash_of(joined) == "abc0003"


def test_settings_and_files_stay(joined: Board, site: Site) -> None:
    joined.send_line('AT+FS=1,1,"f",0,3')
    joined.expect(b">")
    joined.write(b"abc")
    joined.expect(OK)
    assert update(joined, site.offer("one", updates.package("abc0001"))) == OK
    restarted(joined)
    assert joined.ask('AT+FS=1,2,"f",0,9').startswith(b"+FS:3,abc")
    assert joined.ask("AT+CWJAP").endswith(b"WIFI GOT IP\r\n" + OK)  # the saved network


def test_the_old_firmware_goes_when_the_new_one_is_proven(
    boot: Callable[..., SimBoard], connect: Callable[..., Board], site: Site, tmp_path: Path
) -> None:
    sim = boot(board=updates.write_board(tmp_path / "board", "PROVEN_AFTER = 1"))
    board = connect(sim)
    board.join("espressif", "1234567890")
    assert update(board, site.offer("one", updates.package("abc0001"))) == OK
    restarted(board)
    room = free(board)  # the old one was the image's
    board.join("espressif", "1234567890")
    assert update(board, site.offer("two", updates.package("abc0002"))) == OK
    restarted(board)
    assert hash_of(board) == "abc0002"
    # Empty folders take some blocks too; the firmware takes about a hundred.
    wait_until(lambda: abs(free(board) - room) <= 8 * BLOCK, "the removal of the old firmware")


@pytest.mark.parametrize("module", ["run", "app"])
def test_a_new_firmware_that_crashes_makes_room_for_the_old_one(
    sim: SimBoard, joined: Board, site: Site, module: str
) -> None:
    before = hash_of(joined)
    bad = updates.package("bad0001", **{module: CRASHES})
    assert update(joined, site.offer("bad", bad)) == OK
    restarted(joined)
    assert hash_of(joined) == before
    log = sim.log_path.read_text()
    assert log.count("RuntimeError: the new firmware is no good") == 3
    assert "the new firmware did not come up; going back" in log
    joined.restart()
    assert hash_of(joined) == before
    # And a good one is taken afterwards.
    joined.join("espressif", "1234567890")
    assert update(joined, site.offer("one", updates.package("abc0001"))) == OK
    restarted(joined)
    assert hash_of(joined) == "abc0001"


def test_back_to_an_earlier_update(joined: Board, site: Site) -> None:
    assert update(joined, site.offer("one", updates.package("abc0001"))) == OK
    restarted(joined)
    joined.join("espressif", "1234567890")
    assert update(joined, site.offer("bad", updates.package("bad0001", app=CRASHES))) == OK
    restarted(joined)
    assert hash_of(joined) == "abc0001"


def starts_hang(sim: SimBoard, times: int) -> bool:
    return sim.log_path.read_text().count("hanging") == times


def test_a_new_firmware_that_hangs_goes_after_three_power_cuts(
    sim: SimBoard, joined: Board, site: Site
) -> None:
    before = hash_of(joined)
    hangs = "print('hanging')\nwhile True: pass"
    assert update(joined, site.offer("bad", updates.package("bad0001", app=hangs))) == OK
    for times in (1, 2, 3):
        wait_until(partial(starts_hang, sim, times), f"start {times}")
        if times < 3:
            with pytest.raises(SimError, match="nothing to its port"):
                sim.reset(timeout=0.1)
    sim.reset(timeout=PATIENCE)
    restarted(joined)
    assert hash_of(joined) == before


def test_restarts_that_are_asked_for_do_not_count(joined: Board, site: Site) -> None:
    assert update(joined, site.offer("one", updates.package("abc0001"))) == OK
    restarted(joined)
    for _ in range(5):
        joined.restart()
    assert hash_of(joined) == "abc0001"


def test_over_tls(joined: Board, servers: Servers, tmp_path: Path) -> None:
    """Without AT+HTTPCFG nobody is asked who he is, as for all HTTP commands."""
    with Site(tmp_path, servers.authority.issue("127.0.0.1", label="site")) as site:
        assert update(joined, site.offer("one", updates.package("abc0001"))) == OK
    restarted(joined)
    assert hash_of(joined) == "abc0001"


def test_over_tls_from_a_server_that_is_known(
    joined: Board, servers: Servers, tmp_path: Path
) -> None:
    verify_by(servers.authority, joined)
    pair = stranger(servers.authority).issue("127.0.0.1")
    with Site(tmp_path, pair) as site:
        url = site.offer("one", updates.package("bad0001"))
        assert update(joined, url) == code(UNKNOWN_CA)
        assert site.requests == []
    with Site(tmp_path, servers.authority.issue("127.0.0.1", label="site")) as site:
        assert update(joined, site.offer("one", updates.package("abc0001"))) == OK
    restarted(joined)
    assert hash_of(joined) == "abc0001"
