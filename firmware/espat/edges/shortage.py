# The many faces of "no memory": one list of them.

_ERRNOS = (
    12,  # ENOMEM
    16,  # EBUSY: MPI_ALLOC_FAILED of mbedTLS without its sign, as some ports raise it
    23,  # ENFILE: all sockets are taken
    105,  # lwIP's ENOBUFS
    -203,  # getaddrinfo's EAI_MEMORY (lwip/netdb.h)
)
# mbedTLS adds a code of its lower half to one of its upper half (mbedtls/error.h): *_ALLOC_FAILED
# of MPI and ASN1; of PEM, X509, DHM, PK, ECP, MD, CIPHER and SSL.
_LOWER = (0x10, 0x6A)
_UPPER = (0x1180, 0x2880, 0x3400, 0x3F80, 0x4D80, 0x5180, 0x6180, 0x7F00)


def is_shortage(error):
    """Whether this exception of a socket, of TLS or of a thread means that some memory was too
    small."""
    number = error.args[0] if error.args else None
    if isinstance(error, MemoryError) or number in _ERRNOS:
        return True
    halves = -number if isinstance(number, int) and number < -0x7F else 0
    return halves & 0x7F in _LOWER or halves & ~0x7F in _UPPER
