# How this device proves itself to a TLS server, and by what it knows one: (auth, pki, ca), the bits
# and the numbers of the items that AT+HTTPCFG chose; for a link (auth, pki, ca, family).
#
# The items lie in the vault, in ESP-AT's namespaces (ESP-AT, "How to Update PKI Configuration"),
# and are read for every connection, so that none of them takes memory in between.

from espat.edges import pem, vault
from espat.pure.errors import Failure
from espat.pure.reasons import BAD_IDENTITY

_HTTPS = "https_"  # the family of items, of which links have another one
CLIENT_CERTIFICATE, VERIFY_SERVER = 1, 2  # bits of AT+HTTPCFG's auth_mode


def missing(auth, pki, ca, family=_HTTPS):
    """The line that ESP-AT prints for the first item that is not there, or None."""
    for bit, kind, number, line in (
        (CLIENT_CERTIFICATE, "cert", pki, b"NO CERT FOUND"),
        (CLIENT_CERTIFICATE, "key", pki, b"NO PRVT_KEY FOUND"),
        (VERIFY_SERVER, "ca", ca, b"NO CA FOUND"),
    ):
        if auth & bit and not vault.exists(*_item(family, kind, number)):
            return line
    return None


def load(context, auth, pki, ca, family=_HTTPS):
    """Give an SSLContext what the connection needs. Raises Failure, ValueError, OSError."""
    if auth & CLIENT_CERTIFICATE:
        certificate, key = _stored(family, "cert", pki), _stored(family, "key", pki)
        # Only PEM can hold more than one: a chain goes as it is, and is read where mbedTLS can.
        if pem.count(certificate) == 1:
            certificate = next(pem.blocks(certificate, pem.CERTIFICATE))
        context.load_cert_chain(certificate, next(pem.blocks(key, pem.KEY)))
    if auth & VERIFY_SERVER:
        for der in pem.blocks(_stored(family, "ca", ca), pem.CERTIFICATE):
            context.load_verify_locations(cadata=der)  # adds to what it has


def _item(family, kind, number):
    namespace = family + kind
    return namespace, "%s.%d" % (namespace, number)


def _stored(family, kind, number):
    item = _item(family, kind, number)
    try:
        return vault.load(*item)
    except Failure as failure:
        raise Failure(BAD_IDENTITY, "the item %s: %s" % (item[1], failure.detail))
