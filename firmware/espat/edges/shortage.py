# The many faces of "no memory": one list of them.

import errno

_ERRNOS = (
    errno.ENOMEM,
    16,  # EBUSY: MPI_ALLOC_FAILED of mbedTLS without its sign, as some ports raise it
    23,  # ENFILE: all sockets are taken
    105,  # lwIP's ENOBUFS
    -203,  # getaddrinfo's EAI_MEMORY (lwip/netdb.h)
)
_WORDS = "Out of Memory"  # network.WLAN, for ESP_ERR_NO_MEM (network_common.c)
# mbedTLS adds a code of its lower half to one of its upper half (mbedtls/error.h): *_ALLOC_FAILED
# of MPI and ASN1; of PEM, X509, DHM, PK, ECP, MD, CIPHER and SSL.
_LOWER = (0x10, 0x6A)
_UPPER = (0x1180, 0x2880, 0x3400, 0x3F80, 0x4D80, 0x5180, 0x6180, 0x7F00)


def is_shortage(error):
    """Whether this exception means that some memory was too small."""
    if isinstance(error, MemoryError):
        return True
    number = error.args[0] if error.args else None
    if isinstance(number, str):
        return _WORDS in number
    if not isinstance(number, int) or number in _ERRNOS:
        return isinstance(number, int)
    return -number & 0x7F in _LOWER or -number & ~0x7F in _UPPER if number < -0x7F else False
