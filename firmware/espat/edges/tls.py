# TLS over a connected socket, and what its failures mean. The only module that knows ssl.
#
# MicroPython raises a refused certificate as ValueError with mbedTLS's sentences, one line for each
# fault, or as OSError -0x2700 where it has no room for them, and everything else of the handshake
# as OSError with mbedTLS's number (extmod/modtls_mbedtls.c, ssl_check_async_handshake_failure).

import ssl

from espat.edges import clock, identity
from espat.edges.memory import HANDSHAKE, reserve
from espat.edges.resolver import is_address
from espat.edges.shortage import is_shortage
from espat.pure import reasons
from espat.pure.errors import Failure

# The server hung up: SSL_CONN_EOF, PEER_CLOSE_NOTIFY, EPIPE, ECONNRESET, lwIP's ENOTCONN.
_CLOSED = (-0x7280, -0x7880, 32, 104, 128)
_CERTIFICATE = -0x2700
# From mbedtls/x509.h, MBEDTLS_X509_CRT_ERROR_INFO_LIST. A certificate of nobody's that has also
# expired is reported as nobody's: its other fields mean nothing.
_FAULTS = (
    ("trusted CA", reasons.UNKNOWN_CA),
    ("has expired", reasons.CERTIFICATE_EXPIRED),
    ("in the future", reasons.CERTIFICATE_FUTURE),
    ("Common Name", reasons.WRONG_HOST),
)


def check_clock(chosen):
    """Raise Failure if the server is to be verified and nobody has set the clock: the dates of
    every certificate would look wrong, or worse, right."""
    if chosen[0] & identity.VERIFY_SERVER and not clock.is_set():
        raise Failure(reasons.CLOCK_NOT_SET)


def wrap(sock, host, chosen):
    """A TLS stream over `sock`, before its handshake; raises Failure.

    chosen: what AT+HTTPCFG chose, see identity; (0, 0, 0) = nothing is checked, which is ESP-AT's
    default (wire.md 7.8). What is loaded is dropped here, mbedTLS keeps its own parsed copy."""
    try:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        # In any case: the default is CERT_REQUIRED in modtls, CERT_NONE in micropython-lib's ssl.
        verify = chosen[0] & identity.VERIFY_SERVER
        context.verify_mode = ssl.CERT_REQUIRED if verify else ssl.CERT_NONE  # type: ignore[attr-defined]
        identity.load(context, *chosen)
        name = host.decode()
        if not verify and is_address(name):
            name = None  # no name to ask for (RFC 6066 section 3); who verifies needs it to compare
        stream = context.wrap_socket(sock, server_hostname=name, do_handshake_on_connect=False)
        reserve(*HANDSHAKE)  # what has been made may have let MicroPython's heap grow
        return stream
    except MemoryError:
        raise Failure(reasons.NO_MEMORY)
    except ValueError as error:  # "invalid cert", "invalid key"
        raise Failure(reasons.BAD_IDENTITY, str(error))
    except OSError as error:
        raise Failure(reason(error, True), str(error))


def reason(error, handshaking):
    """Why an OSError or ValueError came out of a TLS stream; None: not for a reason of TLS."""
    if isinstance(error, ValueError):
        for words, fault in _FAULTS:
            if words in str(error):
                return fault
        return reasons.CERTIFICATE
    if is_shortage(error):
        return reasons.NO_MEMORY
    if handshaking and error.errno in _CLOSED:
        return reasons.HANDSHAKE_CLOSED
    if error.errno == _CERTIFICATE:
        return reasons.CERTIFICATE
    return reasons.HANDSHAKE if handshaking else None
