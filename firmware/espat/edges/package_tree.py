# A new firmware on its way into the file system: file by file into a folder of its own, which gets
# its name when it is whole. At the next start it takes its place (espat_versions.py).

import asyncio
import errno
import hashlib
import os

from espat.edges import flash
from espat.pure.errors import Failure
from espat.pure.reasons import CHECKSUM, FILES_FULL

# The folders in which a firmware comes and goes; espat_versions.py has what they mean.
_LIB = "lib"
_PART, _NEW, GONE = _LIB + "/espat-part", _LIB + "/espat-new", _LIB + "/espat-gone"
_FOLDER = 0x4000  # stat's S_IFDIR
_BLOCK = 4096
_FOLDERS = 16  # blocks for the folders themselves, with room to spare


class NewTree:
    """The folder of one new firmware, from begin() to end(), which has to come on every path."""

    def __init__(self):
        self._file = None
        self._path = None

    async def begin(self):
        """An empty folder; what an earlier update has left is removed."""
        flash.make_folder(_LIB)
        for path in (_NEW, _PART, GONE):
            await clear(path)
        flash.make_folder(_PART)

    def reserve(self, blocks):
        """Raise Failure if so many blocks of 4 KB are not free."""
        system = flash.call(os.statvfs, _LIB)
        if (blocks + _FOLDERS) * _BLOCK > system[0] * system[3]:
            raise Failure(FILES_FULL)

    def open(self, path):
        """Begin the file `path`, as "espat/pure/url.mpy"."""
        *folders, name = path.split("/")[1:]
        here = _PART
        for folder in folders:
            here += "/" + folder
            flash.make_folder(here)
        self._path = here + "/" + name
        self._file = flash.call(open, self._path, "xb")

    def write(self, data):
        flash.call(self._file.write, data)

    def finish(self, digest, buf):
        """End the file and read it again, through `buf`: what the flash holds counts."""
        flash.call(self._file.close)
        self._file = flash.call(open, self._path, "rb")
        checksum = hashlib.sha256()
        count = flash.call(self._file.readinto, buf)
        while count:
            checksum.update(buf[:count])
            count = flash.call(self._file.readinto, buf)
        self._close()
        if checksum.digest() != digest:
            raise Failure(CHECKSUM, self._path)

    def keep(self):
        """From now on it is the firmware of the next start, also if the power goes."""
        flash.call(os.rename, _PART, _NEW)

    async def end(self):
        """Leave nothing behind but what keep() has named."""
        self._close()
        await clear(_PART)

    def _close(self):
        file, self._file = self._file, None
        if file is not None:
            flash.call(file.close)


async def clear(path):
    """Remove a folder with all that is in it, if it is there. Raises Failure."""
    try:
        entries = list(os.ilistdir(path))
    except OSError:
        return
    for name, kind, *_ in entries:
        inner = path + "/" + name
        if kind == _FOLDER:
            await clear(inner)
        else:
            _unless_gone(os.remove, inner)
        await asyncio.sleep_ms(0)  # the flash may have stopped everything
    _unless_gone(os.rmdir, path)


def _unless_gone(function, path):
    """Two may clear the same folder: an update, and the start before it."""
    try:
        function(path)
    except OSError as error:
        if error.errno != errno.ENOENT:
            raise flash.failure(error)
