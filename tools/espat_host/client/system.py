"""The board as such: version, memory, clock, certificates."""

import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from espat_host.client.dialogue import quoted
from espat_host.client.faults import AtCommandError
from espat_host.client.http_lines import BadRequest
from espat_host.client.session import Session

CLIENT_CERTIFICATE, VERIFY_SERVER = 1, 2  # the bits of AT+HTTPCFG's auth_mode
BINARY = 8  # AT+SYSMFG's type
TIME_UPDATED = "+TIME_UPDATED"


@dataclass(frozen=True)
class Version:
    """What AT+GMR tells, each line without its label; an empty text where there is no line."""

    at: str
    sdk: str
    built: str
    binary: str


class System(Session):
    """The methods of a board that have to do with itself."""

    def version(self) -> Version:
        """Which firmware this is."""
        told = {}
        for line in self.command("AT+GMR").lines:
            label, _, value = line.decode("utf-8", "replace").partition(":")
            told[label.split("(")[0].strip().lower()] = value
        labels = ("at version", "sdk version", "compile time", "bin version")
        return Version(*(told.get(label, "") for label in labels))

    def free_memory(self) -> int:
        """Bytes of free heap on the board; this firmware collects its garbage before."""
        reply = self.command("AT+SYSRAM?")
        return int(self._must_match(rb"\+SYSRAM:(\d+),.*", "AT+SYSRAM?", reply)[1])

    def set_time(self, when: float | datetime | None = None) -> None:
        """Set the clock, which is lost with the power: seconds since 1970 or a datetime with its
        time zone, by default now. Certificates can be checked from then on."""
        if isinstance(when, datetime):
            when = when.timestamp()
        self.command(f"AT+SYSTIMESTAMP={int(time.time() if when is None else when)}")

    def time(self) -> int:
        """The board's clock, in seconds since 1970."""
        reply = self.command("AT+SYSTIMESTAMP?")
        return int(self._must_match(rb"\+SYSTIMESTAMP:(\d+)", "AT+SYSTIMESTAMP?", reply)[1])

    def sync_time(self, *servers: str, zone: int = 0, timeout: float = 60.0) -> None:
        """Let the board ask a time server, by default its own, and wait for the answer, for
        `timeout` seconds; then NoAnswer is raised. `zone`: hours east of UTC, -12 to 14."""
        before = self.heard
        names = b"".join(b"," + quoted(server) for server in servers)
        self.command(b"AT+CIPSNTPCFG=1,%d%s" % (zone, names))
        self.wait_for(TIME_UPDATED, timeout, before)

    def load_certificates(
        self,
        *,
        ca: bytes | Path | None = None,
        cert: bytes | Path | None = None,
        key: bytes | Path | None = None,
        number: int = 0,
    ) -> None:
        """Put certificates on the board, PEM or DER, and use them for what follows: with `ca` the
        server is checked, with `cert` and `key` the board shows its own. At most 8192 bytes each.

        They stay in its flash as https_ca.<number> and so on, and are only written when they
        differ from what is there. That they are used is forgotten at a restart. The clock has to
        be set. Raises AtCommandError if the board takes no certificates."""
        if (cert is None) != (key is None):
            raise BadRequest("a certificate and its key come together")
        items = {"https_ca": ca, "https_cert": cert, "https_key": key}
        for kind, source in items.items():
            if source is not None:
                self._store(kind, f"{kind}.{number}", _content(source))
        mode = (CLIENT_CERTIFICATE if cert else 0) | (VERIFY_SERVER if ca else 0)
        self.command(f"AT+HTTPCFG={mode},{number},{number}")

    def forget_certificates(self) -> None:
        """Check no servers and show no certificate from now on."""
        self.command("AT+HTTPCFG=0")

    def _store(self, namespace: str, name: str, data: bytes) -> None:
        if self._stored(namespace, name) == data:
            return
        line = f'AT+SYSMFG=2,"{namespace}","{name}",{BINARY},{len(data)}'
        self.command(line, data, length=len(data))

    def _stored(self, namespace: str, name: str) -> bytes | None:
        try:
            return self.command(f'AT+SYSMFG=1,"{namespace}","{name}"').body
        except AtCommandError:
            return None


def _content(source: bytes | Path) -> bytes:
    if isinstance(source, Path):
        return source.read_bytes()
    if not isinstance(source, bytes):
        raise BadRequest(f"{source!r:.40} is no certificate: give bytes, or a Path to its file")
    return source
