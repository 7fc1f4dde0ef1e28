"""What AT+USEROTA refuses: packages, servers and parameters; and that nothing changes then."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from espat_host.build import update_package
from espat_host.client.board import Board
from espat_host.local_world.raw_server import (
    RawServer,
    Step,
    drip,
    pause,
    read_request,
    reset,
    send,
    silence,
)
from espat_host.local_world.servers import Servers
from espat_host.sim import SimBoard
from host_tests.build import updates
from host_tests.build.updates import (
    ERROR,
    OK,
    Site,
    failure,
    free,
    hash_of,
    restarted,
    update,
    wait_until,
)

HEAD = b"HTTP/1.1 200 OK\r\n"
MALFORMED, CLOSED, INCOMPLETE, NO_WIFI = 0x7007, 0x7008, 0x700C, 0x700F
FULL, FILE_ERROR = 0x7020, 0x7022
NO_PACKAGE, CHECKSUM, WRONG_PACKAGE = 0x7030, 0x7031, 0x7032

pytestmark = [pytest.mark.sim_only, pytest.mark.timeout(400)]


@pytest.fixture
def joined(joined: Board) -> Board:
    """It does not join by itself after a start: what that reports could come at any moment."""
    assert joined.ask("AT+CWAUTOCONN=0") == OK
    return joined


@pytest.fixture
def ready(joined: Board, site: Site) -> Board:
    """A joined board that tells reasons, and has a folder `lib`, which takes some blocks."""
    joined.ask("AT+SYSLOG=1")
    assert update(joined, site.offer("nothing", b"")) == failure(NO_PACKAGE)
    return joined


def unchanged(board: Board, before: str, room: int) -> None:
    """The old firmware is there, the failed one has left nothing, also after a restart."""
    assert hash_of(board) == before
    assert free(board) == room
    board.restart()
    assert hash_of(board) == before
    assert free(board) == room


GOOD = updates.package("abc0001")
LINE, REST = GOOD.split(b"\n", 1)
WORDS = LINE.split(b" ")
FILES = updates.firmware("abc0001")
BODY = GOOD.rpartition(b"end ")[0]
FIRST = REST[: REST.index(b"\n") + 1 + len(next(iter(FILES.values())))]


def header(**changed: object) -> bytes:
    """The package with other words in its first line, and the checksum that goes with them."""
    names = ("magic", "format", "version", "board", "mpy", "files", "blocks")
    words = dict(zip(names, WORDS, strict=True))
    words |= {name: str(value).encode() for name, value in changed.items()}
    return sealed(b" ".join(words.values()) + b"\n" + BODY[len(LINE) + 1 :])


def sealed(start: bytes) -> bytes:
    return start + b"end %s\n" % hashlib.sha256(start).hexdigest().encode()


def with_path(path: str) -> bytes:
    """The package with one file more, which its path leads elsewhere."""
    return update_package.build(FILES | {path: FILES["espat/app.mpy"]}, "abc0001")


BAD: dict[str, tuple[bytes, int]] = {
    "empty": (b"", NO_PACKAGE),
    "a web page": (b"<html>\n" * 1000, NO_PACKAGE),
    "one long line": (b"x" * 100_000, NO_PACKAGE),
    "wrong magic": (b"X" + GOOD[1:], NO_PACKAGE),
    "a later format": (header(format=2), NO_PACKAGE),
    "no number": (header(files="9_5"), NO_PACKAGE),
    "a file is missing": (header(files=len(FILES) + 1), NO_PACKAGE),
    "a file too many": (header(files=len(FILES) - 1), NO_PACKAGE),
    "another .mpy version": (header(mpy=5), WRONG_PACKAGE),
    "another board": (header(board="toaster"), WRONG_PACKAGE),
    "more than fits": (header(blocks=99999), FULL),
    "cut short": (GOOD[:50_000], NO_PACKAGE),
    "without its end": (BODY, NO_PACKAGE),
    "cut in its end": (GOOD[:-1], NO_PACKAGE),
    "more behind its end": (GOOD + b"\n", NO_PACKAGE),
    "twice": (GOOD + GOOD, NO_PACKAGE),
    "a damaged byte": (GOOD[:60_000] + bytes([GOOD[60_000] ^ 1]) + GOOD[60_001:], CHECKSUM),
    "a damaged version": (LINE.replace(b"abc", b"xbc") + b"\n" + REST, CHECKSUM),
    "a damaged end": (GOOD[:-3] + b"zz\n", NO_PACKAGE),
    "another end": (BODY + b"end %s\n" % (b"0" * 64), CHECKSUM),
    "without what starts it": (
        update_package.build({k: v for k, v in FILES.items() if k != "espat/run.mpy"}, "a"),
        NO_PACKAGE,
    ),
    "the same file twice": (
        sealed(header(files=len(FILES) + 1).rpartition(b"end ")[0] + FIRST),
        FILE_ERROR,
    ),
}
PATHS = (
    "../main.mpy",
    "espat/../../main.mpy",
    "/espat/x.mpy",
    "espat//x.mpy",
    "espat/./x.mpy",
    "espat.mpy",
    "espat_start.mpy",
    "other/x.mpy",
    "espat/x.py",
    "espat/.mpy",
    "espat/X.mpy",
    "espat/x\\y.mpy",
    "espat/" + "x" * 100 + ".mpy",
)
BAD |= {f"path {path[:24]}": (with_path(path), NO_PACKAGE) for path in PATHS}


def test_bad_packages_change_nothing(ready: Board, site: Site) -> None:
    """One board for all: each also shows that the one before has left nothing behind."""
    before, room = hash_of(ready), free(ready)
    for name, (data, reason) in BAD.items():
        assert update(ready, site.offer("bad", data)) == failure(reason), name
        assert (free(ready), ready.ask("AT")) == (room, OK), name
    unchanged(ready, before, room)


HANGS_UP: dict[str, tuple[tuple[Step, ...], int]] = {
    "404": ((read_request, send(b"HTTP/1.1 404 X\r\nContent-Length: 4\r\n\r\nsad!")), 0x7194),
    "a redirect": ((read_request, send(b"HTTP/1.1 302 X\r\nContent-Length: 0\r\n\r\n")), 0x712E),
    "closes at once": ((), CLOSED),
    "no HTTP": ((read_request, send(b"hello\r\n\r\n")), MALFORMED),
    "closes early": (
        (read_request, send(HEAD + b"Content-Length: %d\r\n\r\n" % len(GOOD) + GOOD[:50_000])),
        INCOMPLETE,
    ),
    "closes early, without a length": (
        (read_request, send(HEAD + b"\r\n" + GOOD[:50_000])),
        NO_PACKAGE,
    ),
    "resets": (
        (read_request, send(HEAD + b"\r\n" + GOOD[:50_000]), pause(2), reset),
        CLOSED,
    ),
}


@pytest.mark.parametrize("name", HANGS_UP)
def test_a_server_that_breaks_off(ready: Board, raw_server: RawServer, name: str) -> None:
    steps, reason = HANGS_UP[name]
    before, room = hash_of(ready), free(ready)
    raw_server.script(*steps)
    assert update(ready, raw_server.url) == failure(reason)
    unchanged(ready, before, room)


def test_a_package_in_small_pieces(ready: Board, raw_server: RawServer) -> None:
    raw_server.script(read_request, send(HEAD + b"\r\n"), drip(GOOD, 0, 97))
    assert update(ready, raw_server.url) == OK
    restarted(ready)
    assert hash_of(ready) == "abc0001"


def test_a_full_flash(ready: Board, site: Site, servers: Servers) -> None:
    size = free(ready) - 80_000  # an update needs more than that
    url = f"{servers.http}/bytes-stream/{size}?seed=4"
    ready.send_line(f'AT+HTTPGET_TO_FS="f",{len(url)}')
    ready.expect_prompt()
    ready.write(url.encode())
    assert ready.reply(30).ok
    before, room = hash_of(ready), free(ready)
    assert update(ready, site.offer("one", GOOD)) == failure(FULL)
    # One that says it needs less fails where the space ends.
    assert update(ready, site.offer("liar", header(blocks=1))) == failure(FULL)
    unchanged(ready, before, room)


def test_a_power_cut_in_an_update(
    boot: Callable[..., SimBoard],
    connect: Callable[..., Board],
    raw_server: RawServer,
    tmp_path: Path,
) -> None:
    sim = boot(board=updates.write_board(tmp_path / "board", "PROVEN_AFTER = 1"))
    board = connect(sim)
    board.join("espressif", "1234567890")
    raw_server.script(read_request, send(HEAD + b"\r\n"))
    update(board, raw_server.url)
    before, room = hash_of(board), free(board)
    raw_server.script(read_request, send(HEAD + b"\r\n" + GOOD[:70_000]), silence)
    board.send_line(f"AT+USEROTA={len(raw_server.url)}")
    board.expect_prompt()
    board.write(raw_server.url.encode())
    board.expect(b"\r\nRecv %d bytes\r\n" % len(raw_server.url))
    board.expect_silence(0.5)
    sim.reset()
    board.discard()
    board.synchronise()
    wait_until(lambda: free(board) >= room, "the removal of the half package")
    unchanged(board, before, room)


def test_not_joined(dut: Board, site: Site) -> None:
    dut.ask("AT+SYSLOG=1")
    assert update(dut, site.offer("one", GOOD)) == failure(NO_WIFI)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("AT+USEROTA", "010c0000"),
        ("AT+USEROTA?", "010c0000"),
        ("AT+USEROTA=0", "01070000"),
        ("AT+USEROTA=8193", "01070000"),
        ("AT+USEROTA=5,5", "01060102"),
        ('AT+USEROTA="x"', "01050000"),
    ],
)
def test_refusals(ready: Board, line: str, code: str) -> None:
    assert ready.ask(line) == b"ERR CODE:0x%s\r\n" % code.encode() + ERROR
    ready.expect_silence()


@pytest.mark.parametrize("url", ["ftp://x/y", "http://x/a b", "xx", "http://u:p@q@x/"])
def test_bad_urls(ready: Board, url: str) -> None:
    assert update(ready, url) == b"ERR CODE:0x01070000\r\n" + ERROR
    assert ready.ask("AT") == OK
