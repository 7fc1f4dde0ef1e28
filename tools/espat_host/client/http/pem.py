"""Files with certificates and keys: what is wrong with one, before a board gets it."""

import ssl
from pathlib import Path

MOST = 8192  # bytes of each, which AT+SYSMFG takes
_DER = 0x30  # a SEQUENCE: what every certificate and key begins with


def certificate_fault(path: Path) -> str | None:
    """Why this file is no certificate, such as "is empty"; None if it is one."""
    data, fault = _content(path)
    if fault:
        return fault
    try:
        text = data.decode("ascii") if b"-----BEGIN" in data else data
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cadata=text)
    except (ssl.SSLError, ValueError):
        return "is no certificate, neither PEM nor DER"
    return None


def key_fault(path: Path) -> str | None:
    """Why this file is no private key that a board can use; None if it is one."""
    data, fault = _content(path)
    if fault:
        return fault
    if b"ENCRYPTED" in data:
        return "is encrypted; the board needs it without a password"
    if not (b"PRIVATE KEY-----" in data or data[0] == _DER):
        return "is no private key, neither PEM nor DER"
    return None


def _content(path: Path) -> tuple[bytes, str | None]:
    try:
        data = path.read_bytes()
    except OSError as error:
        return b"", f"cannot be read: {error.strerror}"
    if not data:
        return data, "is empty"
    if len(data) > MOST:
        return data, f"has {len(data)} bytes; a board keeps {MOST} at the most"
    return data, None
