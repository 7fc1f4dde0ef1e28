"""AT+CIUPDATE and AT+CIPFWVER: what the update server of the board's data has."""

import hashlib
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from espat_host.build import update_package
from espat_host.client.board import Board
from espat_host.local_world.raw_server import Connection, RawServer, drip, read_request, send
from espat_host.local_world.servers import Servers
from host_tests.build import updates
from host_tests.build.updates import (
    CRASHES,
    ERROR,
    OK,
    PATIENCE,
    READY,
    Site,
    failure,
    free,
    hash_of,
    restarted,
    wait_until,
    write_board,
)

REFUSED, ABORTED, NO_WIFI, LOOKUP = 0x7002, 0x7010, 0x700F, 0x7001
NO_PACKAGE, CHECKSUM, UPDATING, NO_UPDATES, NO_VERSION = 0x7030, 0x7031, 0x7033, 0x7034, 0x7035
HEAD = b"HTTP/1.1 200 OK\r\n"
GOOD = updates.package("abc0001")

pytestmark = [pytest.mark.sim_only, pytest.mark.timeout(400)]

Make = Callable[..., Board]


def steps(*numbers: int) -> bytes:
    return b"".join(b"+CIPUPDATE:%d\r\n" % number for number in numbers)


def publish(site: Site, *names: str) -> None:
    for name in names:
        update_package.publish(updates.package(name), name, site.folder)


@pytest.fixture
def board_of(boot: Callable[..., object], connect: Make, tmp_path: Path) -> Make:
    """Boards in their network whose data name an update server: board_of("http://...")."""
    count = [0]

    def make(url: str, text: str = "", heap: str = "default") -> Board:
        count[0] += 1
        folder = write_board(tmp_path / f"board{count[0]}", f"UPDATE_URL = {url!r}\n{text}")
        board = connect(boot(board=folder, heap=heap))
        board.join("espressif", "1234567890")
        board.ask("AT+CWAUTOCONN=0")  # or what it reports after a restart could come at any moment
        board.ask("AT+SYSLOG=1")
        return board

    return make


def test_the_newest(board_of: Make, site: Site) -> None:
    publish(site, "abc0001", "abc0002")
    board = board_of(site.url)
    assert board.ask("AT+CIUPDATE?") == b"+CIUPDATE:0\r\n" + OK
    assert board.ask("AT+CIUPDATE", PATIENCE) == steps(1, 2, 3, 4) + OK
    restarted(board)
    assert hash_of(board) == "abc0002"
    assert site.requests == ["/latest", "/espat-abc0002.package"]
    assert board.ask("AT+CIUPDATE?") == b"+CIUPDATE:0\r\n" + OK


@pytest.mark.parametrize("line", ["AT+CIUPDATE=0", 'AT+CIUPDATE=0,"","ota",0', "AT+CIUPDATE=0,,,"])
def test_the_newest_with_parameters(board_of: Make, site: Site, line: str) -> None:
    publish(site, "abc0001", "abc0002")
    board = board_of(site.url + "/")
    assert board.ask(line, PATIENCE) == steps(1, 2, 3, 4) + OK
    restarted(board)
    assert hash_of(board) == "abc0002"


def test_a_version(board_of: Make, site: Site) -> None:
    publish(site, "abc0001", "abc0002")
    board = board_of(site.url)
    assert board.ask('AT+CIUPDATE=0,"abc0001"', PATIENCE) == steps(1, 4) + OK
    restarted(board)
    assert hash_of(board) == "abc0001"


def test_the_versions_there_are(board_of: Make, site: Site) -> None:
    publish(site, "abc0001", "abc0002", "abc0001")
    board = board_of(site.url)
    listed = b'+CIPFWVER:"abc0001"\r\n+CIPFWVER:"abc0002"\r\n' + OK
    assert board.ask("AT+CIPFWVER?") == listed
    assert board.ask("AT+CIUPDATE?") == b"+CIUPDATE:0\r\n" + OK


def test_beside_other_commands(board_of: Make, raw_server: RawServer, servers: Servers) -> None:
    """The server takes its time; meanwhile the device serves its host. (A plain chip has no room
    for a request beside an update.)"""
    enough = threading.Event()
    offer_slowly(raw_server, GOOD, enough)
    board = board_of(raw_server.url, heap="8m")
    assert board.ask("AT+CIUPDATE=0,,,1") == OK
    board.read_until(steps(1, 2, 3), PATIENCE)
    for _ in range(3):
        reply = board.request(f'AT+HTTPCGET="{servers.http}/bytes/3000?seed=1"')
        assert reply.ok
        assert len(reply.body) == 3000
    assert board.ask("AT+CIUPDATE?") == b"+CIUPDATE:3\r\n" + OK
    assert board.ask("AT+CIUPDATE=0,,,1") == failure(UPDATING)
    assert board.ask("AT+CIUPDATE") == failure(UPDATING)
    assert board.ask("AT+CIPFWVER?") == failure(UPDATING)
    assert board.ask("AT+USEROTA=10") == failure(UPDATING)
    assert board.ask("AT+CIUPDATE?") == b"+CIUPDATE:3\r\n" + OK
    enough.set()
    board.expect(steps(4), PATIENCE)
    assert board.ask("AT+CIUPDATE?") == b"+CIUPDATE:4\r\n" + OK
    assert hash_of(board) != "abc0001"
    board.expect_silence()  # no restart: that is the host's to choose
    board.restart()
    assert hash_of(board) == "abc0001"


