# TLS over a connected socket. The only module that knows ssl.

import ssl

from espat.edges import clock, identity
from espat.edges.tls_failures import reason
from espat.pure import reasons
from espat.pure.errors import Failure


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
        return _context(chosen).wrap_socket(
            sock, server_hostname=host.decode(), do_handshake_on_connect=False
        )
    except MemoryError:
        raise Failure(reasons.NO_MEMORY)
    except ValueError as error:  # "invalid cert", "invalid key"
        raise Failure(reasons.BAD_IDENTITY, str(error))
    except OSError as error:
        raise Failure(reason(error, True), str(error))


def _context(chosen):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    # Said in any case: the default is CERT_REQUIRED in modtls, CERT_NONE in micropython-lib's ssl.
    verify = chosen[0] & identity.VERIFY_SERVER
    context.verify_mode = ssl.CERT_REQUIRED if verify else ssl.CERT_NONE  # type: ignore[attr-defined]
    identity.load(context, *chosen)
    return context
