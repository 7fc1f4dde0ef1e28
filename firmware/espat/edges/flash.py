# The board's file system, as files.py and vault.py use it. The only module that knows OSError of
# files: what goes wrong leaves here as a Failure with its reason.

import errno
import os

from espat.pure.errors import Failure
from espat.pure.reasons import FILE_ERROR, FILE_NOT_FOUND, FILES_FULL

_NO_SPACE = 28  # ENOSPC, which MicroPython's errno does not name
_ANSWERS = {errno.ENOENT: FILE_NOT_FOUND, _NO_SPACE: FILES_FULL}


def call(function, *args):
    """function(*args), its OSError as a Failure."""
    try:
        return function(*args)
    except OSError as error:
        raise failure(error)


def failure(error):
    """The Failure that an OSError of a file means."""
    return Failure(_ANSWERS.get(error.errno, FILE_ERROR), str(error))


def make_folder(path):
    """Make a folder if there is none yet."""
    try:
        os.mkdir(path)
    except OSError as error:
        if error.errno != errno.EEXIST:
            raise failure(error)


class NewFile:
    """A file on its way to `path`: write() pieces, keep() at the end. As a context manager it
    leaves the old file alone, and nothing else behind, when keep() was not reached. Until then
    it lies under the name `unfinished`."""

    def __init__(self, unfinished, path):
        self._unfinished = unfinished
        self._path = path
        self._file = call(open, unfinished, "wb")
        self._kept = False

    def write(self, data):
        call(self._file.write, data)

    def keep(self):
        """From now on this is the file, also if the power goes."""
        call(self._file.close)
        call(os.rename, self._unfinished, self._path)
        self._kept = True

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if not self._kept:
            try:
                self._file.close()
            except OSError:
                pass  # it is going away, complete or not
            call(os.remove, self._unfinished)
