"""Calls that are wrong, of all commands: each ends with its exit code and one sentence that says
what to do. There is no traceback, nothing is left behind, and the terminal is as it was."""

import os
import shlex
import termios
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from espat_host.cli import main
from espat_host.client.board import Board
from espat_host.dialogues import repertoire
from espat_host.dialogues.pty_screen import PtyScreen
from espat_host.local_world.raw_server import RawServer
from espat_host.local_world.servers import Servers
from espat_host.sim import SimBoard
from host_tests.cli.process import ESPAT, LIMIT, environment, run
from host_tests.client.fake_board import FakeBoard

pytestmark = pytest.mark.sim_only

# The call, its exit code, and words of the sentence: what is wrong, and what to do. {at} is a
# board's AT port, {silent} one at which nobody answers, {url} and {https} are servers.
CALLS: tuple[tuple[str, int, str], ...] = (
    ("nosuch", 2, "no such command 'nosuch' (see `espat --help`)"),
    ("--nothing", 2, "no such option '--nothing'"),
    # get and its like
    ("get", 2, "missing argument 'URL' (see `espat get --help`)"),
    ("get {url} more", 2, "got unexpected extra argument (more)"),
    ("get --nothing {url}", 2, "no such option '--nothing'"),
    ("get example.com", 3, "it begins with http:// or https://"),
    ("get ftp://example.com/", 3, "it begins with http:// or https://"),
    ("get 'http://a b/'", 3, "write them as %20"),
    ("get http://example.com:99999/", 3, "a port is a number from 1 to 65535"),
    ("get http://example.com:http/", 3, "a port is a number from 1 to 65535"),
    ("get http://:80/", 3, "a host has letters, digits, dots and hyphens"),
    ("get http://ann:secret@example.com:0/", 3, "a port is a number from 1 to 65535"),
    ("get --port /dev/nowhere {url}", 2, "there is no port /dev/nowhere; `espat ports` lists"),
    ("get --port / {url}", 2, "/ is no serial port; `espat ports` lists"),
    ("get --port {silent} --patience 1 {url}", 2, "`espat ports` tells what is there"),
    ("get --port {at} --sim {url}", 2, "the board is simulated or at a port"),
    ("get --port {at} --baud fast {url}", 2, "'fast' is not a valid integer range"),
    ("get --port {at} --baud 7 {url}", 2, "7 is not in the range 80<=x<=5000000"),
    ("get --port {at} --password short {url}", 2, "--password: a network's password has 8 to 64"),
    ("get --port {at} --ssid '' {url}", 2, "--ssid: the name of a network has 1 to 32 bytes"),
    ("get --port {at} -H nonsense {url}", 2, "a header is like 'Accept: text/plain'"),
    ("get --port {at} -H 'A b: c' {url}", 3, "'A b' is no name of a header"),
    ("get --port {at} -X 'PAT CH' {url}", 2, "'PAT CH' is no method to send"),
    ("get --port {at} -d x {url}", 2, "use espat post, espat put or -X"),
    ("get --port {at} -i -C -o f {url}", 2, "leave one of them out"),
    ("get --port {at} -O {url}", 2, "name one with -o"),
    ("get --port {at} -O -o f {url}", 2, "leave one of them out"),
    ("get --port {at} -C {url}", 2, "--continue needs a file (-o or -O) and no --range"),
    ("get --port {at} --range 9-1 {url}", 2, "the range 9-1 ends before it begins"),
    ("get --port {at} --timeout 0 {url}", 2, "0.0 is not in the range"),
    ("get --port {at} -m 0 {url}", 2, "0.0 is not in the range"),
    ("get --port {at} --retry many {url}", 2, "'many' is not a valid integer"),
    ("get --port {at} -o /nowhere/f {url}", 23, "/nowhere/f cannot be written: No such file"),
    ("get --port {at} -o . {url}", 2, "is a directory"),
    ("get --port {at} --cacert none {url}", 2, "File 'none' does not exist"),
    ("get --port {at} --cacert {empty} {https}", 58, "--cacert: {empty} is empty"),
    ("get --port {at} --cacert {junk} {https}", 58, "--cacert: {junk} is no certificate"),
    ("get --port {at} --cert {junk} {https}", 2, "--cert and --key come together"),
    ("get --port {at} --cert {ca} --key {ca} {https}", 58, "--key: {ca} is no private key"),
    ("get --port {at} -u ann {url}", 2, "USER:PASSWORD"),
    ("get --port {at} -u a:b -H 'Authorization: x' {url}", 2, "leave one of them out"),
    ("get --port {at} http://nowhere.invalid/", 6, "the host name could not be resolved"),
    ("get --port {at} http://127.0.0.1:{free}/", 7, "the server refused the connection"),
    ("head --port {at} --range 0-1 {url}", 2, "--continue and --range are for GET"),
    ("post --port {at} -d @none {url}", 26, "none cannot be read: No such file or directory"),
    ("post --port {at} -d @{junk} -d x {url}", 2, "@FILE stands alone"),
    ("post --port {at} --content-type a -H 'content-type: b' {url}", 2, "leave one of them out"),
    ("put --port {at} --json -o - {url}", 2, "leave one of them out"),
    ("delete --port {at} --content-type a {url}", 2, "--content-type belongs to --data"),
    # Wi-Fi
    ("wifi", 2, "Usage: espat wifi"),
    ("wifi leave", 2, "no such command 'leave'"),
    ("wifi join --port {at}", 2, "which network? give --ssid and --password"),
    ("wifi join --port {at} --ssid nowhere", 7, "no access point of that name was found"),
    ("wifi join --port {at} --ssid espressif --password wrong-one", 7, "wrong password"),
    ("wifi scan --port /dev/nowhere", 2, "there is no port /dev/nowhere"),
    ("wifi status --port {at} more", 2, "got unexpected extra argument (more)"),
    # dialogues and the terminal
    ("play --port {at} none.at", 2, "File 'none.at' does not exist"),
    ("play --port {at} {junk}", 26, "not an event"),
    ("term /dev/nowhere", 2, "there is no port /dev/nowhere"),
    ("term --sim /dev/nowhere", 2, "the board is simulated or at a port"),
    ("term --baud 1 /dev/nowhere", 2, "1 is not in the range 80<=x<=5000000"),
    # boards
    ("deploy --port /dev/nowhere", 2, "missing option '--board'"),
    ("deploy --port /dev/nowhere --board NONE", 2, "there is no board 'NONE'; there are: ESP32"),
    ("deploy --port /dev/nowhere --board sim", 2, "`espat sim` runs it"),
    ("deploy --port /dev/nowhere --board ESP32_GENERIC", 1, "there is no port /dev/nowhere"),
    ("deploy --port {junk} --board ESP32_GENERIC", 1, "{junk} is no serial port"),
    ("flash --board ESP32_GENERIC", 2, "missing option '--port'"),
    ("flash --port /dev/nowhere --board sim --erase", 2, "`espat sim` runs it"),
    ("flash --port /dev/nowhere --board ESP32_GENERIC --erase", 1, "there is no port /dev/nowhere"),
    ("flash --port x --board ESP32_GENERIC --image {junk}", 1, "take the .bin file"),
    ("flash --port x --board ESP32_GENERIC --baud 0", 2, "0 is not in the range"),
    ("ports --baud x", 2, "'x' is not a valid integer range"),
    ("ports --jason", 2, "no such option '--jason'"),
    ("boards build NONE --micropython .", 1, "there is no board 'NONE' to build"),
    ("boards build ESP32_GENERIC --micropython .", 1, "is no MicroPython source tree"),
    ("boards check --boards .", 1, "no folder has a board.py"),
    # what is made
    ("package", 2, "-o FILE, --into FOLDER, or both"),
    ("package -o f --board NONE", 2, "there is no 'NONE'; there are: ESP32_GENERIC"),
    ("package -o /nowhere/f", 1, "/nowhere/f cannot be written: No such file"),
    ("package -o f --label 'a b'", 1, "letters, digits and . _ + - up to 64"),
    ("generate more", 2, "got unexpected extra argument (more)"),
    ("size more", 2, "got unexpected extra argument (more)"),
    ("demo --slow", 2, "no such option '--slow'"),
    ("traceback none.log", 2, "'none.log': No such file or directory"),
    ("help nosuch", 2, "there is no command espat nosuch; `espat help` lists them"),
    # the simulated board
    ("sim --board NONE", 1, "there is no board 'NONE'; there are: "),
    ("sim --heap 0", 2, "0 is not in the range x>=1"),
    ("sim --world none.json", 2, "File 'none.json' does not exist"),
    ("sim --world {junk}", 1, "{junk}"),
    ("sim --world {junk} --servers", 2, "the world has its hosts from one of them"),
    ("sim --link {junk}", 1, "{junk} exists and is no link; choose another path"),
    ("sim --link /nowhere/port", 1, "the link /nowhere/port cannot be made"),
    ("sim --repl p --link p", 1, "cannot be both the REPL's port and the AT port"),
)
# Their sentence is the help; it goes to stderr, as for every click program.
HELP = {"wifi"}