def offer_slowly(server: RawServer, package: bytes, enough: threading.Event) -> None:
    """The last quarter takes until the test has done `enough`, or half a minute."""

    def slowly(connection: Connection) -> None:
        for start in range(0, len(package), 1000):
            connection.sock.sendall(package[start : start + 1000])
            enough.wait(0.02 if start < len(package) * 3 // 4 else 0.7)

    entry = b"abc0001 %s p\n" % hashlib.sha256(package).hexdigest().encode()
    length = b"Content-Length: %d\r\n\r\n"
    server.script(
        read_request,
        send(HEAD + length % len(entry) + entry),
        read_request,
        send(HEAD + length % len(package)),
        slowly,
    )


def test_a_failure_beside_other_commands(board_of: Make, site: Site) -> None:
    site.offer("latest", b"abc0001 %s p\n" % (b"0" * 64))
    site.offer("p", GOOD)
    board = board_of(site.url)
    assert board.ask('AT+CIUPDATE=0,"abc0001",,1') == OK
    board.read_until(steps(1, -1), PATIENCE)
    assert board.ask("AT+CIUPDATE?") == b"+CIUPDATE:-1\r\n" + OK
    site.offer("latest", b"abc0001 %s p\n" % hashlib.sha256(GOOD).hexdigest().encode())
    assert board.ask("AT+CIUPDATE", PATIENCE) == steps(1, 2, 3, 4) + OK


def test_a_restart_in_the_middle(board_of: Make, raw_server: RawServer) -> None:
    offer_slowly(raw_server, GOOD, threading.Event())
    board = board_of(raw_server.url)
    before = hash_of(board)
    assert board.ask("AT+CIUPDATE=0,,,1") == OK
    board.read_until(steps(1, 2, 3), PATIENCE)
    board.restart()
    assert hash_of(board) == before
    assert board.ask("AT+CIUPDATE?") == b"+CIUPDATE:0\r\n" + OK


def test_its_time_is_limited(board_of: Make, raw_server: RawServer) -> None:
    raw_server.script(
        read_request, send(HEAD + b"Content-Length: 9999\r\n\r\n"), drip(b"x" * 9999, 0.05, 1)
    )
    board = board_of(raw_server.url, "UPDATE_SECONDS = 5")
    assert board.ask("AT+CIUPDATE", PATIENCE) == steps(1, 2) + failure(ABORTED)
    assert board.ask("AT+CIUPDATE?") == b"+CIUPDATE:-1\r\n" + OK
    assert board.ask("AT+CIPFWVER?", PATIENCE) == failure(ABORTED)


LISTS = {
    "nothing": b"",
    "empty lines": b"\n\n",
    "a web page": b"<html>hello</html>",
    "no checksum": b"abc0001 p\n",
    "half a checksum": b"abc0001 abcd p\n",
    "a way out": b"abc0001 %s ../p\n" % (b"0" * 64),
    "a path": b"abc0001 %s /p\n" % (b"0" * 64),
    "a hidden file": b"abc0001 %s .p\n" % (b"0" * 64),
    "a quote": b'abc"1 %s p\n' % (b"0" * 64),
    "too much": b"abc0001 %s p\n" % (b"0" * 64) * 40,
}


def test_lists_that_are_none(board_of: Make, site: Site) -> None:
    board = board_of(site.url)
    for name, text in LISTS.items():
        site.offer("latest", text)
        assert board.ask("AT+CIUPDATE", PATIENCE) == steps(1, 2) + failure(NO_VERSION), name
        assert board.ask("AT+CIPFWVER?", PATIENCE) == failure(NO_VERSION), name
    assert board.ask("AT+CIUPDATE?") == b"+CIUPDATE:-1\r\n" + OK


def test_what_the_server_does_not_have(board_of: Make, site: Site) -> None:
    board = board_of(site.url)
    assert board.ask("AT+CIUPDATE") == steps(1) + failure(0x7194)
    assert board.ask("AT+CIPFWVER?") == failure(0x7194)
    publish(site, "abc0001")
    assert board.ask('AT+CIUPDATE=0,"abc0002"') == steps(1) + failure(NO_VERSION)
    (site.folder / "espat-abc0001.package").unlink()
    assert board.ask("AT+CIUPDATE") == steps(1, 2, 3) + failure(0x7194)


def test_another_file_than_the_list_means(board_of: Make, site: Site) -> None:
    publish(site, "abc0001")
    board = board_of(site.url)
    before, room = hash_of(board), free(board)
    site.offer("espat-abc0001.package", updates.package("bad0001", app=CRASHES))
    assert board.ask("AT+CIUPDATE", PATIENCE) == steps(1, 2, 3) + failure(CHECKSUM)
    site.offer("espat-abc0001.package", GOOD[:1000])
    assert board.ask("AT+CIUPDATE", PATIENCE) == steps(1, 2, 3) + failure(CHECKSUM)
    board.restart()
    assert hash_of(board) == before
    assert room - free(board) < 8 * 4096  # the folder lib is new


def test_nobody_is_there(board_of: Make, raw_server: RawServer) -> None:
    raw_server.stop()
    board = board_of(raw_server.url)
    assert board.ask("AT+CIUPDATE") == steps(1) + failure(REFUSED)
    board = board_of("http://nowhere.invalid")
    assert board.ask("AT+CIUPDATE", PATIENCE) == failure(LOOKUP)
    board.ask("AT+CWQAP")
    assert board.ask("AT+CIUPDATE") == failure(NO_WIFI)
    assert board.ask("AT+CIPFWVER?") == failure(NO_WIFI)


@pytest.mark.parametrize("url", ["", "ftp://x", "http://x y"])
def test_a_board_without_a_server(board_of: Make, url: str) -> None:
    board = board_of(url)
    for line in ("AT+CIUPDATE", "AT+CIUPDATE=0", "AT+CIUPDATE=0,,,1", "AT+CIPFWVER?"):
        assert board.ask(line) == failure(NO_UPDATES), line


def test_tls_as_the_boards_data_say(
    board_of: Make, servers: Servers, site: Site, tmp_path: Path
) -> None:
    publish(site, "abc0001")
    with Site(site.folder, servers.authority.issue("127.0.0.1", label="site")) as secure:
        board = board_of(secure.url)
        assert board.ask("AT+CIUPDATE=1", PATIENCE) == steps(1, 2, 3, 4) + OK
        restarted(board)
        board.join("espressif", "1234567890")
        assert board.ask("AT+CIUPDATE", PATIENCE) == steps(1, 2, 3, 4) + OK
    board = board_of(site.url)
    assert board.ask("AT+CIUPDATE=1") == b"ERR CODE:0x01070000\r\n" + ERROR


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("AT+CIUPDATE=2", "01070000"),
        ("AT+CIUPDATE=", "01070000"),
        ("AT+CIUPDATE=0,5", "01050001"),
        (f'AT+CIUPDATE=0,"{"x" * 65}"', "01040001"),
        ('AT+CIUPDATE=0,,"client_ca"', "01070002"),
        ("AT+CIUPDATE=0,,,2", "01070003"),
        ("AT+CIUPDATE=0,,,1,1", "01060405"),
        ("AT+CIPFWVER=0", "010c0000"),
        ("AT+CIPFWVER", "010c0000"),
    ],
)
def test_refusals(asked_dut: Board, line: str, error: str) -> None:
    asked_dut.ask("AT+SYSLOG=1")
    assert asked_dut.ask(line) == b"ERR CODE:0x%s\r\n" % error.encode() + ERROR


