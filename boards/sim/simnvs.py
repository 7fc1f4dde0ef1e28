# esp32.NVS on files: one folder for a namespace, one file for a key (its type, then its bytes).
# A commit renames finished files into place, one key after the other, so that a power cut leaves
# the old value or the new one of each key, as ESP-IDF does: it writes the new entry, a blob's
# index last, and only then erases the old one (nvs_flash, "Internals"). What was not committed is
# in RAM, and a reset forgets it. A record that makes no sense is not there: ESP-IDF erases
# entries whose CRC is wrong. The partition is as small as on an ESP32_GENERIC: 24 KB, five usable
# pages of 126 entries of 32 bytes.

import os
import struct

from simboard import state_path

_CODES = {
    "NOT_FOUND": 0x1102,
    "TYPE_MISMATCH": 0x1103,
    "NOT_ENOUGH_SPACE": 0x1105,
    "INVALID_NAME": 0x1106,
    "KEY_TOO_LONG": 0x1109,
    "INVALID_LENGTH": 0x110C,
}
_NAME_MAX = 15
_ENTRIES = 5 * 126
_INT, _BLOB = b"i", b"b"
_INT_SIZE = 5
_PLAIN = "abcdefghijklmnopqrstuvwxyz0123456789_-."


def _error(name):
    return OSError(-_CODES[name], "ESP_ERR_NVS_" + name)


def _check_name(name):
    if not name:
        raise _error("INVALID_NAME")
    if len(name) > _NAME_MAX:
        raise _error("KEY_TOO_LONG")


def _file_name(key):
    """A name for every key, also on a file system that does not tell A from a."""
    return "".join(c if c in _PLAIN else "%%%02X" % ord(c) for c in key)


def _make_folder(path):
    try:
        os.mkdir(path)
    except OSError:
        os.stat(path)  # there already, or the reason is told here


def _names(path):
    try:
        return os.listdir(path)
    except OSError:
        return []


def _entries(size):
    """How many entries a record of that size takes: a blob has an index and a chunk header."""
    return 1 if size <= _INT_SIZE else 2 + (size + 31) // 32


def _used():
    root = state_path("nvs")
    total = 0
    for folder in _names(root):
        total += 1  # the entry that names the namespace
        for name in _names(root + "/" + folder):
            total += _entries(os.stat(root + "/" + folder + "/" + name)[6])
    return total


class Namespace:
    """One namespace, shared by all NVS objects of that name."""

    def __init__(self, name):
        self._folder = state_path("nvs") + "/" + _file_name(name)
        self._pending = {}
        if _file_name(name) not in _names(state_path("nvs")):
            if _used() >= _ENTRIES:
                raise _error("NOT_ENOUGH_SPACE")
            _make_folder(state_path("nvs"))
            _make_folder(self._folder)

    def get(self, key, kind):
        _check_name(key)
        record = self._pending[key] if key in self._pending else self._load(key)
        if record is None:
            raise _error("NOT_FOUND")
        if record[:1] != kind:
            raise _error("TYPE_MISMATCH")
        return memoryview(record)[1:]

    def set(self, key, record):
        _check_name(key)
        if _used() + _entries(len(record)) > _ENTRIES:
            raise _error("NOT_ENOUGH_SPACE")
        self._pending[key] = record

    def erase(self, key):
        _check_name(key)
        if (self._pending[key] if key in self._pending else self._load(key)) is None:
            raise _error("NOT_FOUND")
        self._pending[key] = None

    def commit(self):
        for key, record in self._pending.items():
            if record is None:
                self._remove(key)
            else:
                self._store(key, record)
        self._pending.clear()

    def _path(self, key):
        return self._folder + "/" + _file_name(key)

    def _load(self, key):
        try:
            with open(self._path(key), "rb") as f:
                record = f.read()
        except OSError:
            return None
        return record if record[:1] == _BLOB or len(record) == _INT_SIZE else None

    def _store(self, key, record):
        unfinished = state_path("nvs-unfinished")
        with open(unfinished, "wb") as f:
            f.write(record)
        os.rename(unfinished, self._path(key))

    def _remove(self, key):
        if _file_name(key) in _names(self._folder):
            os.remove(self._path(key))


_namespaces = {}


class NVS:
    """A handle to a namespace of the non-volatile storage."""

    def __init__(self, namespace):
        _check_name(namespace)
        if namespace not in _namespaces:
            _namespaces[namespace] = Namespace(namespace)
        self._space = _namespaces[namespace]

    def set_i32(self, key, value):
        if not -0x80000000 <= value <= 0x7FFFFFFF:
            raise OverflowError("overflow converting long int to machine word")
        self._space.set(key, _INT + struct.pack("<i", value))

    def get_i32(self, key):
        return struct.unpack("<i", self._space.get(key, _INT))[0]

    def set_blob(self, key, value):
        value = value.encode() if isinstance(value, str) else bytes(value)
        self._space.set(key, _BLOB + value)

    def get_blob(self, key, buffer):
        """Fills buffer; returns the blob's length. A buffer too short is an error."""
        value = self._space.get(key, _BLOB)
        if len(value) > len(buffer):
            raise _error("INVALID_LENGTH")
        buffer[: len(value)] = value
        return len(value)

    def erase_key(self, key):
        self._space.erase(key)

    def commit(self):
        self._space.commit()