@dataclass(frozen=True)
class Stage:
    """What the calls name, and the folder in which they are made."""

    places: dict[str, object]
    folder: Path
    board: Board


@pytest.fixture(scope="module")
def unused() -> int:
    """A port on which nobody listens."""
    with RawServer() as server:
        return server.port


@pytest.fixture(scope="module")
def shared_stage(
    servers: Servers, tmp_path_factory: pytest.TempPathFactory, unused: int
) -> Iterator[Stage]:
    """One board for all of them: what a wrong call breaks, the next one finds."""
    files, folder = tmp_path_factory.mktemp("files"), tmp_path_factory.mktemp("folder")
    (files / "empty").touch()
    (files / "junk").write_text("nonsense\n")
    world = repertoire.local_world(servers)
    with (
        FakeBoard() as silent,
        SimBoard(world=world) as sim,
        Board(sim.port, exclusive=False, timeout=LIMIT) as board,
    ):
        board.start()
        places = {
            "at": sim.port,
            "silent": silent.port,
            "free": unused,
            "url": servers.http,
            "https": servers.https,
            "ca": servers.authority.root_path,
            "empty": files / "empty",
            "junk": files / "junk",
        }
        yield Stage(places, folder, board)


@pytest.fixture
def stage(shared_stage: Stage) -> Stage:
    """With the board in its network: one of the calls has a wrong password."""
    if not shared_stage.board.status().connected:
        shared_stage.board.join(
            repertoire.ACCESS_POINT["ssid"], repertoire.ACCESS_POINT["password"]
        )
    return shared_stage


