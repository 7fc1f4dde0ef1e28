"""nginx on free ports of this PC, plain and with TLS, for what a production server does: ranges,
redirects, large files, connections that are kept."""

import os
import socket
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from espat_host.local_world.certificates import KeyPair
from espat_host.local_world.debian import debian_program
from espat_host.sim.lifetime import Running

START_LIMIT = 60.0
STOP_LIMIT = 5.0
TRIES = 3

CONFIG = """
{user}
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 64; }}
http {{
  access_log {folder}/access.log;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  keepalive_requests {keepalive_requests};
  server {{
    listen {address}:{plain};
    listen {address}:{tls} ssl;
    ssl_certificate {certificate};
    ssl_certificate_key {key};
    root {folder}/www;
    client_max_body_size 1k;
    location /moved {{ return 301 /hello; }}
    location /chunked {{ ssi on; ssi_types *; alias {folder}/www; }}
    location /gone {{ return 410 "gone\\n"; }}
  }}
}}
"""


class Nginx(Running):
    """One nginx. Put files into `www`; `log` has a line for each request."""

    def __init__(self, address: str, pair: KeyPair, keepalive_requests: int = 1000) -> None:
        self.host = address
        self._folder = tempfile.TemporaryDirectory(prefix="espat-nginx-")
        folder = Path(self._folder.name)
        self.www = folder / "www"
        self.www.mkdir()
        self.log = folder / "access.log"
        self._errors = folder / "error.log"
        self._settings = {
            # root's workers would be nobody's, who may not look into the folder.
            "user": "user root;" if os.geteuid() == 0 else "",
            "folder": folder,
            "address": "127.0.0.1" if address == "127.0.0.1" else "0.0.0.0",
            "certificate": pair.certificate,
            "key": pair.key,
            "keepalive_requests": keepalive_requests,
        }
        self._spawn()

    @property
    def http(self) -> str:
        """Base URL, plain."""
        return f"http://{self.host}:{self._plain}"

    @property
    def https(self) -> str:
        """Base URL, TLS."""
        return f"https://{self.host}:{self._tls}"

    def start(self) -> None:
        """Until it takes connections; on other ports if somebody was quicker to take these."""
        for _ in range(TRIES):
            if self._comes_up():
                return
            self._process.kill()
            self._process.wait()
            self._spawn()
        raise RuntimeError(f"nginx does not answer: {self._last_words()}")

    def stop(self) -> None:
        """End it."""
        self._process.terminate()
        try:
            self._process.wait(STOP_LIMIT)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._folder.cleanup()

    def _spawn(self) -> None:
        self._plain, self._tls = free_ports(2)
        folder = Path(self._folder.name)
        config = folder / "nginx.conf"
        config.write_text(CONFIG.format(plain=self._plain, tls=self._tls, **self._settings))
        program = debian_program("nginx", package="nginx")
        self._process = subprocess.Popen(
            [program, "-p", folder, "-c", config, "-e", self._errors], stderr=subprocess.DEVNULL
        )

    def _comes_up(self) -> bool:
        """Whether it listens: it tells its number when it has the ports."""
        deadline = time.monotonic() + START_LIMIT
        number = Path(self._folder.name) / "nginx.pid"
        while self._process.poll() is None and time.monotonic() < deadline:
            if number.exists():
                with suppress(OSError):
                    socket.create_connection(("127.0.0.1", self._plain), 1.0).close()
                    return True
            time.sleep(0.02)
        return False

    def _last_words(self) -> str:
        try:
            return self._errors.read_text(errors="replace")[-1000:]
        except OSError:
            return "no log"


def free_ports(count: int) -> list[int]:
    """Ports that nobody uses at the moment."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [sock.getsockname()[1] for sock in sockets]
    for sock in sockets:
        sock.close()
    return ports
