# Settings in NVS: integers and small blobs under short keys, written only when they change
# (flash wears out; ESP-AT does the same, wire.md 1.10).

import esp32

_LONGEST = 512


class Storage:
    """One NVS namespace. Keys: at most 15 characters."""

    def __init__(self, namespace):
        self._nvs = esp32.NVS(namespace)
        self._buf = bytearray(_LONGEST)

    def get_int(self, key):
        """The stored integer, or None."""
        try:
            return self._nvs.get_i32(key)
        except OSError:
            return None

    def put_int(self, key, value):
        if self.get_int(key) != value:
            self._nvs.set_i32(key, value)
            self._nvs.commit()

    def get_bytes(self, key):
        """The stored bytes, or None."""
        try:
            length = self._nvs.get_blob(key, self._buf)
        except OSError:
            return None
        return bytes(memoryview(self._buf)[:length])

    def put_bytes(self, key, value):
        if self.get_bytes(key) != value:
            self._nvs.set_blob(key, value)
            self._nvs.commit()

    def erase(self, key):
        try:
            self._nvs.erase_key(key)
        except OSError:
            return  # it was not there
        self._nvs.commit()