def test_there_are_enough_and_for_every_command() -> None:
    assert len(CALLS) >= 60
    assert {call.split()[0] for call, _, _ in CALLS} >= set(main.commands)


@pytest.mark.parametrize(("call", "code", "words"), CALLS, ids=[call for call, _, _ in CALLS])
def test_a_wrong_call(stage: Stage, tmp_path: Path, call: str, code: int, words: str) -> None:
    settings = environment() | {"ESPAT_SSID": "", "ESPAT_PASSWORD": ""}
    settings["TMPDIR"] = str(tmp_path)
    typed = shlex.split(call.format(**stage.places))
    done = run(typed, b"", settings, stage.folder)
    told = done.stderr.decode()
    assert done.returncode == code, told
    assert "Traceback" not in told
    assert words.format(**stage.places) in told
    assert done.stdout == b""
    if call not in HELP:
        assert told.startswith("espat")
        assert told.count("\n") == 1
    assert "secret" not in told
    assert "wrong-one" not in told
    assert list(stage.folder.iterdir()) == []
    assert list(tmp_path.iterdir()) == []
    assert stage.board.request("AT").ok


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("call", "code"),
    [
        ("get --port {silent} --patience 3 {url}", 2),
        ("get --port {at} http://nowhere.invalid/", 6),
        ("wifi join --port {at} --ssid espressif --password wrong-one", 7),
        ("term /dev/nowhere", 2),
        ("deploy --port {silent} --board ESP32_GENERIC", 1),
        ("sim --board NONE", 1),
    ],
)
def test_the_terminal_is_as_it_was(stage: Stage, call: str, code: int) -> None:
    """Also what was shown while one waited is gone: only the sentence stays."""
    command = [*ESPAT, *shlex.split(call.format(**stage.places))]
    settings = environment() | {"TERM": "xterm", "ESPAT_SSID": "", "PATH": os.environ["PATH"]}
    with PtyScreen(command, env=settings, cwd=stage.folder, columns=200) as screen:
        before = termios.tcgetattr(screen.process.child_fd)
        assert screen.until_end(60) == code
        assert termios.tcgetattr(screen.process.child_fd) == before
        assert not screen.screen.cursor.hidden
        (sentence,) = [line for line in screen.lines if line][:1]
        assert sentence.startswith("espat")
