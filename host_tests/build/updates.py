"""What the tests of updates and of start-up share: other firmware, boards with other data."""

import functools
import ssl
import tempfile
import threading
from collections.abc import Callable
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from espat_host.build import firmware as present
from espat_host.build import update_package
from espat_host.build.bytecode import compile_module
from espat_host.build.checkout import ROOT
from espat_host.client.board import Board
from espat_host.local_world.certificates import KeyPair
from espat_host.sim.lifetime import Running
from host_tests.client import waiting

OK = b"\r\nOK\r\n"
ERROR = b"\r\nERROR\r\n"
READY = b"\r\nready\r\n"
CRASHES = "raise RuntimeError('the new firmware is no good')"
ANY_HASH = b"=hash=="
PATIENCE = 45.0  # for some starts, and for an update, on a slow PC
wait_until = partial(waiting.wait_until, limit=PATIENCE)


@functools.cache
def compiled(name: str, source: str) -> bytes:
    """One module as .mpy."""
    with tempfile.TemporaryDirectory() as scratch:
        text, target = Path(scratch) / "module.py", Path(scratch) / "module.mpy"
        text.write_text(source)
        compile_module(text, name, target)
        return target.read_bytes()


def firmware(label: str, **replaced: str) -> dict[str, bytes]:
    """The present firmware with another hash in AT+GMR, of seven letters, and with other files:
    `app="..."`."""
    assert len(label) == len(ANY_HASH)  # in a .mpy its length stands before it
    found = {path: data.replace(ANY_HASH, label.encode()) for path, data in marked().items()}
    others = {f"espat/{name}": source for name, source in replaced.items()}
    return found | {
        f"{path}.mpy": compiled(f"{path}.py", source) for path, source in others.items()
    }


@functools.cache
def marked() -> dict[str, bytes]:
    """It is linked once, which takes seconds."""
    info = f'HASH = "{ANY_HASH.decode()}"\nDATE = "Nov 23 2026"\nTIME = "00:00:00"\n'
    found = present.package(info)
    assert sum(data.count(ANY_HASH) for data in found.values()) == 1
    return found


def package(label: str, **replaced: str) -> bytes:
    """The same as an update."""
    return update_package.build(firmware(label, **replaced), label)


def write_board(folder: Path, text: str) -> str:
    """A board like the simulated one whose data has `text` besides; for SimBoard's `board`."""
    folder.mkdir()
    data = (ROOT / "boards" / "sim" / "board.py").read_text()
    (folder / "board.py").write_text(f"{data}\n{text}\n")
    return str(folder)


def hash_of(board: Board) -> str:
    """The hash of the firmware that answers."""
    return board.ask("AT+GMR").split(b"AT version:5.0.0.0(")[1].split(b" ")[0].decode()


def free(board: Board) -> int:
    """Free bytes of the file system."""
    return int(board.ask("AT+FS=1,6").split(b":")[1].split(b",")[0])


def failure(reason: int) -> bytes:
    return b"ERR CODE:0x010a%04x\r\n" % reason + ERROR


def update(board: Board, url: str, timeout: float = PATIENCE) -> bytes:
    """AT+USEROTA; what comes after the prompt, up to the result code."""
    board.send_line(f"AT+USEROTA={len(url)}")
    board.expect_prompt()
    board.write(url.encode())
    received = b"\r\nRecv %d bytes\r\n" % len(url)
    board.expect(received)
    return board.reply(timeout).raw


def restarted(board: Board, timeout: float = PATIENCE) -> None:
    """Wait for the restart that follows."""
    board.expect(READY, timeout)
    board.synchronise()


class Site(Running):
    """A web server for the files of a folder, with `requests`: the paths it was asked for."""

    def __init__(self, folder: Path, tls: KeyPair | None = None) -> None:
        self.folder = folder
        self.requests: list[str] = []
        handler = partial(_handler(self.requests.append), directory=str(folder))
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(tls.certificate, tls.key)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        scheme = "https" if tls else "http"
        self.url = f"{scheme}://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def offer(self, name: str, data: bytes) -> str:
        """Put a file there; returns its URL."""
        (self.folder / name).write_bytes(data)
        return f"{self.url}/{name}"

    def stop(self) -> None:
        """End the server."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _handler(note: Callable[[str], None]) -> type[SimpleHTTPRequestHandler]:
    class Handler(SimpleHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            note(self.path)
            super().do_GET()

        def log_message(self, *arguments: object) -> None:
            pass

    return Handler
