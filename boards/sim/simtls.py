# The module `tls` of a chip: mbedTLS's memory is the system heap's. What a socket's session takes
# there is on the account of the socket (socket.py), which sees the handshake pass.

import tls as _tls  # `ssl` takes all names from here that have no underscore
from simchip import CERTIFICATE as _CERTIFICATE
from tls import (  # noqa: F401 - part of the module
    CERT_NONE,
    CERT_OPTIONAL,
    CERT_REQUIRED,
    MBEDTLS_VERSION,
    PROTOCOL_TLS_CLIENT,
    PROTOCOL_TLS_SERVER,
)


class SSLContext:
    """The context; `certificates`: bytes that its own take."""

    def __init__(self, protocol):
        self._native = _tls.SSLContext(protocol)
        self._certificates = 0

    @property
    def verify_mode(self):
        return self._native.verify_mode

    @verify_mode.setter
    def verify_mode(self, mode):
        self._native.verify_mode = mode

    def get_ciphers(self):
        return self._native.get_ciphers()

    def set_ciphers(self, ciphers):
        self._native.set_ciphers(ciphers)

    def load_cert_chain(self, certificate, key):
        self._native.load_cert_chain(certificate, key)
        self._count(certificate)
        self._count(key)

    def load_verify_locations(self, cadata):
        self._native.load_verify_locations(cadata)
        self._count(cadata)

    def wrap_socket(self, sock, **options):
        account = _account(sock)
        if account is None:
            return self._native.wrap_socket(sock, **options)
        account.begin_tls(self._certificates)
        return self._native.wrap_socket(sock, **options)

    def _count(self, data):
        self._certificates += _CERTIFICATE + len(data)


def _account(sock):
    """That of the socket, which may be within a stream of Python."""
    for one in [sock] + list(getattr(sock, "__dict__", {}).values()):
        if hasattr(one, "account"):
            return one.account
    return None
