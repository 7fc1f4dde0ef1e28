"""A real time server on this PC: chronyd, without root, on a free port, with the PC's own time."""

import os
import pwd
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from espat_host.local_world.debian import debian_program
from espat_host.sim.lifetime import Running

START_LIMIT = 60.0
TRIES = 3
_QUESTION = b"\x23" + bytes(47)
_CONFIGURATION = """\
port {port}
bindaddress 127.0.0.1
cmdport 0
bindcmdaddress /
local stratum 8
allow all
pidfile {folder}/pid
driftfile {folder}/drift
"""


class NtpServerError(RuntimeError):
    """The server does not come up; the message has its last words."""


class NtpServer(Running):
    """As a context manager it runs; `port` is a UDP port on 127.0.0.1."""

    def start(self) -> None:
        """Until it answers; on another port if somebody was quicker to take the free one."""
        for _ in range(TRIES):
            self._spawn()
            if self._answers():
                return
            told = self._log.read_text(errors="replace")[-2000:]
            self.stop()
        raise NtpServerError(f"chronyd answers nothing on port {self.port}:\n{told}")

    def _spawn(self) -> None:
        program = debian_program("chronyd", package="chrony")
        self._folder = tempfile.TemporaryDirectory(prefix="espat-ntp-")
        folder = Path(self._folder.name)
        self.port = _free_port()
        configuration = folder / "chrony.conf"
        configuration.write_text(_CONFIGURATION.format(port=self.port, folder=folder))
        user = pwd.getpwuid(os.getuid()).pw_name
        # -x: leave this PC's clock alone; -U: do not ask for root; -d: stay in the foreground.
        command = [str(program), "-d", "-x", "-U", "-u", user, "-f", str(configuration)]
        self._log = folder / "log"
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log)

    def stop(self) -> None:
        """End it; nobody answers on its port any more."""
        self._process.kill()
        self._process.wait()
        self._folder.cleanup()

    def _answers(self) -> bool:
        deadline = time.monotonic() + START_LIMIT
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.settimeout(0.1)
            probe.connect(("127.0.0.1", self.port))
            while self._process.poll() is None and time.monotonic() < deadline:
                try:
                    probe.send(_QUESTION)
                    probe.recv(100)
                except OSError:
                    time.sleep(0.02)
                    continue
                return True
        return False


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
