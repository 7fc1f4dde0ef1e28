# What commands say of the links that they want.

from espat.pure.errors import PARA_INVALID, AtError, Failure
from espat.pure.reasons import NOT_SUPPORTED

UDP, TLS = b"UDP", b"SSL"
_KINDS = (b"TCP", TLS, UDP)
_HOST = 64
LAST_PORT = 65535
LONGEST_KEEP_ALIVE = 7200  # seconds


def kind_argument(args, index, default=None):
    kind = args.string(index, 5, default)
    if kind and kind[-2:] == b"v6":
        raise Failure(NOT_SUPPORTED)  # the port gives the station no IPv6 address
    if kind not in _KINDS:
        raise AtError(PARA_INVALID | index)
    return kind


def host_argument(args, index):
    host = args.string(index, _HOST)
    if not host or not all(0x20 < byte < 0x7F for byte in host):
        raise AtError(PARA_INVALID | index)
    if b":" in host:
        raise Failure(NOT_SUPPORTED)  # IPv6, see above
    return host
