# The host's files, in the folder fs/ of the board's file system. What goes wrong leaves here as a
# Failure with its reason.
#
# LittleFS commits a file when it is closed: until then a power cut leaves the old content. A new
# one is there from the beginning, empty; so it gets its name at the end. Erasing a block stops the
# whole VM for 20 to 50 ms: callers write 2 KB at most and give others a turn in between.

import os

from espat.edges import flash
from espat.pure.errors import Failure
from espat.pure.reasons import FILE_NOT_FOUND

_FOLDER = "fs"
# Beside the folder, so that the host does not see it and no name of the host's can be the same.
_UNFINISHED = "fs-unfinished"
_SIZE = 6  # index in what os.stat() gives


def prepare():
    """Make the folder, and remove what a power cut has left of a new file."""
    flash.make_folder(_FOLDER)
    if _UNFINISHED in os.listdir():
        flash.call(os.remove, _UNFINISHED)


def size(name):
    return flash.call(os.stat, path_of(name))[_SIZE]


def size_or_none(name):
    """The size, None if there is no such file."""
    try:
        return size(name)
    except Failure as failure:
        if failure.reason == FILE_NOT_FOUND:
            return None
        raise


def remove(name):
    flash.call(os.remove, path_of(name))


def names():
    """All of them, one by one."""
    for entry in flash.call(os.ilistdir, _FOLDER):
        yield entry[0]


def space():
    """(free, total) bytes of the whole file system, in whole blocks."""
    system = flash.call(os.statvfs, _FOLDER)
    return system[0] * system[3], system[0] * system[2]


class File:
    """An open file, closed by `with` or close() on every path."""

    def __init__(self, name, mode, at=0):
        self._file = flash.call(open, path_of(name), mode)
        if at:
            flash.call(self._file.seek, at)

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.close()

    def readinto(self, buf):
        return flash.call(self._file.readinto, buf)

    def write(self, data):
        flash.call(self._file.write, data)

    def close(self):
        flash.call(self._file.close)

    keep = close  # as a flash.NewFile has it


def new(name):
    """A flash.NewFile that becomes the file of this name."""
    return flash.NewFile(_UNFINISHED, path_of(name))


def path_of(name):
    return _FOLDER + "/" + name
