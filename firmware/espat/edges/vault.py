# What AT+SYSMFG keeps, in files: mfg/<namespace>/<key>, the first byte of a file is the type.
#
# The type lies in the file, so that type and value change together. A value is written under a
# temporary name and renamed: whenever the power goes, the old one or the new one is there.

# What goes wrong leaves here as a Failure with its reason.

import errno
import os

from espat.pure.errors import Failure
from espat.pure.reasons import FILE_ERROR, FILE_NOT_FOUND, FILES_FULL

_ROOT = "mfg"
_LONGEST_NAME = 15  # as in ESP-IDF's NVS
# Longer than a name may be, so it is no namespace.
_UNFINISHED = _ROOT + "/unfinished-value"
_NO_SPACE = 28  # ENOSPC, which MicroPython's errno does not name
_ANSWERS = {errno.ENOENT: FILE_NOT_FOUND, _NO_SPACE: FILES_FULL}


def is_name(name):
    """Whether these bytes may name a namespace or a key: no way out of their folder."""
    plain = all(0x20 < byte < 0x7F and byte not in b'/\\"' for byte in name)
    return plain and 0 < len(name) <= _LONGEST_NAME and name not in (b".", b"..")


def namespaces():
    """Their names, in order."""
    return _names(_ROOT, folders=True)


def keys(namespace):
    """The names of its keys, in order; raises Failure."""
    found = _names(_folder(namespace), folders=False)
    if not found:
        raise Failure(FILE_NOT_FOUND, namespace)
    return found


def describe(namespace, key):
    """(type, length of the value); raises Failure."""
    with _open(namespace, key) as file:
        return file.read(1)[0], file.seek(0, 2) - 1


def load(namespace, key):
    """The whole value; raises Failure."""
    with _open(namespace, key) as file:
        file.seek(1)
        return file.read()


def load_piece(namespace, key, offset, count):
    """At most `count` bytes of the value from `offset`; raises Failure."""
    with _open(namespace, key) as file:
        file.seek(1 + offset)
        return file.read(count)


def exists(namespace, key):
    return key in _names(_folder(namespace), folders=False)


def erase(namespace, key=None):
    """Forget one key, or the namespace; raises Failure."""
    folder = _folder(namespace)
    found = keys(namespace)
    if key is not None and key not in found:
        raise Failure(FILE_NOT_FOUND, key)
    for name in found if key is None else (key,):
        _call(os.remove, folder + "/" + name)
    if key is None or len(found) == 1:
        _call(os.rmdir, folder)


class NewValue:
    """A value on its way into the file system: write() pieces, keep() at the end. As a context
    manager it leaves nothing behind when keep() was not reached."""

    def __init__(self, namespace, key, kind):
        self._folder = _folder(namespace)
        self._key = key
        self._kept = False
        _make_folder(_ROOT)
        self._file = _call(open, _UNFINISHED, "wb")
        self.write(bytes((kind,)))

    def write(self, data):
        _call(self._file.write, data)

    def keep(self):
        """From now on this is the value."""
        _call(self._file.close)
        _make_folder(self._folder)
        _call(os.rename, _UNFINISHED, self._folder + "/" + self._key)
        self._kept = True

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if not self._kept:
            try:
                self._file.close()
            except OSError:
                pass  # it is going away, complete or not
            _call(os.remove, _UNFINISHED)


def _folder(namespace):
    return _ROOT + "/" + namespace


def _make_folder(path):
    try:
        os.mkdir(path)
    except OSError as error:
        if error.errno != errno.EEXIST:
            raise _failure(error)


def _names(folder, folders):
    wanted = 0x4000 if folders else 0x8000  # stat's S_IFDIR and S_IFREG
    try:
        return sorted(entry[0] for entry in os.ilistdir(folder) if entry[1] == wanted)
    except OSError:
        return []


def _open(namespace, key):
    return _call(open, _folder(namespace) + "/" + key, "rb")


def _call(function, *args):
    try:
        return function(*args)
    except OSError as error:
        raise _failure(error)


def _failure(error):
    return Failure(_ANSWERS.get(error.errno, FILE_ERROR), str(error))
