"""`openssl s_server`: asks for client certificates, and still speaks the TLS of twenty years ago.

with OpensslServer(pair, "-Verify", "1", "-verify_return_error", "-CAfile", root) as server:
    ...
    assert b"GET /" not in server.output()
"""

import re
import subprocess
import tempfile
import time
from pathlib import Path

from espat_host.local_world.certificates import KeyPair
from espat_host.local_world.debian import debian_program
from espat_host.sim.lifetime import Running

START_LIMIT = 60.0
ANSWER_LIMIT = 60.0
POLL = 0.01
_REQUEST = rb"(GET|HEAD|POST|PUT) [\s\S]*?\n\r?\n"


class OpensslError(RuntimeError):
    """The server does not do what it should; the message has its last words."""


class OpensslServer(Running):
    """One server on a free port of this PC, with further options of s_server."""

    def __init__(self, pair: KeyPair, *options: str | Path) -> None:
        program = debian_program("openssl", package="openssl")
        # -accept 0 takes a free port and tells which.
        self._command = [str(program), "s_server", "-accept", "127.0.0.1:0"]
        self._command += ["-key", str(pair.key), "-cert", str(pair.certificate)]
        self._command += ["-cert_chain", str(pair.certificate), *map(str, options)]

    def start(self) -> None:
        """Until it takes connections; `port` tells where."""
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - closed in stop()
        self._process = subprocess.Popen(
            self._command, stdin=subprocess.PIPE, stdout=self._log, stderr=subprocess.STDOUT
        )
        self.port = int(self._await(rb"ACCEPT \S*:(\d+)\s", START_LIMIT))

    def output(self) -> bytes:
        """What it has printed: sessions, errors, and every byte of application data."""
        self._log.seek(0)
        return self._log.read()

    def answer(self, data: bytes, request: bytes = _REQUEST) -> None:
        """Wait for a request, of which this is the pattern with a group, and send the data."""
        self._await(request, ANSWER_LIMIT)
        assert self._process.stdin is not None
        self._process.stdin.write(data)
        self._process.stdin.flush()

    def _await(self, pattern: bytes, limit: float) -> bytes:
        deadline = time.monotonic() + limit
        while time.monotonic() < deadline and self._process.poll() is None:
            if found := re.search(pattern, self.output()):
                return found[1]
            time.sleep(POLL)
        told = self.output().decode(errors="replace")[-2000:]
        raise OpensslError(f"openssl s_server has not printed {pattern!r} in {limit:g} s:\n{told}")

    def stop(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()
        if self._process.stdin:
            self._process.stdin.close()
        self._log.close()
