# The host's files, in the folder fs/ of the board's file system. The only module that knows
# OSError of files: what goes wrong leaves here as a Failure with its reason.
#
# LittleFS commits a file when it is closed: until then a power cut leaves the old content. Erasing
# a block stops the whole VM for 20 to 50 ms, so callers write pieces of 2 KB at most and give
# others a turn in between.

import errno
import os

from espat.pure.errors import Failure
from espat.pure.reasons import FILE_ERROR, FILE_NOT_FOUND, FILES_FULL

_FOLDER = "fs"
# Beside the folder, so that the host does not see it and no name of the host's can be the same.
_UNFINISHED = "fs-unfinished"
_SIZE = 6  # index in what os.stat() gives
_NO_SPACE = 28  # ENOSPC, which MicroPython's errno does not name
_ANSWERS = {errno.ENOENT: FILE_NOT_FOUND, _NO_SPACE: FILES_FULL}


def prepare():
    """Make the folder, and remove what a power cut has left of a download."""
    try:
        os.mkdir(_FOLDER)
    except OSError as error:
        if error.errno != errno.EEXIST:
            raise _failure(error)
    if _UNFINISHED in os.listdir():
        _call(os.remove, _UNFINISHED)


def size(name):
    found = size_or_none(name)
    if found is None:
        raise Failure(FILE_NOT_FOUND)
    return found


def size_or_none(name):
    """The size, None if there is no such file."""
    try:
        return os.stat(_path(name))[_SIZE]
    except OSError as error:
        if error.errno == errno.ENOENT:
            return None
        raise _failure(error)


def remove(name):
    _call(os.remove, _path(name))


def names():
    """All of them, one by one."""
    for entry in _call(os.ilistdir, _FOLDER):
        yield entry[0]


def space():
    """(free, total) bytes of the whole file system, in whole blocks."""
    system = _call(os.statvfs, _FOLDER)
    return system[0] * system[3], system[0] * system[2]


class File:
    """An open file; close() on every path."""

    def __init__(self, name, mode, at=0):
        self._file = _call(open, _path(name), mode)
        if at:
            _call(self._file.seek, at)

    def readinto(self, buf):
        return _call(self._file.readinto, buf)

    def write(self, data):
        _call(self._file.write, data)

    def close(self):
        _call(self._file.close)


class NewFile:
    """A file on its way: write() pieces, keep() at the end. As a context manager it leaves the
    old file of that name alone, and nothing else behind, when keep() was not reached."""

    def __init__(self, name):
        self._path = _path(name)
        self._file = _call(open, _UNFINISHED, "wb")
        self._kept = False

    def write(self, data):
        _call(self._file.write, data)

    def keep(self):
        """From now on this is the file, also if the power goes."""
        _call(self._file.close)
        _call(os.rename, _UNFINISHED, self._path)
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


def _path(name):
    return _FOLDER + "/" + name


def _call(function, *args):
    try:
        return function(*args)
    except OSError as error:
        raise _failure(error)


def _failure(error):
    return Failure(_ANSWERS.get(error.errno, FILE_ERROR), str(error))
