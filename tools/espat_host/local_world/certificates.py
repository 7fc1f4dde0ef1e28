"""Certificates for the local world: a root, an intermediate, and leaves for the names in it.

Real servers send an intermediate, and a client that only handles a bare leaf fails in the field.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

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
        self,
        *names: str,
        label: str = "server",
        not_before: datetime | None = None,
        not_after: datetime | None = None,
        direct: bool = False,
        complete: bool = True,
        key_type: trustme.KeyType = trustme.KeyType.ECDSA,
    ) -> KeyPair:
        """A leaf for these names (the world's, when none are given), with its chain.

        Names may be addresses, wildcards, or for a client's certificate anything. `direct`: signed
        by the root; `complete`: the chain is in the file, as a server should have it."""
        signer = self._root if direct else self._intermediate
        leaf = signer.issue_cert(
            *(names or NAMES), not_before=not_before, not_after=not_after, key_type=key_type
        )
        pair = self._pair(label)
        for pem in leaf.cert_chain_pems if complete else leaf.cert_chain_pems[:1]:
            pem.write_to_path(str(pair.certificate), append=True)
        leaf.private_key_pem.write_to_path(str(pair.key))
        return pair

    def self_signed(self, name: str, label: str = "self-signed") -> KeyPair:
        """A certificate that nobody but itself has signed, as routers and cameras have them."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        now = datetime.now(timezone.utc)
        certificate = (
            x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=30))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
            .sign(key, hashes.SHA256())
        )
        pair = self._pair(label)
        encoding, plain = serialization.Encoding.PEM, serialization.NoEncryption()
        pair.certificate.write_bytes(certificate.public_bytes(encoding))
        pkcs8 = serialization.PrivateFormat.PKCS8
        pair.key.write_bytes(key.private_bytes(encoding, pkcs8, plain))
        return pair

    def _pair(self, label: str) -> KeyPair:
        pair = KeyPair(self._folder / f"{label}.pem", self._folder / f"{label}.key")
        pair.certificate.unlink(missing_ok=True)
        return pair
