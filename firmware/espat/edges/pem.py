# PEM to DER (RFC 7468), one block at a time: not every mbedTLS that MicroPython is built with reads
# PEM (the unix port does since August 2026, micropython 8356e6732f), but each reads DER.

import binascii

CERTIFICATE = b"CERTIFICATE"
KEY = b"PRIVATE KEY"  # also of "RSA PRIVATE KEY" and "EC PRIVATE KEY"
_BEGIN, _END, _DASHES = b"-----BEGIN ", b"-----END ", b"-----"


def blocks(data, label):
    """Each block of `data` whose label ends with `label`, as DER; what is no PEM is given as it
    is. Raises ValueError for a broken block, and when there is none."""
    found = _BEGIN not in data
    if found:
        yield data
        return
    begin = data.find(_BEGIN)
    while begin >= 0:
        start = begin + len(_BEGIN)
        text = data.find(_DASHES, start)
        end = data.find(_END, start)
        if not 0 < text < end:
            raise ValueError("the PEM is broken")
        if data[start:text].endswith(label):
            found = True
            yield binascii.a2b_base64(data[text + len(_DASHES) : end])
        begin = data.find(_BEGIN, end)
    if not found:
        raise ValueError("no such block in the PEM")


def count(data):
    """How many blocks there are; 0: it is no PEM."""
    return data.count(_BEGIN)