def test_a_bad_update_beside_other_commands_goes_back(board_of: Make, site: Site) -> None:
    bad = updates.package("bad0001", app=CRASHES)
    update_package.publish(bad, "bad0001", site.folder)
    board = board_of(site.url)
    before = hash_of(board)
    assert board.ask("AT+CIUPDATE=0,,,1") == OK
    board.read_until(steps(1, 2, 3, 4), PATIENCE)
    assert board.ask("AT+RST") == OK
    restarted(board)
    assert hash_of(board) == before
    wait_until(lambda: board.ask("AT+CIUPDATE?") == b"+CIUPDATE:0\r\n" + OK, "the state")
    assert READY not in board.waiting()


@pytest.mark.parametrize("line", ["AT+CIUPDATE", "AT+CIUPDATE=0,,,1"])
def test_a_server_that_has_moved(
    board_of: Make, raw_server: RawServer, site: Site, line: str
) -> None:
    """Followed if the host wants it, in what runs beside other commands, too."""

    def moved(connection: Connection) -> None:
        path = connection.next_request().split(b" ")[1]
        place = site.url.encode() + path
        connection.sock.sendall(
            b"HTTP/1.1 302 X\r\nContent-Length: 0\r\nLocation: %s\r\n\r\n" % place
        )

    publish(site, "abc0001")
    raw_server.script(moved)
    # A plain chip has no room for that code beside both an update and other commands.
    board = board_of(raw_server.url, heap="8m" if line.endswith("1") else "default")
    assert board.ask("AT+CIUPDATE").endswith(failure(0x712E))
    assert board.ask("AT+HTTPREDIRECT=1") == OK
    assert board.ask("AT+HTTPREPORT=15") == OK
    answer = board.ask(line, PATIENCE)
    if line.endswith("1"):
        assert answer == OK
        assert board.ask("AT+CWMODE?").endswith(OK)
        answer = board.read_until(steps(4), PATIENCE)
        assert b"+HTTP" not in answer
        board.restart()
    else:
        restarted(board)
    assert hash_of(board) == "abc0001"
