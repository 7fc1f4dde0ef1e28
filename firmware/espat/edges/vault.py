# What AT+SYSMFG keeps, in files: mfg/<namespace>/<key>, the first byte of a file is the type.
#
# The type lies in the file, so that type and value change together. A value is written under a
# temporary name and renamed: whenever the power goes, the old one or the new one is there.

import errno
import os

_ROOT = "mfg"
_LONGEST_NAME = 15  # as in ESP-IDF's NVS
# Longer than a name may be, so it is no namespace.
_UNFINISHED = _ROOT + "/unfinished-value"


class Missing(Exception):
    """There is no such namespace or key."""


class VaultError(Exception):
    """The file system refuses, mostly because it is full."""


def is_name(name):
    """Whether these bytes may name a namespace or a key: no way out of their folder."""
    plain = all(0x20 < byte < 0x7F and byte not in b'/\\"' for byte in name)
    return plain and 0 < len(name) <= _LONGEST_NAME and name not in (b".", b"..")


def namespaces():
    """Their names, in order."""
    return _names(_ROOT, folders=True)


def keys(namespace):
    """The names of its keys, in order; raises Missing."""
    found = _names(_folder(namespace), folders=False)
    if not found:
        raise Missing(namespace)
    return found


def describe(namespace, key):
    """(type, length of the value); raises Missing."""
    with _open(namespace, key) as file:
        return file.read(1)[0], file.seek(0, 2) - 1


def load(namespace, key):
    """The whole value; raises Missing."""
    with _open(namespace, key) as file:
        file.seek(1)
        return file.read()


def load_piece(namespace, key, offset, count):
    """At most `count` bytes of the value from `offset`; raises Missing."""
    with _open(namespace, key) as file:
        file.seek(1 + offset)
        return file.read(count)


def exists(namespace, key):
    return key in _names(_folder(namespace), folders=False)


def erase(namespace, key=None):
    """Forget one key, or the namespace; raises Missing."""
    folder = _folder(namespace)
    found = keys(namespace)
    if key is not None and key not in found:
        raise Missing(key)
    try:
        for name in found if key is None else (key,):
            os.remove(folder + "/" + name)
        if key is None or len(found) == 1:
            os.rmdir(folder)
    except OSError as error:
        raise VaultError(str(error))


class NewValue:
    """A value on its way into the file system: write() pieces, keep() at the end. As a context
    manager it leaves nothing behind when keep() was not reached."""

    def __init__(self, namespace, key, kind):
        self._folder = _folder(namespace)
        self._key = key
        self._kept = False
        try:
            _make_folder(_ROOT)
            self._file = open(_UNFINISHED, "wb")  # noqa: SIM115 - keep() and __exit__() close it
        except OSError as error:
            raise VaultError(str(error))
        self.write(bytes((kind,)))

    def write(self, data):
        try:
            self._file.write(data)
        except OSError as error:
            self._file.close()
            raise VaultError(str(error))

    def keep(self):
        """From now on this is the value."""
        try:
            self._file.close()
            _make_folder(self._folder)
            os.rename(_UNFINISHED, self._folder + "/" + self._key)
        except OSError as error:
            raise VaultError(str(error))
        self._kept = True

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if not self._kept:
            self._file.close()
            os.remove(_UNFINISHED)


def _folder(namespace):
    return _ROOT + "/" + namespace


def _make_folder(path):
    try:
        os.mkdir(path)
    except OSError as error:
        if error.errno != errno.EEXIST:
            raise


def _names(folder, folders):
    wanted = 0x4000 if folders else 0x8000  # stat's S_IFDIR and S_IFREG
    try:
        return sorted(entry[0] for entry in os.ilistdir(folder) if entry[1] == wanted)
    except OSError:
        return []


def _open(namespace, key):
    try:
        return open(_folder(namespace) + "/" + key, "rb")
    except OSError:
        raise Missing(key)
