# How this device proves itself to a TLS server, and by what it knows one: what AT+HTTPCFG chose.
#
# The items lie in the vault, in ESP-AT's namespaces (ESP-AT, "How to Update PKI Configuration"),
# and are read for every connection, so that none of them takes memory in between.

from espat.edges import pem, tls, vault
from espat.pure.errors import Failure
from espat.pure.reasons import BAD_IDENTITY


class Identity:
    """`auth`: the bits of tls. `family`: what the namespaces begin with, as "https"; `pki`, `ca`:
    the numbers of the items."""

    def __init__(self, family, auth, pki, ca):
        self.auth = auth
        self._certificate = _item(family, "cert", pki)
        self._key = _item(family, "key", pki)
        self._ca = _item(family, "ca", ca)

    def missing(self):
        """The line that ESP-AT prints for the first item that is not there, or None."""
        wanted = (
            (tls.CLIENT_CERTIFICATE, self._certificate, b"NO CERT FOUND"),
            (tls.CLIENT_CERTIFICATE, self._key, b"NO PRVT_KEY FOUND"),
            (tls.VERIFY_SERVER, self._ca, b"NO CA FOUND"),
        )
        for bit, item, line in wanted:
            if self.auth & bit and not vault.exists(*item):
                return line
        return None

    def load(self, context):
        """Give an SSLContext what the connection needs. Raises Failure, ValueError, OSError."""
        if self.auth & tls.CLIENT_CERTIFICATE:
            _load_own(context, _stored(self._certificate), _stored(self._key))
        if self.auth & tls.VERIFY_SERVER:
            for der in pem.blocks(_stored(self._ca), pem.CERTIFICATE):
                context.load_verify_locations(cadata=der)  # adds to what it has


def _item(family, kind, number):
    namespace = "%s_%s" % (family, kind)
    return namespace, "%s.%d" % (namespace, number)


def _stored(item):
    try:
        return vault.load(*item)
    except Failure as failure:
        raise Failure(BAD_IDENTITY, "%s: %s" % (item[1], failure.detail))


def _load_own(context, certificate, key):
    # Only PEM can hold more than one: a chain goes as it is, where mbedTLS reads it (ESP32 does).
    if pem.count(certificate) == 1:
        certificate = next(pem.blocks(certificate, pem.CERTIFICATE))
    context.load_cert_chain(certificate, next(pem.blocks(key, pem.KEY)))
