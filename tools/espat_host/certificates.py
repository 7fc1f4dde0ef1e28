"""Certificates for the local world: a root, an intermediate, and leaves for the names in it.

Real servers send an intermediate, and a client that only handles a bare leaf fails in the field.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import trustme

# "localhost" and the loopback address let tests reach the servers without the world's names.
NAMES = ("httpbin.org", "www.espressif.com", "localhost", "127.0.0.1")


@dataclass(frozen=True)
class KeyPair:
    """Files for one server: its certificate with the chain above it, and its key."""

    certificate: Path
    key: Path


class Authority:
    """Issues certificates into a folder. `root_pem` is what a client must trust."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._root = trustme.CA(organization_name="espat test root")
        self._intermediate = self._root.create_child_ca()
        self.root_path = folder / "root.pem"
        self._root.cert_pem.write_to_path(str(self.root_path))

    @property
    def root_pem(self) -> bytes:
        """The root certificate, PEM."""
        return self._root.cert_pem.bytes()

    def issue(
        self, *names: str, label: str = "server", not_after: datetime | None = None
    ) -> KeyPair:
        """A leaf for these names (the world's, when none are given), with its chain."""
        leaf = self._intermediate.issue_cert(*(names or NAMES), not_after=not_after)
        pair = KeyPair(self._folder / f"{label}.pem", self._folder / f"{label}.key")
        pair.certificate.unlink(missing_ok=True)
        for pem in leaf.cert_chain_pems:
            pem.write_to_path(str(pair.certificate), append=True)
        leaf.private_key_pem.write_to_path(str(pair.key))
        return pair
