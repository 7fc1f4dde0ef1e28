# Settings in NVS: integers and small blobs under short keys, written only when they change
# (flash wears out; ESP-AT does the same, wire.md 1.10). The only module that knows NVS's errors:
# what cannot be read is a missing value, what cannot be written leaves here as a Failure.
#
# A key changes as a whole, whenever the power goes; two keys do not. So a command that sets
# several things at once stores them under one key.

import esp32

from espat.pure.errors import Failure
from espat.pure.reasons import SETTINGS_ERROR, SETTINGS_FULL

_LONGEST = 512
# nvs.h, as network and esp32 raise ESP-IDF's errors: negative.
_NOT_FOUND = -0x1102
_FULL = (-0x1105, -0x110D, 28)  # NOT_ENOUGH_SPACE, NO_FREE_PAGES, ENOSPC


class Storage:
    """One NVS namespace. Keys: at most 15 characters. Writing raises Failure."""

    def __init__(self, namespace):
        self._namespace = namespace
        self._opened = None

    def get_int(self, key):
        """The stored integer, or None."""
        try:
            return self._nvs().get_i32(key)
        except OSError:
            return None

    def put_int(self, key, value):
        if self.get_int(key) != value:
            self._write("set_i32", key, value)

    def get_bytes(self, key):
        """The stored bytes, or None."""
        buf = bytearray(_LONGEST)
        try:
            length = self._nvs().get_blob(key, buf)
        except OSError:
            return None
        return bytes(memoryview(buf)[:length])

    def put_bytes(self, key, value):
        if self.get_bytes(key) != value:
            self._write("set_blob", key, value)

    def erase(self, key):
        try:
            self._nvs()
        except OSError:
            return  # a namespace that cannot be opened holds nothing
        self._write("erase_key", key)

    def _nvs(self):
        # Not before it is needed: a namespace takes an entry of its own, and where there is none
        # left the board still has to boot.
        if self._opened is None:
            self._opened = esp32.NVS(self._namespace)
        return self._opened

    def _write(self, method, *args):
        try:
            nvs = self._nvs()
            getattr(nvs, method)(*args)
            nvs.commit()
        except OSError as error:
            if error.errno == _NOT_FOUND:
                return  # nothing there to erase
            reason = SETTINGS_FULL if error.errno in _FULL else SETTINGS_ERROR
            raise Failure(reason, str(error))
