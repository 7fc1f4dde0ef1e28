# What the failures of TLS mean.
#
# MicroPython raises a refused certificate as ValueError with mbedTLS's sentences, one line for each
# fault, or as OSError -0x2700 where it has no room for them, and everything else of the handshake
# as OSError with mbedTLS's number (extmod/modtls_mbedtls.c, ssl_check_async_handshake_failure).

from espat.edges.shortage import is_shortage
from espat.pure import reasons

_CLOSED = -0x7280  # SSL_CONN_EOF
_CERTIFICATE = -0x2700
# From mbedtls/x509.h, MBEDTLS_X509_CRT_ERROR_INFO_LIST. A certificate of nobody's that has also
# expired is reported as nobody's: its other fields mean nothing.
_FAULTS = (
    ("trusted CA", reasons.UNKNOWN_CA),
    ("has expired", reasons.CERTIFICATE_EXPIRED),
    ("in the future", reasons.CERTIFICATE_FUTURE),
    ("Common Name", reasons.WRONG_HOST),
)


def reason(error, handshaking):
    """Why an OSError or ValueError came out of a TLS stream; None: not for a reason of TLS."""
    if isinstance(error, ValueError):
        return _certificate_fault(str(error))
    number = error.errno
    if is_shortage(error):
        return reasons.NO_MEMORY
    if number == _CLOSED and handshaking:
        return reasons.HANDSHAKE_CLOSED
    if number == _CERTIFICATE:
        return reasons.CERTIFICATE
    return reasons.HANDSHAKE if handshaking else None


def _certificate_fault(sentences):
    for words, fault in _FAULTS:
        if words in sentences:
            return fault
    return reasons.CERTIFICATE
