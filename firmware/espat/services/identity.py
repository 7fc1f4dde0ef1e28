# How this device proves itself to a TLS server, and by what it knows one: what AT+HTTPCFG chose.
#
# The items lie in the vault, in ESP-AT's namespaces (ESP-AT, "How to Update PKI Configuration"),
# and are read for every connection, so that none of them takes memory in between.

from espat.edges import tls, vault
from espat.pure.errors import Failure
from espat.pure.reasons import BAD_IDENTITY


class Identity:
    """See tls.wrap. `family`: what the namespaces begin with, as "https"."""

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

    def certificate(self):
        return _load(self._certificate)

    def key(self):
        return _load(self._key)

    def ca(self):
        return _load(self._ca)


def _item(family, kind, number):
    namespace = "%s_%s" % (family, kind)
    return namespace, "%s.%d" % (namespace, number)


def _load(item):
    try:
        return vault.load(*item)
    except Failure as failure:
        raise Failure(BAD_IDENTITY, "%s: %s" % (item[1], failure.detail))
