"""The local world: webapp.py under gunicorn, plain and behind TLS, on free ports of this PC."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

from espat_host.local_world.certificates import Authority, KeyPair
from espat_host.local_world.network_tool import ADDRESSES, PORTS, TLS_PORTS, NetworkTool
from espat_host.sim.lifetime import Running

START_LIMIT = 60.0
STOP_LIMIT = 5.0


class ServerError(RuntimeError):
    """A server did not come up; the message has its last words."""


class Gunicorn:
    """One gunicorn process. The socket is made here and handed over, so its port is known and
    free, and connections queue in it from the first moment."""

    def __init__(self, bind: str, log: Path, tls: KeyPair | None = None) -> None:
        self._listener = socket.create_server((bind, 0), backlog=128)
        self.port: int = self._listener.getsockname()[1]
        self._log = log
        self._process = self._spawn(tls)

    def _spawn(self, tls: KeyPair | None) -> subprocess.Popen[bytes]:
        descriptor = self._listener.fileno()
        command = [sys.executable, "-m", "gunicorn", "--bind", f"fd://{descriptor}"]
        command += ["--config", "python:espat_host.local_world.gunicorn_config"]
        if tls:
            command += ["--certfile", str(tls.certificate), "--keyfile", str(tls.key)]
        with self._log.open("wb") as log:
            return subprocess.Popen(
                [*command, "espat_host.local_world.webapp:app"],
                pass_fds=[descriptor],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                # Control-C in a terminal is for the program that uses the server; it stops this.
                start_new_session=True,
                # `python -m` would find modules of the user's folder before all others.
                cwd=self._log.parent,
            )

    def wait(self) -> None:
        """Until a request is answered. The listener queues, so one try is enough."""
        with socket.create_connection(("127.0.0.1", self.port), START_LIMIT) as probe:
            # Not TLS, or not a request: either way the worker closes, and so shows that it lives.
            probe.sendall(b"espat\r\n\r\n")
            try:
                probe.recv(1)
            except OSError as error:
                raise ServerError(f"no answer on port {self.port}: {self.last_words()}") from error

    def last_words(self) -> str:
        """The end of the server's log."""
        return self._log.read_text(errors="replace")[-2000:]

    def terminate(self) -> None:
        """Ask the process to end."""
        self._listener.close()
        if self._process.stdin:
            self._process.stdin.close()
        self._process.send_signal(signal.SIGTERM)

    def wait_for_end(self) -> None:
        """Until it has ended, or it is made to."""
        try:
            self._process.wait(STOP_LIMIT)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()


class Servers(Running):
    """httpbin.org and www.espressif.com on this PC, and the `tool` of the examples for sockets.

    `http` and `https` are base URLs under `host`, the address by which the board reaches this PC;
    `world_hosts` leads the real names here on a simulated board.
    """

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.host = host
        self._folder = tempfile.TemporaryDirectory(prefix="espat-servers-")
        self.folder = Path(self._folder.name)
        self.authority = Authority(self.folder)
        bind = "127.0.0.1" if host == "127.0.0.1" else "0.0.0.0"
        names = () if host == "127.0.0.1" else ("httpbin.org", "www.espressif.com", host)
        self._plain = Gunicorn(bind, self.folder / "http.log")
        self._tls = Gunicorn(bind, self.folder / "https.log", self.authority.issue(*names))
        self.tool = NetworkTool(bind, self.authority)

    def start(self) -> None:
        """Until both answer."""
        self.tool.start()
        self._plain.wait()
        self._tls.wait()

    @property
    def http(self) -> str:
        """Base URL, plain."""
        return f"http://{self.host}:{self._plain.port}"

    @property
    def https(self) -> str:
        """Base URL, TLS."""
        return f"https://{self.host}:{self._tls.port}"

    @property
    def world_hosts(self) -> dict[str, dict[str, object]]:
        """The `hosts` of a simulated world."""
        ports = {"80": self._plain.port, "443": self._tls.port}
        here: dict[str, object] = {"address": "127.0.0.1", "ports": ports}
        names = dict.fromkeys(("httpbin.org", "www.espressif.com"), here)
        return names | dict.fromkeys(ADDRESSES, self._tool_here)

    @property
    def _tool_here(self) -> dict[str, object]:
        ports = dict.fromkeys(PORTS, self.tool.port) | dict.fromkeys(TLS_PORTS, self.tool.tls_port)
        return {"address": "127.0.0.1", "ports": ports}

    def stop(self) -> None:
        """End both servers."""
        self.tool.stop()
        both = (self._plain, self._tls)
        for server in both:
            server.terminate()
        for server in both:
            server.wait_for_end()
        self._folder.cleanup()
