# The server's side of TLS, for AT+CIPSERVER. Who has called it to the log tells what goes wrong.

import ssl

from espat.edges import identity
from espat.edges.memory import HANDSHAKE, reserve


def wrap_client(sock, chosen):
    """A TLS stream over the `sock` of a client, before its handshake. `chosen`: see identity.
    Raises Failure, ValueError, OSError."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    verify = chosen[0] & identity.VERIFY_SERVER
    context.verify_mode = ssl.CERT_REQUIRED if verify else ssl.CERT_NONE  # type: ignore[attr-defined]
    identity.load(context, *chosen)
    stream = context.wrap_socket(sock, server_side=True, do_handshake_on_connect=False)
    reserve(*HANDSHAKE)
    return stream
