"""Where a page plays: a simulated board in a local world, and what its names stand for here."""

import socket
import tempfile
from collections.abc import Iterator, Mapping
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
from espat_host.local_world.servers import Servers
from espat_host.sim import SimBoard
from espat_host.sim.bare import BareBoard
from host_tests.build.updates import write_board
from host_tests.documents import dialogue
from host_tests.documents.pages import Block
from host_tests.documents.shell import Shell

SSID, PASSWORD = (repertoire.ACCESS_POINT[name] for name in ("ssid", "password"))
USB = "CP2102 USB to UART Bridge Controller"
ADAPTER = "FT232R USB UART"
PATIENCE = 30.0
UPDATES = 'UPDATE_URL = "http://updates.example.org:8000"\n'
# Page -> a line of data in its dialogues -> the file that it stands for.
FILES = {"docs/certificates.md": {"-----BEGIN CERTIFICATE----- ...": "ca.pem"}}


@dataclass
class Stage:
    """What a page plays on. `ports`: the page's name of a port -> (the port here, what it is)."""

    board: SimBoard
    folder: Path
    ports: dict[str, tuple[str, str]]
    names: dict[str, str] = field(default_factory=dict)
    # A line of data in a dialogue -> the file of the page that it stands for.
    files: Mapping[str, str] = field(default_factory=dict)
    at: str = "/dev/ttyUSB0"

    def shell(self) -> Shell:
        """A terminal in which the page's names mean what they are here."""
        names = self.names | {name: port for name, (port, _) in self.ports.items()}
        return Shell(self.folder, names, {"ESPAT_SSID": SSID, "ESPAT_PASSWORD": PASSWORD})

    def play(self, block: Block) -> None:
        """A dialogue with the board, which is in its network unless the dialogue joins it."""
        files = {told: (self.folder / name).read_bytes() for told, name in self.files.items()}
        with Board(self.ports[self.at][0], timeout=PATIENCE, log=self.board.log_path) as client:
            client.synchronise()
            if "AT+CWJAP=" in block.text:
                client.restart(b"AT+RESTORE")
            elif not client.status().connected:
                client.join(SSID, PASSWORD)
            client.ask("AT+SYSLOG=0")
            dialogue.play(client, block, files)

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
    """The local world, with two more hosts for what pages start on this PC."""
    found: dict[str, Any] = repertoire.local_world(servers)
    here = {
        "address": "127.0.0.1",
        "ports": {name.strip("_"): port for name, port in ports.items()},
    }
    found["hosts"] = found["hosts"] | {"server.example": here, "updates.example.org": here}
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


def on(board: SimBoard, servers: Servers, page: str, folder: Path) -> Stage:
    """The shared board, its network as at the start, with what this page names."""
    port = free_port()
    board.set_world(world(servers, _443=port))
    ports = {"/dev/ttyUSB0": (board.port, USB)}
    return Stage(board, folder, ports, {"8443": str(port)}, FILES.get(page, {}))


@contextmanager
def updating(servers: Servers, folder: Path) -> Iterator[Stage]:
    """A board with an update server, which is on this PC."""
    port = free_port()
    data = write_board(folder.with_name("board"), UPDATES)
    with SimBoard(world=world(servers, _8000=port), board=data) as board:
        yield Stage(board, folder, {"/dev/ttyUSB0": (board.port, USB)}, {"8000": str(port)})


@contextmanager
def bare(servers: Servers, folder: Path) -> Iterator[Stage]:
    """A chip with MicroPython alone, wired with its AT port too; and a place for links."""
    with ExitStack() as stack:
        links = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        board = stack.enter_context(BareBoard(world=world(servers)))
        ports = {"/dev/ttyUSB0": (board.repl, USB), "/dev/ttyUSB1": (board.port, ADAPTER)}
        names = {f"/tmp/{name}": str(links / name) for name in ("at", "repl")}
        yield Stage(board, folder, ports, names, at="/dev/ttyUSB1")


def _port(device: str, about: str) -> ListPortInfo:
    found = ListPortInfo(device)
    found.description = about
    return found
