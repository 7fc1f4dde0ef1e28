"""Where a page plays: a simulated board in a local world, and what its names stand for here."""

import socket
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from serial.tools import list_ports
from serial.tools.list_ports_common import ListPortInfo

from espat_host.cli import options, term
from espat_host.client.board import Board
from espat_host.dialogues import repertoire
from espat_host.local_world.ntp_server import NtpServer
from espat_host.local_world.servers import Servers
from espat_host.sim import SimBoard
from espat_host.sim.bare import BareBoard
from host_tests.build.updates import write_board
from host_tests.documents import dialogue, program
from host_tests.documents.pages import Block
from host_tests.documents.shell import Shell

SSID, PASSWORD = (repertoire.ACCESS_POINT[name] for name in ("ssid", "password"))
USB = "CP2102 USB to UART Bridge Controller"
ADAPTER = "FT232R USB UART"
PATIENCE = 30.0
HOSTS = {
    "https": ("server.example", "443"),
    "ntp": ("pool.ntp.org", "123"),
    "updates": ("updates.example.org", "8000"),
}
UPDATES = 'UPDATE_URL = "http://updates.example.org:8000"\n'
# What certificates.md shows of the file that it makes.
SHOWN, SHOWN_SIZE, CA = "-----BEGIN CERTIFICATE----- ...", ",566", "ca.pem"


@dataclass
class Stage:
    """What a page plays on. `ports`: the page's name of a port -> (the port here, what it is)."""

    board: SimBoard
    folder: Path
    ports: dict[str, tuple[str, str]]
    names: dict[str, str] = field(default_factory=dict)
    at: str = "/dev/ttyUSB0"

    def shell(self) -> Shell:
        """A terminal in which the page's names mean what they are here."""
        names = self.names | {name: port for name, (port, _) in self.ports.items()}
        return Shell(self.folder, names, {"ESPAT_SSID": SSID, "ESPAT_PASSWORD": PASSWORD})

    def play(self, block: Block) -> None:
        """A program, or a dialogue with the board, which is in its network unless that joins it."""
        if block.language == "python":
            program.play(block, self.ports[self.at][0], self.folder)
            return
        with Board(self.ports[self.at][0], timeout=PATIENCE, log=self.board.log_path) as client:
            client.synchronise()
            if "AT+CWJAP=" in block.text:
                client.restart(b"AT+RESTORE")
            elif not client.status().connected:
                client.join(SSID, PASSWORD)
            client.ask("AT+SYSLOG=0")
            dialogue.play(client, block, self._made())

    def _made(self) -> dict[str, bytes]:
        """What a dialogue sends of the files that the page has made."""
        path = self.folder / CA
        data = path.read_bytes() if path.exists() else b""
        return {SHOWN: data, SHOWN_SIZE: b",%d" % len(data)} if data else {}

    def apply(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """This PC has these ports, and the board of the stage is the one of --sim."""
        found = [_port(device, about) for device, about in self.ports.values()]
        monkeypatch.setattr(list_ports, "comports", lambda: found)
        for module in (options, term):
            monkeypatch.setattr(module, "simulated", self._simulated)

    @contextmanager
    def _simulated(self, *more: Any) -> Iterator[str]:
        yield self.ports[self.at][0]


def world(servers: Servers, **ports: int) -> dict[str, Any]:
    """The local world, with the hosts of what pages start on this PC."""
    found: dict[str, Any] = repertoire.local_world(servers)
    for kind, port in ports.items():
        name, number = HOSTS[kind]
        found["hosts"][name] = {"address": "127.0.0.1", "ports": {number: port}}
    return found


def free_port() -> int:
    """A port of this PC on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@contextmanager
def shared(servers: Servers) -> Iterator[SimBoard]:
    """The board on which most pages play."""
    with SimBoard(world=world(servers)) as board:
        yield board


def on(board: SimBoard, folder: Path) -> Stage:
    """The shared board, as it comes from the factory."""
    with Board(board.port, timeout=PATIENCE, log=board.log_path) as client:
        client.synchronise()
        client.restart(b"AT+RESTORE")
        client.ask("ATE1")
    names = {"/tmp/espat": str(folder.with_name("link"))}
    return Stage(board, folder, {"/dev/ttyUSB0": (board.port, USB)}, names)


@contextmanager
def checking(servers: Servers, folder: Path) -> Iterator[Stage]:
    """A board with a time server, and with the server that the page starts."""
    port = free_port()
    with NtpServer() as ntp, SimBoard(world=world(servers, https=port, ntp=ntp.port)) as board:
        yield Stage(board, folder, {"/dev/ttyUSB0": (board.port, USB)}, {"8443": str(port)})


@contextmanager
def updating(servers: Servers, folder: Path) -> Iterator[Stage]:
    """A board with an update server, which is on this PC."""
    port = free_port()
    data = write_board(folder.with_name("board"), UPDATES)
    with SimBoard(world=world(servers, updates=port), board=data) as board:
        yield Stage(board, folder, {"/dev/ttyUSB0": (board.port, USB)}, {"8000": str(port)})


@contextmanager
def bare(servers: Servers, folder: Path) -> Iterator[Stage]:
    """A chip with MicroPython alone, wired with its AT port too; and a place for links."""
    with ExitStack() as stack:
        links = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        # Links, because ports are listed in the order of their names, and that of two ptys is any.
        repl, at = links / "ttyUSB0", links / "ttyUSB1"
        board = stack.enter_context(BareBoard(world=world(servers), repl_link=repl, link=at))
        ports = {"/dev/ttyUSB0": (board.repl, USB), "/dev/ttyUSB1": (board.port, ADAPTER)}
        names = {f"/tmp/{name}": str(links / name) for name in ("at", "repl")}
        yield Stage(board, folder, ports, names, at="/dev/ttyUSB1")


def _port(device: str, about: str) -> ListPortInfo:
    found = ListPortInfo(device)
    found.description = about
    return found
