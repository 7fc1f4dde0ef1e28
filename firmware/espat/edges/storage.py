# Settings in NVS: integers and small blobs under short keys, written only when they change
# (flash wears out; ESP-AT does the same, wire.md 1.10). The only module that knows NVS's errors:
# what cannot be read is a missing value, what cannot be written leaves here as a Failure.
#
# A key changes as a whole, whenever the power goes; two keys do not. So a command that sets
# several things at once stores them under one key. A key has at most 15 characters.

import esp32

from espat.pure.errors import Failure
from espat.pure.reasons import SETTINGS_ERROR, SETTINGS_FULL

_LONGEST = 512
# nvs.h, as network and esp32 raise ESP-IDF's errors: negative.
_NOT_FOUND = -0x1102
_FULL = (-0x1105, -0x110D, 28)  # NOT_ENOUGH_SPACE, NO_FREE_PAGES, ENOSPC


def get_int(key):
    """The stored integer, or None."""
    try:
        return _opened().get_i32(key)
    except OSError:
        return None


def put_int(key, value):
    """Raises Failure."""
    if get_int(key) != value:
        _write("set_i32", key, value)


def get_bytes(key):
    """The stored bytes, or None."""
    buf = bytearray(_LONGEST)
    try:
        length = _opened().get_blob(key, buf)
    except OSError:
        return None
    return bytes(memoryview(buf)[:length])


def put_bytes(key, value):
    """Raises Failure."""
    if get_bytes(key) != value:
        _write("set_blob", key, value)


def erase(key):
    """Raises Failure."""
    try:
        _opened()
    except OSError:
        return  # a namespace that cannot be opened holds nothing
    _write("erase_key", key)


def _opened():
    # Not before it is needed: a namespace takes an entry of its own, and where there is none left
    # the board still has to boot.
    return esp32.NVS("espat")


def _write(method, *args):
    try:
        nvs = _opened()
        getattr(nvs, method)(*args)
        nvs.commit()
    except OSError as error:
        if error.errno == _NOT_FOUND:
            return  # nothing there to erase
        reason = SETTINGS_FULL if error.errno in _FULL else SETTINGS_ERROR
        raise Failure(reason, str(error))
