"""A file as code for a board's REPL. The wire is the slow part of it, so it is sent compressed."""

from __future__ import annotations

import zlib
from base64 import b64encode
from collections.abc import Iterator

# Of a file at a time. The board holds it in 16 KB at most: as base64, as what that stands for, and
# as itself, with the window of 2 ** WINDOW_BITS bytes that it is decompressed in.
CHUNK, WINDOW_BITS = 4096, 12

# What has to be on the board; the names are its own, so that they hide nobody's.
HELPERS = f"""
import binascii as _binascii, deflate as _deflate, hashlib as _hashlib, io as _io, os as _os
_buffer = bytearray({CHUNK})
def _digest(file):
    digest = _hashlib.sha256()
    while True:
        n = file.readinto(_buffer)
        if not n:
            return _binascii.hexlify(digest.digest()).decode()
        digest.update(memoryview(_buffer)[:n])
def _write(file, packed):
    packed = _io.BytesIO(_binascii.a2b_base64(packed))
    n = _deflate.DeflateIO(packed, _deflate.RAW, {WINDOW_BITS}).readinto(_buffer)
    file.write(memoryview(_buffer)[:n])
def _check(file, wanted):
    file.flush()
    file.seek(0)
    differs = _digest(file) != wanted
    file.close()
    if differs:
        raise OSError('written and read back, it is another file')
def _replace(path, part):
    try:
        _os.rename(part, path)
    except OSError:
        _os.remove(path)
        _os.rename(part, path)
"""


def codes(path: str, content: bytes, digest: str) -> Iterator[tuple[str, int]]:
    """What to run, one after the other, so that the file is written and read back; with the bytes
    of it that are written then."""
    code = f"_file = open({path!r}, 'w+b')\n"
    # At least once: a file may be empty.
    for start in range(0, max(len(content), 1), CHUNK):
        chunk = content[start : start + CHUNK]
        code += f"_write(_file, {_packed(chunk)!r})"
        if start + CHUNK >= len(content):
            code += f"\n_check(_file, {digest!r})"
        yield code, len(chunk)
        code = ""


def _packed(data: bytes) -> bytes:
    packer = zlib.compressobj(9, wbits=-WINDOW_BITS)
    return b64encode(packer.compress(data) + packer.flush())
