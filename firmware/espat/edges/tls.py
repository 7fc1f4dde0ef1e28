# TLS over a connected socket. The only module that knows ssl.

import ssl

from espat.edges import clock
from espat.edges.tls_failures import reason
from espat.pure import reasons
from espat.pure.errors import Failure

CLIENT_CERTIFICATE, VERIFY_SERVER = 1, 2  # bits of AT+HTTPCFG's auth_mode


def check_clock(identity):
    """Raise Failure if the server is to be verified and nobody has set the clock: the dates of
    every certificate would look wrong, or worse, right."""
    if identity is not None and identity.auth & VERIFY_SERVER and not clock.is_set():
        raise Failure(reasons.CLOCK_NOT_SET)


def wrap(sock, host, identity):
    """A TLS stream over `sock`, before its handshake; raises Failure.

    identity: None = nothing is checked, which is ESP-AT's default (wire.md 7.8). Else a
    services/identity.Identity; what it loads is dropped here, mbedTLS keeps its own parsed copy."""
    try:
        return _context(identity).wrap_socket(
            sock, server_hostname=host.decode(), do_handshake_on_connect=False
        )
    except MemoryError:
        raise Failure(reasons.NO_MEMORY)
    except ValueError as error:  # "invalid cert", "invalid key"
        raise Failure(reasons.BAD_IDENTITY, str(error))
    except OSError as error:
        raise Failure(reason(error, True), str(error))


def _context(identity):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    auth = 0 if identity is None else identity.auth
    # Said in any case: the default is CERT_REQUIRED in modtls, CERT_NONE in micropython-lib's ssl.
    verify = auth & VERIFY_SERVER
    context.verify_mode = ssl.CERT_REQUIRED if verify else ssl.CERT_NONE  # type: ignore[attr-defined]
    if auth:
        identity.load(context)
    return context
