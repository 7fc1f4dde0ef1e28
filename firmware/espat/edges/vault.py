# What AT+SYSMFG keeps, in files: mfg/<namespace>/<key>, the first byte of a file is the type.
#
# The type lies in the file, so that type and value change together. A value is written under a
# temporary name and renamed: whenever the power goes, the old one or the new one is there.
# What goes wrong leaves here as a Failure with its reason.

import os

from espat.edges import flash
from espat.pure.errors import Failure
from espat.pure.reasons import FILE_NOT_FOUND

_ROOT = "mfg"
_FOLDERS, _FILES = 0x4000, 0x8000  # stat's S_IFDIR and S_IFREG
_LONGEST_NAME = 15  # as in ESP-IDF's NVS
# Longer than a name may be, so it is no namespace.
_UNFINISHED = _ROOT + "/unfinished-value"


def is_name(name):
    """Whether these bytes may name a namespace or a key: no way out of their folder."""
    plain = all(0x20 < byte < 0x7F and byte not in b'/\\"' for byte in name)
    return plain and 0 < len(name) <= _LONGEST_NAME and name not in (b".", b"..")


def namespaces():
    """Their names, in order."""
    return _names(_ROOT, _FOLDERS)


def keys(namespace):
    """The names of its keys, in order; raises Failure."""
    found = _names(_folder(namespace), _FILES)
    if not found:
        raise Failure(FILE_NOT_FOUND, namespace)
    return found


def describe(namespace, key):
    """(type, length of the value); raises Failure."""
    with _open(namespace, key) as file:
        return file.read(1)[0], file.seek(0, 2) - 1


def load(namespace, key, offset=0, count=-1):
    """At most `count` bytes of the value from `offset` on, or all of it; raises Failure."""
    with _open(namespace, key) as file:
        file.seek(1 + offset)
        return file.read(count)


def exists(namespace, key):
    return key in _names(_folder(namespace), _FILES)


def erase(namespace, key=None):
    """Forget one key, or the namespace; raises Failure."""
    folder = _folder(namespace)
    found = keys(namespace)
    for name in found if key is None else (key,):
        flash.call(os.remove, folder + "/" + name)
    if key is None or len(found) == 1:
        flash.call(os.rmdir, folder)


class NewValue(flash.NewFile):
    """A value on its way into the file system: write() pieces, keep() at the end."""

    def __init__(self, namespace, key, kind):
        flash.make_folder(_ROOT)
        self._folder = _folder(namespace)
        super().__init__(_UNFINISHED, self._folder + "/" + key)
        self.write(bytes((kind,)))

    def keep(self):
        flash.make_folder(self._folder)
        super().keep()


def _folder(namespace):
    return _ROOT + "/" + namespace


def _names(folder, wanted):
    try:
        return sorted(entry[0] for entry in os.ilistdir(folder) if entry[1] == wanted)
    except OSError:
        return []


def _open(namespace, key):
    return flash.call(open, _folder(namespace) + "/" + key, "rb")
